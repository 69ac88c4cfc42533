import type { SearchBody } from '../../api/client.js'
import type { SearchRoute } from '../state/route.js'

/** What hits can be filtered by: of labels those of one key of the metadata. */
export type Facet = 'collection' | 'type' | 'time' | 'label'

/** The fields that a search counts, by what they are called here. */
export function facetFields({ label }: SearchRoute): ReadonlyMap<Facet, string> {
  return new Map<Facet, string>([
    ['collection', 'collection'],
    ['type', 'type'],
    ['time', 'time'],
    ...(label === undefined ? [] : ([['label', metadataField(label.key)]] as const)),
  ])
}

/** Keys of the metadata may have the names of other fields. */
function metadataField(key: string): string {
  return `metadata.${key}`
}

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
  const { label: ___, ...anyLabel } = route
  const fields = facetFields(route)
  const without: readonly (readonly [Facet, SearchRoute])[] = [
    ['collection', { ...route, collections: [] }],
    ['type', { ...route, types: [] }],
    ['time', anyTime],
    ['label', anyLabel],
  ]
  const whole = JSON.stringify(filterOf(route))
  return without
    .filter(([, wider]) => JSON.stringify(filterOf(wider)) !== whole)
    .map(([facet, wider]) => ({
      facet,
      body: { ...searchBody(wider), limit: 1, facets: [fields.get(facet) ?? facet] },
    }))
}

function filterOf({ collections, types, since, until, label }: SearchRoute): Record<string, unknown> {
  const time = {
    ...(since === undefined ? {} : { $gte: since }),
    ...(until === undefined ? {} : { $lte: until }),
  }
  return {
    ...(collections.length === 0 ? {} : { collection: { $in: [...collections] } }),
    ...(types.length === 0 ? {} : { type: { $in: [...types] } }),
    ...(Object.keys(time).length === 0 ? {} : { time }),
    ...(label === undefined ? {} : { [metadataField(label.key)]: label.value }),
  }
}
