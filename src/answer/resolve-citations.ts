import { contentTerms } from '../text/content-terms.js'
import { splitPassage } from '../text/split-passage.js'
import { type Span, splitSentences } from '../text/split-sentences.js'
import type { Citation, Hit } from '../types.js'

/** `[1]`, `[1, 2]`, `[1][2]` are markers; `[1](http...)` and `[10:30]` are not. */
const MARKER = /\[(\d{1,3}(?:\s*[,;]\s*\d{1,3})*)\](?!\()/g
/** The same with the blanks before it, which go when the marker goes. */
const SPACED_MARKER = new RegExp(`(?<![ \\t])([ \\t]*)${MARKER.source}`, 'g')
const NUMBER = /\d+(?:[.,:]\d+)*/g
/** Least share of a sentence's content words that its passage must hold. */
const MIN_OVERLAP = 0.5

export type ResolvedAnswer = {
  /** The answer without the markers that name no passage. */
  readonly text: string
  /** One per cited sentence and passage, in the order of the text. */
  readonly citations: readonly Citation[]
}

/**
 * Resolves the `[n]` of an answer to the passages given (`hits[n - 1]`) and checks each against its passage: verified
 * when the passage holds at least half of the sentence's content words and every number in it.
 */
export function resolveCitations(answer: string, hits: readonly Hit[]): ResolvedAnswer {
  const text = dropUnknownMarkers(answer, hits.length)
  const citations: Citation[] = []
  const seen = new Set<string>()
  for (const { claim, markers } of citedSentences(text)) {
    for (const marker of markers) {
      const hit = hits[marker - 1]
      if (hit === undefined || seen.has(`${marker} ${claim}`)) continue
      seen.add(`${marker} ${claim}`)
      citations.push({
        marker,
        hitId: hit.id,
        documentId: hit.documentId,
        title: hit.title,
        uri: hit.uri,
        location: hit.location,
        ...checkClaim(claim, hit),
      })
    }
  }
  return { text, citations }
}

function dropUnknownMarkers(answer: string, passages: number): string {
  return answer.replace(SPACED_MARKER, (whole: string, blanks: string, list: string) => {
    const named = numbersOf(list)
    const known = named.filter((number) => number >= 1 && number <= passages)
    if (known.length === named.length) return whole
    return known.length === 0 ? '' : blanks + known.map((number) => `[${number}]`).join('')
  })
}

function numbersOf(list: string): number[] {
  return list.split(/[,;]/).map((part) => Number(part.trim()))
}

/** A marker belongs to the sentence it stands in, or right behind. */
function citedSentences(text: string): { claim: string; markers: number[] }[] {
  const sentences: { claim: string; markers: number[] }[] = []
  for (const { start, end } of splitSentences(text)) {
    const sentence = text.slice(start, end)
    const markers = [...sentence.matchAll(MARKER)].flatMap((match) => numbersOf(match[1] ?? ''))
    const claim = sentence.replace(MARKER, '').trim()
    const previous = sentences.at(-1)
    const leading = /^\s*((?:\[\d{1,3}\]\s*)+)/.exec(sentence)?.[1]
    if (previous !== undefined && (claim === '' || leading !== undefined)) {
      const moved =
        leading === undefined
          ? markers
          : [...leading.matchAll(MARKER)].flatMap((match) => numbersOf(match[1] ?? ''))
      previous.markers.push(...moved)
      if (claim !== '') sentences.push({ claim, markers: markers.slice(moved.length) })
    } else if (claim !== '') {
      sentences.push({ claim, markers })
    }
  }
  return sentences
}

/** The sentence of the passage that shares most content words with the claim, and whether the passage bears the claim. */
function checkClaim(claim: string, hit: Hit): { quote: string; verified: boolean } {
  const passage = hit.text ?? hit.snippet
  const wanted = termsOf(claim)
  let best: Span = { start: 0, end: 0 }
  let bestShared = -1
  for (const span of splitPassage(passage)) {
    const shared = countShared(wanted, termsOf(passage.slice(span.start, span.end)))
    if (shared > bestShared) {
      best = span
      bestShared = shared
    }
  }
  const held = countShared(wanted, termsOf(`${hit.title} ${hit.location.heading ?? ''} ${passage}`))
  const numbers = claim.match(NUMBER) ?? []
  const passageNumbers = new Set(passage.match(NUMBER) ?? [])
  const verified =
    wanted.size > 0 &&
    held / wanted.size >= MIN_OVERLAP &&
    numbers.every((number) => passageNumbers.has(number))
  return { quote: passage.slice(best.start, best.end).trim(), verified }
}

function termsOf(text: string): Set<string> {
  return new Set(contentTerms(text).map(({ term }) => term))
}

function countShared(wanted: ReadonlySet<string>, present: ReadonlySet<string>): number {
  let shared = 0
  for (const term of wanted) if (present.has(term)) shared++
  return shared
}
