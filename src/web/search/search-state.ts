import { type ReadonlySignal, signal } from '@preact/signals'
import type { GemdexClient, SearchAnswer } from '../../api/client.js'
import { formatRoute, type SearchRoute } from '../state/route.js'
import type { Service } from '../state/service.js'
import { type Facet, facetFields, facetRequests, searchBody } from './search-request.js'

export type FacetCounts = Readonly<
  Record<Facet, readonly { readonly value: string; readonly count: number }[]>
>
type Explanation = NonNullable<SearchAnswer['hits'][number]['explain']>

/** What was found, for which route. */
export type Found = {
  readonly key: string
  readonly route: SearchRoute
  readonly limit: number
  readonly answer: SearchAnswer
  readonly facets: FacetCounts
}

/** The search of the page. It outlives its view, so that going back to it shows at once what was there. */
export type SearchState = {
  readonly found: ReadonlySignal<Found | undefined>
  readonly error: ReadonlySignal<unknown>
  readonly isLoading: ReadonlySignal<boolean>
  readonly explanations: ReadonlySignal<ReadonlyMap<string, Explanation> | undefined>
  /** Finds what a route asks for, unless that is there already; what was under way is given up. */
  run(route: SearchRoute, options?: { readonly limit?: number; readonly anew?: boolean }): Promise<void>
  /** Finds out how the hits that are shown were found; asks once for however many of them. */
  explain(): Promise<void>
}

export const FIRST_HITS = 10
export const MAX_HITS = 100

export function createSearchState(service: Service): SearchState {
  const found = signal<Found | undefined>(undefined)
  const error = signal<unknown>(undefined)
  const isLoading = signal(false)
  const explanations = signal<ReadonlyMap<string, Explanation> | undefined>(undefined)
  let underWay: AbortController | undefined
  let explained: Found | undefined

  return {
    found,
    error,
    isLoading,
    explanations,

    async run(route, { limit = FIRST_HITS, anew = false } = {}) {
      const key = formatRoute(route)
      const isThere = found.value?.key === key && found.value.limit >= limit && error.value === undefined
      if (isThere && !anew) return
      underWay?.abort()
      if (route.query.trim() === '') {
        found.value = undefined
        error.value = undefined
        isLoading.value = false
        return
      }
      const abort = new AbortController()
      underWay = abort
      isLoading.value = true
      try {
        const answer = await fetchAll(service.client.value, route, limit, abort.signal)
        if (abort.signal.aborted) return
        found.value = { key, route, limit, ...answer }
        explanations.value = undefined
        error.value = undefined
      } catch (thrown) {
        if (abort.signal.aborted) return
        error.value = thrown
      }
      isLoading.value = false
    },

    async explain() {
      const shown = found.value
      if (shown === undefined || shown === explained) return
      explained = shown
      const body = { ...searchBody(shown.route), limit: shown.limit, explain: true }
      try {
        const { hits } = await service.client.value.search(body)
        if (found.value !== shown) return
        explanations.value = new Map(
          hits.flatMap(({ id, explain }) => (explain === undefined ? [] : [[id, explain]])),
        )
      } catch (thrown) {
        explained = undefined
        error.value = thrown
      }
    },
  }
}

/** The hits, and for each filter what could be chosen in its place. */
async function fetchAll(
  client: GemdexClient,
  route: SearchRoute,
  limit: number,
  signal: AbortSignal,
): Promise<{ readonly answer: SearchAnswer; readonly facets: FacetCounts }> {
  const fields = facetFields(route)
  const [answer, ...others] = await Promise.all([
    client.search({ ...searchBody(route), limit, facets: [...fields.values()] }, { signal }),
    ...facetRequests(route).map(async ({ facet, body }) => ({
      facet,
      counts: (await client.search(body, { signal })).facets?.[fields.get(facet) ?? facet] ?? [],
    })),
  ])
  const countsOf = (facet: Facet) => {
    const own = answer.facets?.[fields.get(facet) ?? facet]
    const counts = others.find((other) => other.facet === facet)?.counts ?? own ?? []
    return counts.map(({ value, count }) => ({ value: String(value), count }))
  }
  return {
    answer,
    facets: {
      collection: countsOf('collection'),
      type: countsOf('type'),
      time: countsOf('time'),
      label: countsOf('label'),
    },
  }
}
