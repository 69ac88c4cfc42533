import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  EMPTY_SEARCH,
  formatRoute,
  MODES,
  OVERVIEW_TABS,
  parseRoute,
  type Route,
} from '../../src/web/state/route.js'

const text = fc.string({ unit: 'grapheme', minLength: 1 })
const date = fc.constantFrom('2024', '2024-03', '2024-03-05')
const routes: fc.Arbitrary<Route> = fc.oneof(
  fc.record(
    {
      view: fc.constant('search' as const),
      query: fc.string({ unit: 'grapheme' }),
      mode: fc.constantFrom(...MODES),
      collections: fc.array(text),
      types: fc.array(text),
      since: date,
      until: date,
    },
    { requiredKeys: ['view', 'query', 'mode', 'collections', 'types'] },
  ),
  fc.record(
    { view: fc.constant('document' as const), id: text, passage: text, quote: text },
    { requiredKeys: ['view', 'id'] },
  ),
  fc.record({ view: fc.constant('ask' as const), session: text }, { requiredKeys: ['view'] }),
  fc.record({ view: fc.constant('documents' as const), collection: text }, { requiredKeys: ['view'] }),
  fc.record({
    view: fc.constant('map' as const),
    query: fc.string({ unit: 'grapheme' }),
    colour: fc.constantFrom('collection' as const, 'type' as const),
  }),
  fc.record(
    {
      view: fc.constant('overview' as const),
      tab: fc.constantFrom(...OVERVIEW_TABS),
      collection: text,
      level: fc.constantFrom('document' as const, 'passage' as const),
    },
    { requiredKeys: ['view', 'tab'] },
  ),
)

describe('the address of a view', () => {
  it('names it wholly, whatever it holds', () => {
    fc.assert(
      fc.property(routes, (route) => {
        expect(parseRoute(formatRoute(route))).toEqual(route)
      }),
      { seed: 1, numRuns: 300 },
    )
  })

  it('leaves out what is as usual', () => {
    expect(formatRoute(EMPTY_SEARCH)).toBe('#/search')
    expect(formatRoute({ ...EMPTY_SEARCH, query: 'annual leave', types: ['text/html'] })).toBe(
      '#/search?q=annual+leave&type=text%2Fhtml',
    )
    expect(formatRoute({ view: 'ask', session: 'a/b' })).toBe('#/ask/a%2Fb')
  })

  it.each([
    '',
    '#',
    '#/',
    '#/nowhere',
    '#/document',
    '#/document/',
    'x',
    '#?q=',
    '#/search?mode=best&since=May',
  ])('"%s" is an empty search', (hash) => expect(parseRoute(hash)).toEqual(EMPTY_SEARCH))

  it('takes a broken percent-encoding as it stands', () => {
    expect(parseRoute('#/document/%zz')).toEqual({ view: 'document', id: '%zz' })
  })
})
