import { estimateTokens } from '../text/estimate-tokens.js'
import { NOT_ASCII, segmentWords } from '../text/segment-words.js'
import { visible } from '../text/visible.js'
import type { Hit, Location } from '../types.js'

export type PassageBudget = {
  /** Estimated tokens of all passages together. */
  readonly tokens: number
  /** Passages at most. */
  readonly passages: number
}

/** Scripts without blanks by character. */
const WORD = /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Thai}]|[\p{L}\p{N}]+/gu
/** Passages that share so much of their words (Jaccard) say the same. */
const SAME_TEXT = 0.85
/** What likeness to a chosen passage costs (maximal marginal relevance: Carbonell & Goldstein, SIGIR 1998). */
const LIKENESS_WEIGHT = 0.3
/** Shorter overlaps of neighbours are chance. */
const MIN_OVERLAP_CHARS = 20

type Candidate = {
  readonly hit: Hit
  readonly rank: number
  readonly text: string
  /** Its words, each once, by the numbers that the candidates' vocabulary gives them. */
  readonly words: readonly number[]
}

/**
 * Chooses what a question is answered from: the best hits (best first) that fit the budget, none that says what another
 * does, and those that follow one another in a document put together. The first hit is always among them, cut to the
 * budget if need be. Texts are given without characters that a reader does not see.
 */
export function selectPassages(hits: readonly Hit[], budget: PassageBudget): Hit[] {
  const vocabulary = new Map<string, number>()
  const candidates = hits.map((hit, rank) => {
    const text = visible(hit.text ?? hit.snippet)
    return { hit, rank, text, words: numberWords(text, vocabulary) }
  })
  const chosen: Candidate[] = []
  let tokens = 0
  for (const next of inTurn(candidates, chosen, vocabulary.size)) {
    const cost = estimateTokens(next.text)
    if (chosen.length === 0) {
      chosen.push(cost > budget.tokens ? { ...next, text: cutTo(next.text, budget.tokens, cost) } : next)
      tokens = Math.min(cost, budget.tokens)
    } else if (tokens + cost <= budget.tokens) {
      chosen.push(next)
      tokens += cost
    }
    if (chosen.length === budget.passages) break
  }
  return mergeNeighbours(chosen)
}

/** A text's words, each once; those that are new are added to the vocabulary. */
function numberWords(text: string, vocabulary: Map<string, number>): number[] {
  const numbers = new Set<number>()
  for (const word of wordsOf(text.toLowerCase())) {
    const number = vocabulary.get(word) ?? vocabulary.size
    vocabulary.set(word, number)
    numbers.add(number)
  }
  return [...numbers]
}

function wordsOf(text: string): readonly string[] {
  return NOT_ASCII.test(text) ? (text.match(WORD) ?? []) : segmentWords(text).map(({ word }) => word)
}

/**
 * Gives the best of what is left, again and again: by rank, less by likeness to what was chosen by then. `words` is the size
 * of their vocabulary.
 */
function* inTurn(
  candidates: readonly Candidate[],
  chosen: readonly Candidate[],
  words: number,
): Generator<Candidate> {
  // Those left, with the likeness to what was chosen by `compared`.
  const left = new Map(candidates.map((candidate) => [candidate, 0]))
  let compared = 0
  while (left.size > 0) {
    let best: Candidate | undefined
    let bestValue = Number.NEGATIVE_INFINITY
    const likenesses = chosen.slice(compared).map((one) => likenessTo(one, words))
    compared = chosen.length
    for (const [candidate, before] of left) {
      const likeness = Math.max(before, ...likenesses.map((to) => to(candidate)))
      if (likeness >= SAME_TEXT) left.delete(candidate)
      else {
        left.set(candidate, likeness)
        const value = 1 - candidate.rank / candidates.length - LIKENESS_WEIGHT * likeness
        if (value > bestValue) {
          best = candidate
          bestValue = value
        }
      }
    }
    if (best === undefined) return
    left.delete(best)
    yield best
  }
}

/** The share of words that a candidate has in common with this one (Jaccard), 0..1. */
function likenessTo({ words: own }: Candidate, vocabulary: number): (other: Candidate) => number {
  const isOwn = new Uint8Array(vocabulary)
  for (const word of own) isOwn[word] = 1
  return ({ words }) => {
    let shared = 0
    for (const word of words) shared += isOwn[word] ?? 0
    return shared === 0 ? 0 : shared / (own.length + words.length - shared)
  }
}

function cutTo(text: string, tokens: number, cost: number): string {
  const cut = text.slice(0, Math.floor((text.length * tokens) / cost)).replace(/[\ud800-\udbff]$/, '')
  const end = Math.max(cut.lastIndexOf('\n'), cut.lastIndexOf('. ') + 1)
  return end > cut.length / 2 ? cut.slice(0, end) : cut
}

/** Best first, by the best passage of each run. */
function mergeNeighbours(chosen: readonly Candidate[]): Hit[] {
  const inOrder = [...chosen].sort(
    (a, b) => compareTexts(a.hit.documentId, b.hit.documentId) || ordinalOf(a.hit) - ordinalOf(b.hit),
  )
  const runs: Candidate[][] = []
  for (const candidate of inOrder) {
    const run = runs.at(-1)
    const last = run?.at(-1)
    const follows =
      last?.hit.documentId === candidate.hit.documentId &&
      ordinalOf(last.hit) + 1 === ordinalOf(candidate.hit)
    if (follows) run?.push(candidate)
    else runs.push([candidate])
  }
  return runs
    .map((run) => ({ run, best: run.reduce((a, b) => (b.rank < a.rank ? b : a)) }))
    .sort((a, b) => a.best.rank - b.best.rank)
    .map(({ run, best }) => ({
      ...best.hit,
      location: run.map(({ hit }) => hit.location).reduce(spanLocations, best.hit.location),
      text: run.map(({ text }) => text).reduce(joinTexts),
    }))
}

/** Ids are `document-ordinal`. */
function ordinalOf({ id }: Hit): number {
  return Number(id.slice(id.lastIndexOf('-') + 1))
}

function compareTexts(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

/** Neighbours may overlap: what both have is there once. */
function joinTexts(before: string, after: string): string {
  for (let length = Math.min(before.length, after.length); length >= MIN_OVERLAP_CHARS; length--) {
    if (before.endsWith(after.slice(0, length))) return before + after.slice(length)
  }
  return `${before}\n\n${after}`
}

/** From where the one begins to where the other ends, in kinds that have both; else the first. */
function spanLocations(a: Location, b: Location): Location {
  if ((a.kind === 'lines' && b.kind === 'lines') || (a.kind === 'pages' && b.kind === 'pages'))
    return { ...a, start: Math.min(a.start, b.start), end: Math.max(a.end, b.end) }
  if (a.kind === 'sheet' && b.kind === 'sheet' && a.name === b.name)
    return { ...a, rows: [Math.min(a.rows[0], b.rows[0]), Math.max(a.rows[1], b.rows[1])] }
  return a
}
