import { type ReadonlySignal, signal } from '@preact/signals'
import { formatRoute, parseRoute, type Route } from './route.js'

export type Router = {
  readonly route: ReadonlySignal<Route>
  /** Shows a view as a new step of the history. */
  go(route: Route): void
  /** The same in place of the present step: for what changes with every letter. */
  replace(route: Route): void
  back(): void
  /** Where the page was scrolled to when this step was left; taken once. */
  takeScroll(): number | undefined
}

/** Keeps the address and the view the same, both ways. */
export function createRouter(view: Window): Router {
  const route = signal(parseRoute(view.location.hash))
  let scroll: number | undefined
  view.history.scrollRestoration = 'manual'

  const rememberScroll = () => view.history.replaceState({ scroll: view.scrollY }, '')
  view.addEventListener('popstate', ({ state }) => {
    scroll = (state as { scroll?: number } | null)?.scroll
    route.value = parseRoute(view.location.hash)
  })
  // A link was followed: where it led away from is known here only.
  view.document.addEventListener('click', ({ target }) => {
    if (target instanceof Element && target.closest('a[href^="#"]') !== null) rememberScroll()
  })

  return {
    route,
    go(next) {
      if (formatRoute(next) === formatRoute(route.value)) return
      rememberScroll()
      view.history.pushState(null, '', formatRoute(next))
      scroll = undefined
      route.value = next
    },
    replace(next) {
      view.history.replaceState(view.history.state, '', formatRoute(next))
      route.value = next
    },
    back: () => view.history.back(),
    takeScroll() {
      const at = scroll
      scroll = undefined
      return at
    },
  }
}
