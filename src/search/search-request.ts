import { GemdexError } from '../errors.js'
import type { Filter } from '../store/filter.js'
import type { Store } from '../store/store.js'
import type { EmbedRole, SearchMode } from '../types.js'

const MAX_QUERY_CHARS = 8_000
const MAX_FACETS = 10

export type QueryTask = Extract<EmbedRole, 'query' | 'question' | 'fact' | 'code'>

export type SearchRequest = {
  /** Words, `"phrases"` that must stand so, and `-words` that must not. */
  readonly query: string
  /** 1 to 100, default 10. */
  readonly limit?: number
  readonly mode?: SearchMode
  readonly collection?: string
  /** Passages of other collections are not there. */
  readonly collections?: readonly string[]
  /** Restricts the search before it ranks: MongoDB-like JSON over metadata, path, type and time. See `parseFilter`. */
  readonly filter?: unknown
  /** Fields to count the values of among the documents found; at most 10. */
  readonly facets?: readonly string[]
  /** Least relevance, 0..1. */
  readonly minScore?: number
  readonly explain?: boolean
  /** What the query is: a search, a question, a claim to verify, or words for code. Default a search. */
  readonly task?: QueryTask
  /** Every matching passage with its whole text, instead of the best one of each document. */
  readonly full?: boolean
  /** Compares the query's vector with that of every passage, instead of with those that may be among the nearest. */
  readonly exact?: boolean
  /** Takes quotation marks and minus signs for ordinary text. */
  readonly literal?: boolean
  /** How much hits are to differ from those above, 0 (not at all, the default) to 1. */
  readonly diversity?: number
  /** Shows near-duplicates of one another once, naming the others. */
  readonly collapse?: boolean
  /** Days after which a document's age has cost it half of what age can cost. */
  readonly halfLifeDays?: number
  /** Lets the generator put the best hits in order. */
  readonly rerank?: boolean
  /** Lets the generator add words that documents on the matter would hold. */
  readonly expand?: boolean
  /** Searches with the vector of an answer that the generator imagines, along with the query's own. */
  readonly hyde?: boolean
  /** Takes times named in the query, such as `last month`, as a restriction. */
  readonly dates?: boolean
  readonly signal?: AbortSignal
}

/** Gives the limit. Throws BAD_INPUT naming the field at fault. */
export function checkRequest(request: SearchRequest): number {
  const { query, limit = 10, minScore = 0, diversity = 0, halfLifeDays, facets = [] } = request
  if (query.trim() === '') throw bad('query', 'The query is empty')
  if (query.length > MAX_QUERY_CHARS) {
    throw bad('query', `The query has ${query.length} characters; at most ${MAX_QUERY_CHARS} are allowed`)
  }
  if (!Number.isInteger(limit) || limit < 1 || limit > 100)
    throw bad('limit', `limit must be a whole number from 1 to 100, not ${limit}`)
  if (!(minScore >= 0 && minScore <= 1))
    throw bad('minScore', `minScore must lie between 0 and 1, not ${minScore}`)
  if (!(diversity >= 0 && diversity <= 1))
    throw bad('diversity', `diversity must lie between 0 and 1, not ${diversity}`)
  if (halfLifeDays !== undefined && !(halfLifeDays > 0 && Number.isFinite(halfLifeDays)))
    throw bad('halfLifeDays', `halfLifeDays must be a number of days above 0, not ${halfLifeDays}`)
  if (facets.length > MAX_FACETS)
    throw bad('facets', `facets has ${facets.length} fields; at most ${MAX_FACETS} are allowed`)
  return limit
}

function bad(field: string, message: string): GemdexError {
  return new GemdexError('BAD_INPUT', message, { field })
}

/** The filter that holds within these collections; none for all. */
export function withinReach(collections: readonly string[] | undefined): Filter | undefined {
  return collections && { op: 'in', field: { kind: 'collection' }, values: collections }
}

/** Throws NOT_FOUND, naming the collections there are, as far as they are within `reach`. */
export async function requireCollection(
  store: Store,
  name: string | undefined,
  reach?: readonly string[],
): Promise<void> {
  if (name === undefined) return
  const all = (await store.collections()).map((collection) => collection.name)
  const names = reach === undefined ? all : all.filter((each) => reach.includes(each))
  if (names.includes(name)) return
  throw new GemdexError('NOT_FOUND', `There is no collection named ${name}`, {
    hint: names.length === 0 ? 'The index is empty.' : `There are: ${names.join(', ')}.`,
    field: 'collection',
  })
}
