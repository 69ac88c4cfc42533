import { useEffect } from 'preact/hooks'
import { AskView } from './ask/ask-view.js'
import { DocumentsView } from './documents/documents-view.js'
import { MapView } from './map/map-view.js'
import { LazyOverview } from './overview/lazy-overview.js'
import { PageHeader } from './page-header.js'
import { ReaderView } from './reader/reader-view.js'
import { SearchView } from './search/search-view.js'
import { KeyPrompt } from './shared/key-prompt.js'
import { usePage } from './state/page-context.js'
import { EMPTY_SEARCH, type Route } from './state/route.js'

const TITLES: Readonly<Record<Route['view'], string>> = {
  search: 'Search',
  document: 'Document',
  ask: 'Ask',
  documents: 'Documents',
  map: 'Map',
  overview: 'Overview',
}

/** The whole page: its head, one view, and what stands above both. */
export function App() {
  const { router, service } = usePage()
  const route = router.route.value
  const connection = service.connection.value
  useShortcuts()
  useEffect(() => {
    const query = 'query' in route && route.query !== '' ? `${route.query} · ` : ''
    document.title = `${query}${TITLES[route.view]} · gemdex`
  }, [route])
  return (
    <>
      <PageHeader view={route.view} />
      {connection === 'down' && (
        <p class="connection" role="status">
          <span class="spinner" aria-hidden="true" /> The service cannot be reached. Trying again …
        </p>
      )}
      <View route={route} />
      {connection === 'needs-key' && <KeyPrompt />}
    </>
  )
}

function View({ route }: { readonly route: Route }) {
  switch (route.view) {
    case 'search':
      return <SearchView route={route} />
    case 'document':
      return <ReaderView key={route.id} route={route} />
    case 'ask':
      return <AskView route={route} />
    case 'documents':
      return <DocumentsView route={route} />
    case 'map':
      return <MapView route={route} />
    case 'overview':
      return <LazyOverview route={route} />
  }
}

/** `/` leads to the box that somebody types into, Escape out of it, or back from a document. */
function useShortcuts(): void {
  const { router } = usePage()
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const isTyping = event.target instanceof Element && event.target.matches('input, textarea, select')
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return
      if (event.key === '/' && !isTyping) {
        event.preventDefault()
        const box = document.querySelector<HTMLElement>('[data-search]')
        if (box === null) router.go(EMPTY_SEARCH)
        else box.focus()
      }
      if (event.key !== 'Escape') return
      if (router.route.value.view === 'document') router.back()
      else if (isTyping && event.target instanceof HTMLElement) event.target.blur()
      else document.querySelector<HTMLElement>('[data-search]')?.focus()
    }
    addEventListener('keydown', onKey)
    return () => removeEventListener('keydown', onKey)
  }, [router])
}
