import { type Signal, signal } from '@preact/signals'
import { useRef } from 'preact/hooks'
import { type LabelsRoute, NO_LABELS } from './labels-route.js'
import { type CompareRoute, formatRoute, NOTHING_COMPARED, type Route } from './route.js'

/** What somebody is writing down. It outlives its view, as a conversation does. */
export type Drafts = { readonly labels: Signal<LabelsRoute>; readonly compare: Signal<CompareRoute> }

export function createDrafts(): Drafts {
  return { labels: signal(NO_LABELS), compare: signal(NOTHING_COMPARED) }
}

/** What is being written; an address that is come to takes its place, unless it says `nothing`. */
export function useDraft<Given extends Route>(draft: Signal<Given>, route: Given, nothing: Given): Given {
  const seen = useRef<string>(undefined)
  const key = formatRoute(route)
  if (seen.current !== key) {
    seen.current = key
    if (key !== formatRoute(nothing) && key !== formatRoute(draft.peek())) draft.value = route
  }
  return draft.value
}
