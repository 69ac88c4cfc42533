import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { EMPTY_SEARCH, formatRoute, MODES, parseRoute, type Route } from '../../src/web/state/route.js'

const text = fc.string({ unit: 'grapheme', minLength: 1 })
const anyText = fc.string({ unit: 'grapheme' })
const date = fc.constantFrom('2024', '2024-03', '2024-03-05')
const routes: fc.Arbitrary<Route> = fc.oneof(
  fc.record(
    {
      view: fc.constant('search' as const),
      query: anyText,
      mode: fc.constantFrom(...MODES),
      collections: fc.array(text),
      types: fc.array(text),
      since: date,
      until: date,
      label: fc.record({ key: fc.constantFrom('topic', 'a-b_2'), value: text }),
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
    query: anyText,
    colour: fc.constantFrom('collection' as const, 'type' as const),
  }),
  fc.record(
    {
      view: fc.constant('overview' as const),
      tab: fc.constantFrom('topics' as const, 'duplicates' as const, 'gaps' as const),
      collection: text,
      level: fc.constantFrom('document' as const, 'passage' as const),
    },
    { requiredKeys: ['view', 'tab'] },
  ),
  fc.record(
    {
      view: fc.constant('overview' as const),
      tab: fc.constant('labels' as const),
      labels: fc.array(fc.record({ name: text, description: anyText, examples: anyText }), { maxLength: 4 }),
      texts: text,
      collection: text,
      path: text,
      least: fc.constantFrom('5', '70'),
    },
    { requiredKeys: ['view', 'tab', 'labels'] },
  ),
  fc.record({
    view: fc.constant('overview' as const),
    tab: fc.constant('compare' as const),
    first: anyText,
    second: anyText,
  }),
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

  it('does not hold what is too long for an address', () => {
    const long = { view: 'overview', tab: 'compare', first: 'a'.repeat(20_000), second: 'b' } as const
    expect(formatRoute(long)).toBe('#/overview/compare')
  })

  it('takes a broken percent-encoding as it stands', () => {
    expect(parseRoute('#/document/%zz')).toEqual({ view: 'document', id: '%zz' })
  })
})
