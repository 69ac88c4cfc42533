import { render } from 'preact'
import './styles/base.css'
import './styles/controls.css'
import './styles/search.css'
import './styles/reader.css'
import './styles/ask.css'
import './styles/documents.css'
import './styles/map.css'
import './styles/overview.css'
import './styles/labels.css'
import { App } from './app.js'
import { createAskState } from './ask/ask-state.js'
import { createSearchState } from './search/search-state.js'
import { createDrafts } from './state/drafts.js'
import { PageContext } from './state/page-context.js'
import { createRouter } from './state/router.js'
import { createService } from './state/service.js'
import { createThemeChoice } from './state/theme.js'

const root = document.getElementById('page')
if (root !== null) {
  const service = createService({
    baseUrl: new URL('.', document.baseURI).href,
    fetch: (...call) => fetch(...call),
    tab: sessionStorage,
    browser: localStorage,
  })
  const page = {
    service,
    router: createRouter(window),
    theme: createThemeChoice(document.documentElement, localStorage),
    search: createSearchState(service),
    ask: createAskState(service),
    drafts: createDrafts(),
    surveys: new Map(),
  }
  render(
    <PageContext.Provider value={page}>
      <App />
    </PageContext.Provider>,
    root,
  )
}
