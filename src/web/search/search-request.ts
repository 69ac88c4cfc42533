import type { SearchBody } from '../../api/client.js'
import type { SearchRoute } from '../state/route.js'

/** What hits can be filtered by. */
export const FACETS = ['collection', 'type', 'time'] as const
export type Facet = (typeof FACETS)[number]

/** The search that a route stands for. */
export function searchBody(route: SearchRoute): SearchBody {
  const filter = filterOf(route)
  return {
    query: route.query,
    mode: route.mode,
    ...(Object.keys(filter).length === 0 ? {} : { filter }),
  }
}

/**
 * For each filter in force the search without it: its counts say what else could be chosen. Where nothing is filtered the
 * search itself counts.
 */
export function facetRequests(route: SearchRoute): { readonly facet: Facet; readonly body: SearchBody }[] {
  const { since: _, until: __, ...anyTime } = route
  const without: readonly (readonly [Facet, SearchRoute])[] = [
    ['collection', { ...route, collections: [] }],
    ['type', { ...route, types: [] }],
    ['time', anyTime],
  ]
  const whole = JSON.stringify(filterOf(route))
  return without
    .filter(([, wider]) => JSON.stringify(filterOf(wider)) !== whole)
    .map(([facet, wider]) => ({ facet, body: { ...searchBody(wider), limit: 1, facets: [facet] } }))
}

function filterOf({ collections, types, since, until }: SearchRoute): Record<string, unknown> {
  const time = {
    ...(since === undefined ? {} : { $gte: since }),
    ...(until === undefined ? {} : { $lte: until }),
  }
  return {
    ...(collections.length === 0 ? {} : { collection: { $in: [...collections] } }),
    ...(types.length === 0 ? {} : { type: { $in: [...types] } }),
    ...(Object.keys(time).length === 0 ? {} : { time }),
  }
}
