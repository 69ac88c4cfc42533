import type { Embedder } from '../embed/embedder.js'
import { passageId, type ScoredChunk, type StoredChunk } from '../store/store.js'
import type { Term } from '../text/analyze.js'
import type { Lexicon } from '../text/lexicon.js'
import { partTerms } from '../text/part-terms.js'
import { createTermFinder } from '../text/term-finder.js'
import type { Hit, ListExplanation } from '../types.js'
import { rankScore } from './fuse-rankings.js'
import { cutSnippet, hidesWords, toOneLine } from './make-snippet.js'
import type { WeightedUnit } from './query-units.js'
import { relevanceOf, weightShare } from './relevance.js'

/** A ranked list and how much it counts in the fusion. */
export type WeighedList = { readonly list: readonly ScoredChunk[]; readonly weight: number }

export type HitMakerOptions = {
  readonly units: readonly WeightedUnit[]
  readonly keyword: WeighedList
  readonly vector: WeighedList
  /** Whose scale the cosines are on, if any. */
  readonly embedder: Embedder | undefined
  /** Knows the words of passages that were hits before. */
  readonly lexicon: Lexicon
  readonly full: boolean
  readonly explain: boolean
}

/** Makes hits of passages: where they are, what matched, how relevant they are. */
export function hitMaker(options: HitMakerOptions): (scored: ScoredChunk, chunk: StoredChunk) => Hit {
  const { units, embedder, lexicon } = options
  const keywordRanks = ranksOf(options.keyword)
  const vectorRanks = ranksOf(options.vector)
  const weights = new Map(
    units.flatMap(({ terms, idf, kind }) =>
      kind === 'word' ? terms.map((term) => [term, idf] as const) : [],
    ),
  )
  const findTerms = createTermFinder(
    units.flatMap(({ terms }) => terms),
    lexicon.termOf,
  )
  return ({ chunkId, score }, chunk) => {
    const find = (text: string) => findTerms(text, chunk.language)
    const line = toOneLine(chunk.text)
    const inLine = find(line)
    const inText = hidesWords(chunk.text) ? find(chunk.text) : inLine
    const found = unitsFound(units, chunk, [...find(above(chunk)), ...inText])
    const idfShare = weightShare(units, found)
    const keyword = options.explain ? keywordRanks(chunkId) : undefined
    const vector = vectorRanks(chunkId)
    return {
      id: passageId(chunk.documentId, chunk.ordinal),
      documentId: chunk.documentId,
      score: round(score, 10),
      relevance: round(relevanceOf(idfShare, vector?.score, embedder), 4),
      title: chunk.title,
      uri: chunk.uri,
      collection: chunk.collection,
      location: chunk.location,
      ...cutSnippet(
        line,
        inLine.filter(({ term }) => weights.has(term)),
        weights,
      ),
      ...(options.full ? { text: chunk.text } : {}),
      metadata: chunk.metadata,
      ...(options.explain
        ? {
            explain: {
              ...(keyword === undefined ? {} : { keyword }),
              ...(vector === undefined ? {} : { vector }),
              matchedTerms: wordsOf(found),
              idfShare: round(idfShare, 4),
            },
          }
        : {}),
    }
  }
}

/** The words that matched; parts only where they are all that did. */
function wordsOf(found: ReadonlySet<WeightedUnit>): string[] {
  const words = [...found].filter(({ kind }) => kind === 'word')
  const shown = words.length > 0 ? words : [...found]
  return shown.map(({ word, correctedTo }) => (correctedTo ?? word).toLowerCase())
}

/** The units that a passage holds as words or as parts of words, by the terms found in its text, title and headings. */
function unitsFound(
  units: readonly WeightedUnit[],
  chunk: StoredChunk,
  found: readonly Term[],
): Set<WeightedUnit> {
  const terms = new Set(found.map(({ term }) => term))
  const isFound = (unit: WeightedUnit) => unit.terms.some((term) => terms.has(term))
  if (!units.every(isFound)) {
    for (const term of partTerms(`${above(chunk)}\n${chunk.text}`, chunk.language)) terms.add(term)
  }
  return new Set(units.filter(isFound))
}

/** What stands above a passage's text and is found with it. */
function above({ title, headings }: StoredChunk): string {
  return `${title}\n${headings.join('\n')}`
}

/** Where a list has a passage, if it does. Lists have thousands of entries, of which some ten are asked for. */
function ranksOf({ list, weight }: WeighedList): (chunkId: number) => ListExplanation | undefined {
  const positions = new Map(list.map(({ chunkId }, i) => [chunkId, i]))
  return (chunkId) => {
    const position = positions.get(chunkId)
    const scored = position === undefined ? undefined : list[position]
    if (position === undefined || scored === undefined) return undefined
    const rank = position + 1
    return { rank, score: round(scored.score, 4), fused: round(rankScore(rank, weight), 10) }
  }
}

function round(value: number, digits: number): number {
  return Number(value.toFixed(digits))
}
