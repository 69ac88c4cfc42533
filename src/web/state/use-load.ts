import { useEffect, useState } from 'preact/hooks'
import type { GemdexClient } from '../../api/client.js'
import { usePage } from './page-context.js'

/** Something that is fetched. While it is fetched anew, what was there before stays. */
export type Loaded<T> = {
  readonly value: T | undefined
  readonly error: unknown
  readonly isLoading: boolean
  reload(): void
}

type Outcome<T> = { readonly key: string; readonly value?: T; readonly error?: unknown }

/**
 * Fetches something for as long as a view shows it: when `key` or `version` changes, when `reload` is called, and when the
 * service is there again. Each cancels what is under way; a change of the key forgets what was there.
 */
export function useLoad<T>(
  key: string,
  load: (client: GemdexClient, signal: AbortSignal) => Promise<T>,
  version: unknown = 0,
): Loaded<T> {
  const { service } = usePage()
  const [outcome, setOutcome] = useState<Outcome<T>>({ key })
  const [attempt, setAttempt] = useState(0)
  const [isLoading, setLoading] = useState(true)
  const epoch = service.epoch.value
  const client = service.client.value
  useEffect(() => {
    const abort = new AbortController()
    setLoading(true)
    load(client, abort.signal).then(
      (value) => {
        if (abort.signal.aborted) return
        setOutcome({ key, value })
        setLoading(false)
      },
      (error: unknown) => {
        if (abort.signal.aborted) return
        setOutcome({ key, error })
        setLoading(false)
      },
    )
    return () => abort.abort()
  }, [key, version, attempt, epoch, client])
  const isCurrent = outcome.key === key
  return {
    value: isCurrent ? outcome.value : undefined,
    error: isCurrent ? outcome.error : undefined,
    isLoading: isLoading || !isCurrent,
    reload: () => setAttempt((count) => count + 1),
  }
}
