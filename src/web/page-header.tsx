import { Icon, type IconName } from './shared/icons.js'
import { usePage } from './state/page-context.js'
import { EMPTY_SEARCH, formatRoute, type Route } from './state/route.js'

type Entry = readonly [name: string, icon: IconName, target: Route]

const THEME_NAMES = { system: 'as the system', light: 'light', dark: 'dark' } as const

/** What the page can do, and how it looks. */
export function PageHeader({ view }: { readonly view: Route['view'] }) {
  const { theme, service, ask } = usePage()
  const shown = theme.theme.value
  const session = ask.sessionId.value
  const views: readonly Entry[] = [
    ['Search', 'search', EMPTY_SEARCH],
    // The conversation that somebody came from, where an answer may still be written.
    ['Ask', 'ask', { view: 'ask', ...(session === undefined ? {} : { session }) }],
    ['Documents', 'documents', { view: 'documents' }],
    ['Map', 'map', { view: 'map', query: '', colour: 'collection' }],
    ['Overview', 'overview', { view: 'overview', tab: 'topics' }],
  ]
  return (
    <header class="page-header">
      <a class="brand" href={formatRoute(EMPTY_SEARCH)}>
        <svg viewBox="0 0 32 32" aria-hidden="true">
          <path class="gem" d="M9 5h14l6 8-13 15L3 13z" />
          <path class="facet" d="M9 5l7 8 7-8zM3 13h26L16 28z" />
        </svg>
        gemdex
      </a>
      <nav aria-label="Views">
        {views.map(([name, icon, target]) => (
          <a
            key={name}
            href={formatRoute(target)}
            {...(target.view === view ? { 'aria-current': 'page' as const } : {})}
          >
            <Icon name={icon} />
            <span>{name}</span>
          </a>
        ))}
      </nav>
      <div class="page-tools">
        {service.hasKey.value && (
          <button type="button" class="link-button small" onClick={service.forgetKey}>
            Forget key
          </button>
        )}
        <button
          type="button"
          class="icon-button"
          title={`Colours: ${THEME_NAMES[shown]}`}
          aria-label={`Colours: ${THEME_NAMES[shown]}. Change`}
          onClick={theme.next}
        >
          <Icon name={shown} />
        </button>
      </div>
    </header>
  )
}
