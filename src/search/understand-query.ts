import { GemdexError } from '../errors.js'
import type { Filter } from '../store/filter.js'
import type { QueryExplanation } from '../types.js'
import type { Assistant } from './assistant.js'
import { findDates } from './find-dates.js'
import { parseFilter } from './parse-filter.js'
import { type SearchRequest, withinReach } from './search-request.js'

/** What the options of query understanding made of a request. */
export type UnderstoodQuery = {
  /** What is searched for: without the time that it named. */
  readonly query: string
  readonly filter?: Filter
  readonly expansion: readonly string[]
  readonly hypotheticalAnswer?: string
  readonly explain: Pick<QueryExplanation, 'expansion' | 'hypotheticalAnswer' | 'dates'>
  /** What could not be done, and why. */
  readonly notes: readonly string[]
}

/** Reads times out of a query and has a generator widen it, as the request asks. A generator's fault is only noted. */
export async function understandQuery(
  request: SearchRequest,
  assistant: Assistant | undefined,
  now: Date,
): Promise<UnderstoodQuery> {
  const named = request.dates ? findDates(request.query, now) : undefined
  const filters: Filter[] = request.filter === undefined ? [] : [parseFilter(request.filter)]
  const reach = withinReach(request.collections)
  if (reach !== undefined) filters.push(reach)
  const { since, before } = named?.range ?? {}
  if (since !== undefined) filters.push({ op: 'compare', field: { kind: 'time' }, how: 'gte', value: since })
  if (before !== undefined) filters.push({ op: 'compare', field: { kind: 'time' }, how: 'lt', value: before })
  const query = named?.rest ?? request.query
  const widened = await widen(query, request, assistant)
  const { words = [], answer } = widened
  const hypothetical = answer === undefined ? {} : { hypotheticalAnswer: answer }
  const [only] = filters
  return {
    query,
    ...(only === undefined ? {} : { filter: filters.length === 1 ? only : { op: 'and', of: filters } }),
    expansion: words,
    ...hypothetical,
    explain: {
      ...(words.length > 0 ? { expansion: words } : {}),
      ...hypothetical,
      ...(named === undefined ? {} : { dates: { words: named.words, ...isoRange(named.range) } }),
    },
    notes: widened.note === undefined ? [] : [widened.note],
  }
}

async function widen(
  query: string,
  request: SearchRequest,
  assistant: Assistant | undefined,
): Promise<{ words?: readonly string[]; answer?: string; note?: string }> {
  const wanted = { words: request.expand ?? false, answer: request.hyde ?? false }
  if (!wanted.words && !wanted.answer) return {}
  if (assistant === undefined) return { note: 'The query was not widened: there is no model to ask.' }
  try {
    return await assistant.understand(query, wanted, request.signal)
  } catch (error) {
    return { note: `The query was not widened: ${faultOf(error)}` }
  }
}

/** Why the generator could not help; what must end the search is thrown. */
export function faultOf(error: unknown): string {
  if (error instanceof GemdexError && error.code !== 'CANCELLED') return error.message
  throw error
}

function isoRange({ since, before }: { since?: number; before?: number }): { since: string; before: string } {
  const iso = (ms: number | undefined) => (ms === undefined ? '' : new Date(ms).toISOString())
  return { since: iso(since), before: iso(before) }
}
