import { createContext } from 'preact'
import { useContext } from 'preact/hooks'
import type { GemdexClient } from '../../api/client.js'
import type { AskState } from '../ask/ask-state.js'
import type { SearchState } from '../search/search-state.js'
import type { Drafts } from './drafts.js'
import type { Router } from './router.js'
import type { Service } from './service.js'
import type { ThemeChoice } from './theme.js'

/** What all views share. */
export type Page = {
  readonly router: Router
  readonly service: Service
  readonly theme: ThemeChoice
  readonly search: SearchState
  readonly ask: AskState
  readonly drafts: Drafts
  /** What takes long to find out, by the request: views that are shown again do not ask again, unless by another key. */
  readonly surveys: Map<string, { readonly client: GemdexClient; readonly value: unknown }>
}

export const PageContext = createContext<Page | null>(null)

export function usePage(): Page {
  const page = useContext(PageContext)
  if (page === null) throw new Error('A view stands outside of the page')
  return page
}
