import { useRef, useState } from 'preact/hooks'
import type { GemdexClient, Progress, SurveyOptions } from '../../api/client.js'
import { usePage } from '../state/page-context.js'
import { type Loaded, useLoad } from '../state/use-load.js'

export type Survey<T> = Loaded<T> & {
  /** How far it is, once the service has said so. */
  readonly progress: Progress | undefined
  readonly isCancelled: boolean
  cancel(): void
}

/** Fetches what takes long, once for the whole visit: `reload` asks again. Leaving the view cancels it. */
export function useSurvey<T>(
  key: string,
  ask: (client: GemdexClient, options: SurveyOptions) => Promise<T>,
): Survey<T> {
  const { surveys } = usePage()
  const [progress, setProgress] = useState<Progress>()
  const abort = useRef<AbortController | undefined>(undefined)
  const loaded = useLoad(key, async (client, signal) => {
    const known = surveys.get(key)
    if (known?.client === client) return known.value as T
    setProgress(undefined)
    const own = new AbortController()
    abort.current = own
    const value = await ask(client, {
      signal: AbortSignal.any([signal, own.signal]),
      onProgress: setProgress,
    })
    surveys.set(key, { client, value })
    return value
  })
  return {
    ...loaded,
    progress,
    isCancelled: loaded.error !== undefined && abort.current?.signal.aborted === true,
    cancel: () => abort.current?.abort(),
    reload() {
      surveys.delete(key)
      loaded.reload()
    },
  }
}
