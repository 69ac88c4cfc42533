import { useEffect, useRef, useState } from 'preact/hooks'
import { usePage } from '../state/page-context.js'
import type { Route } from '../state/route.js'

/** What somebody asked for; `count` tells it from the time before. */
export type Run<Request> = { readonly request: Request; readonly count: number }

/** The name under which a survey is known: surveys of one `name` take turns. */
export function runKey(name: string, request: unknown): string {
  return `${name} ${JSON.stringify(request)}`
}

/**
 * A survey that is made when somebody says so, and not because an address does, as it may cost. What was found out before is there
 * at once; of each name one answer is kept, which may be large. The address holds what was asked for.
 */
export function useRun<Request>(
  name: string,
  request: Request,
  route: Route,
): { readonly run: Run<Request> | undefined; start(): void } {
  const { router, surveys } = usePage()
  const [run, setRun] = useState<Run<Request> | undefined>(() =>
    surveys.has(runKey(name, request)) ? { request, count: 0 } : undefined,
  )
  useEffect(() => {
    if (run !== undefined) router.replace(route)
  }, [])
  return {
    run,
    start() {
      for (const key of [...surveys.keys()]) if (key.startsWith(`${name} `)) surveys.delete(key)
      router.replace(route)
      setRun({ request, count: (run?.count ?? 0) + 1 })
    },
  }
}

/** Brings what comes of a run into view where it is not, such as below a long form; what was there before stays where it was. */
export function useSeen(isAsked: boolean, isLoading: boolean): { current: HTMLElement | null } {
  const element = useRef<HTMLElement>(null)
  useEffect(() => {
    const top = element.current?.getBoundingClientRect().top ?? 0
    const isSeen = top >= 0 && top < innerHeight / 2
    if (isAsked && !isSeen) element.current?.scrollIntoView({ block: 'start' })
  }, [isLoading])
  return element
}
