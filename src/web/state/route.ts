import { fragment, optional, type Pair } from './fragment.js'
import { formatLabels, type LabelsRoute, parseLabels } from './labels-route.js'

/** What the page shows. It stands in the fragment of the address, which no server and no log sees. */
export type Route =
  | SearchRoute
  | DocumentRoute
  | { readonly view: 'ask'; readonly session?: string }
  | { readonly view: 'documents'; readonly collection?: string }
  | MapRoute
  | OverviewRoute

export const MODES = ['hybrid', 'keyword', 'vector'] as const
export type Mode = (typeof MODES)[number]

export type SearchRoute = {
  readonly view: 'search'
  readonly query: string
  readonly mode: Mode
  readonly collections: readonly string[]
  /** Media types. */
  readonly types: readonly string[]
  /** Dates as `2024`, `2024-03` or `2024-03-05`; both are within. */
  readonly since?: string
  readonly until?: string
  /** A key of the metadata and its value, such as a label that was kept. */
  readonly label?: { readonly key: string; readonly value: string }
}

export type DocumentRoute = {
  readonly view: 'document'
  /** Id of the document. */
  readonly id: string
  /** Id of the passage to show. */
  readonly passage?: string
  /** Words of the passage to mark. */
  readonly quote?: string
}

export type MapRoute = {
  readonly view: 'map'
  readonly query: string
  readonly colour: 'collection' | 'type'
}

export const OVERVIEW_TABS = ['topics', 'duplicates', 'gaps', 'labels', 'compare'] as const
export type OverviewTab = (typeof OVERVIEW_TABS)[number]

export type OverviewRoute = SurveyRoute | LabelsRoute | CompareRoute

export type SurveyRoute = {
  readonly view: 'overview'
  readonly tab: Exclude<OverviewTab, 'labels' | 'compare'>
  readonly collection?: string
  /** Of duplicates: one kind alone. */
  readonly level?: 'document' | 'passage'
}

/** Two texts. */
export type CompareRoute = {
  readonly view: 'overview'
  readonly tab: 'compare'
  readonly first: string
  readonly second: string
}

export const NOTHING_COMPARED: CompareRoute = { view: 'overview', tab: 'compare', first: '', second: '' }

export const EMPTY_SEARCH: SearchRoute = {
  view: 'search',
  query: '',
  mode: 'hybrid',
  collections: [],
  types: [],
}

/** How many kinds of filters narrow a search down; each collection and type counts. */
export function activeFilters({ collections, types, since, until, label }: SearchRoute): number {
  return (
    collections.length +
    types.length +
    (since === undefined && until === undefined ? 0 : 1) +
    (label === undefined ? 0 : 1)
  )
}

export function withoutFilters({ query, mode }: SearchRoute): SearchRoute {
  return { ...EMPTY_SEARCH, query, mode }
}

const DATE = /^\d{4}(?:-\d{2}(?:-\d{2})?)?$/

/** The fragment that shows a view, with its `#`. Values that are as usual are left out. */
export function formatRoute(route: Route): string {
  switch (route.view) {
    case 'search':
      return fragment('/search', [
        ['q', route.query],
        ['mode', route.mode === 'hybrid' ? '' : route.mode],
        ...route.collections.map((name): Pair => ['collection', name]),
        ...route.types.map((type): Pair => ['type', type]),
        ['since', route.since],
        ['until', route.until],
        ['label', route.label === undefined ? '' : `${route.label.key}:${route.label.value}`],
      ])
    case 'document':
      return fragment(`/document/${encodeURIComponent(route.id)}`, [
        ['passage', route.passage],
        ['quote', route.quote],
      ])
    case 'ask':
      return fragment(route.session === undefined ? '/ask' : `/ask/${encodeURIComponent(route.session)}`, [])
    case 'documents':
      return fragment('/documents', [['collection', route.collection]])
    case 'map':
      return fragment('/map', [
        ['q', route.query],
        ['colour', route.colour === 'collection' ? '' : route.colour],
      ])
    case 'overview':
      return formatOverview(route)
  }
}

function formatOverview(route: OverviewRoute): string {
  const path = `/overview/${route.tab}`
  if (route.tab === 'labels') return fragment(path, formatLabels(route))
  if (route.tab === 'compare')
    return fragment(path, [
      ['first', route.first],
      ['second', route.second],
    ])
  return fragment(path, [
    ['collection', route.collection],
    ['level', route.level],
  ])
}

/** The view that a fragment names; an empty search for whatever names none. */
export function parseRoute(hash: string): Route {
  const [path = '', query = ''] = hash.replace(/^#/, '').split(/\?(.*)/s)
  const [view, id] = path.split('/').slice(1).map(decode)
  const given = new URLSearchParams(query)
  const text = (name: string) => given.get(name) ?? ''
  switch (view) {
    case 'document':
      return id === undefined || id === ''
        ? EMPTY_SEARCH
        : { view, id, ...optional('passage', text('passage')), ...optional('quote', text('quote')) }
    case 'ask':
      return { view, ...optional('session', id ?? '') }
    case 'documents':
      return { view, ...optional('collection', text('collection')) }
    case 'map':
      return { view, query: text('q'), colour: text('colour') === 'type' ? 'type' : 'collection' }
    case 'overview':
      return parseOverview(
        OVERVIEW_TABS.find((tab) => tab === id),
        given,
      )
    default:
      return parseSearch(given)
  }
}

function parseOverview(tab: OverviewTab = 'topics', given: URLSearchParams): OverviewRoute {
  const view = 'overview'
  const text = (name: string) => given.get(name) ?? ''
  if (tab === 'labels') return parseLabels(given)
  if (tab === 'compare') return { view, tab, first: text('first'), second: text('second') }
  const level = (['document', 'passage'] as const).find((each) => each === text('level'))
  return {
    view,
    tab,
    ...optional('collection', text('collection')),
    ...(level === undefined ? {} : { level }),
  }
}

function parseSearch(given: URLSearchParams): SearchRoute {
  const date = (name: string) => {
    const value = given.get(name) ?? ''
    return DATE.test(value) ? value : ''
  }
  const [, key, value] = /^([^:]+):(.+)$/s.exec(given.get('label') ?? '') ?? []
  return {
    view: 'search',
    query: given.get('q') ?? '',
    mode: MODES.find((mode) => mode === given.get('mode')) ?? 'hybrid',
    collections: given.getAll('collection'),
    types: given.getAll('type'),
    ...optional('since', date('since')),
    ...optional('until', date('until')),
    ...(key === undefined || value === undefined ? {} : { label: { key, value } }),
  }
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}
