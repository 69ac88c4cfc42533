import { useEffect, useRef, useState } from 'preact/hooks'
import { usePage } from '../state/page-context.js'
import type { SearchRoute } from '../state/route.js'

const DEBOUNCE_MS = 120

/** What stands in the search box, and the address that follows it. */
export type TypedQuery = {
  readonly text: string
  /** Letters were typed: shown after a moment. */
  type(text: string): void
  /** Shown at once. */
  show(text: string): void
  /** What is typed next is a step of the history of its own. */
  settle(): void
}

/** A step of the history is a query, not a letter of it: while one is typed the step is replaced. */
export function useTypedQuery(route: SearchRoute): TypedQuery {
  const { router } = usePage()
  const [text, setText] = useState(route.query)
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  const isOwnStep = useRef(false)

  // Going back, or a link, changes the query from outside.
  useEffect(() => {
    if (text.trim() !== route.query) setText(route.query)
  }, [route.query])
  useEffect(() => () => clearTimeout(timer.current), [])

  const show = (query: string) => {
    clearTimeout(timer.current)
    setText(query)
    const shown = { ...route, query: query.trim() }
    if (isOwnStep.current) router.replace(shown)
    else router.go(shown)
    isOwnStep.current = true
  }
  return {
    text,
    type(typed) {
      setText(typed)
      clearTimeout(timer.current)
      timer.current = setTimeout(show, DEBOUNCE_MS, typed)
    },
    show,
    settle() {
      isOwnStep.current = false
    },
  }
}
