import { describe, expect, it } from 'vitest'
import { facetRequests, searchBody } from '../../src/web/search/search-request.js'
import { EMPTY_SEARCH } from '../../src/web/state/route.js'

const route = { ...EMPTY_SEARCH, query: 'snow' }

describe('the request of a search', () => {
  it('has no filter unless something is filtered', () => {
    expect(searchBody(route)).toEqual({ query: 'snow', mode: 'hybrid' })
    expect(facetRequests(route)).toEqual([])
  })

  it('filters by everything that is chosen', () => {
    const chosen = {
      ...route,
      collections: ['a', 'b'],
      types: ['text/html'],
      since: '2023',
      until: '2024-03',
    }
    expect(searchBody(chosen).filter).toEqual({
      collection: { $in: ['a', 'b'] },
      type: { $in: ['text/html'] },
      time: { $gte: '2023', $lte: '2024-03' },
    })
  })

  it('filters by a label, and counts the labels that could be chosen in its place', () => {
    const labelled = { ...route, label: { key: 'type', value: 'radio' } }
    expect(searchBody(labelled).filter).toEqual({ 'metadata.type': 'radio' })
    expect(facetRequests(labelled)).toEqual([
      {
        facet: 'label',
        body: { query: 'snow', mode: 'hybrid', limit: 1, facets: ['metadata.type'] },
      },
    ])
  })

  it('counts what could be chosen in place of each filter by the search without it', () => {
    const requests = facetRequests({ ...route, collections: ['a'], since: '2023' })
    expect(requests).toEqual([
      {
        facet: 'collection',
        body: {
          query: 'snow',
          mode: 'hybrid',
          filter: { time: { $gte: '2023' } },
          limit: 1,
          facets: ['collection'],
        },
      },
      {
        facet: 'time',
        body: {
          query: 'snow',
          mode: 'hybrid',
          filter: { collection: { $in: ['a'] } },
          limit: 1,
          facets: ['time'],
        },
      },
    ])
  })
})
