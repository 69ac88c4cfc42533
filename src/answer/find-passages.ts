import type { Searcher } from '../search/searcher.js'
import type { Hit, InlineData, SearchResult, Usage } from '../types.js'
import { condense } from './condense.js'
import { describeImages } from './describe-images.js'
import type { Generator, SafetySetting } from './generator.js'
import type { PastTurn } from './history.js'
import { type PassageBudget, selectPassages } from './select-passages.js'

/** Hits looked at; those chosen of them fit the budget. */
const HITS = 24

export type FindDependencies = {
  readonly searcher: Searcher
  /** Least relevance of the best passage, below which nothing is asked of the generator. */
  readonly minRelevance: number
  readonly passageBudget: PassageBudget
  /** A word that cannot be guessed, new at each call. */
  readonly randomMark: () => string
}

export type FindRequest = {
  readonly text: string
  readonly images: readonly InlineData[]
  readonly past: readonly PastTurn[]
  readonly collection?: string
  /** Passages of other collections are not there. */
  readonly collections?: readonly string[]
  readonly filter?: unknown
  readonly safety: readonly SafetySetting[]
  readonly signal?: AbortSignal
}

/** What a question is answered from. */
export type FoundPassages = {
  /** The question by itself, where it is a follow-up. */
  readonly question: string
  readonly passages: readonly Hit[]
  readonly isNear: boolean
  readonly degraded?: string
  /** Of the calls that were made for it. */
  readonly usage: readonly Usage[]
}

/**
 * The passages for a question, by itself where it is a follow-up. When its text alone finds nothing near, what its images
 * show is looked for too.
 */
export async function findPassages(
  request: FindRequest,
  generator: Generator,
  { searcher, minRelevance, passageBudget, randomMark }: FindDependencies,
): Promise<FoundPassages> {
  const { text, images, past, collection, collections, filter, safety } = request
  const signal = request.signal === undefined ? {} : { signal: request.signal }
  const calls = { mark: randomMark(), safety, ...signal }
  const condensed = await condense(text, past, generator, calls)
  const usage = condensed.usage === undefined ? [] : [condensed.usage]
  const search = (query: string) =>
    searcher.search({
      query,
      limit: HITS,
      full: true,
      literal: true,
      ...(collection === undefined ? {} : { collection }),
      ...(collections === undefined ? {} : { collections }),
      ...(filter === undefined ? {} : { filter }),
      ...signal,
    })
  let result = text.trim() === '' && images.length > 0 ? undefined : await search(condensed.question)
  if (images.length > 0 && bestOf(result) < minRelevance) {
    const shown = await describeImages(images, condensed.question, generator, calls)
    if (shown.usage !== undefined) usage.push(shown.usage)
    if (shown.text !== '') result = await search(`${condensed.question}\n${shown.text}`.trim())
  }
  // What has nothing to do with the question helps nobody; it only gives planted texts a way in.
  const hits = (result?.hits ?? []).filter(({ relevance }) => relevance > 0)
  const passages = selectPassages(hits, fitBudget(passageBudget, generator))
  return {
    question: condensed.question,
    passages,
    isNear: passages.length > 0 && bestOf(result) >= minRelevance,
    ...(result?.degraded === undefined ? {} : { degraded: result.degraded }),
    usage,
  }
}

function bestOf(result: SearchResult | undefined): number {
  return Math.max(0, ...(result?.hits ?? []).map((hit) => hit.relevance))
}

/** Half of what a small model takes at most. */
function fitBudget({ tokens, passages }: PassageBudget, { maxInputTokens }: Generator): PassageBudget {
  return { tokens: Math.min(tokens, Math.floor(maxInputTokens / 2)), passages }
}
