import { computed, type ReadonlySignal, signal } from '@preact/signals'
import { createClient, type GemdexClient } from '../../api/client.js'

export type Connection = 'up' | 'down' | 'needs-key'

/** The service, as far as the page knows of it. */
export type Service = {
  readonly client: ReadonlySignal<GemdexClient>
  readonly connection: ReadonlySignal<Connection>
  /** Grows when what failed may be asked again: the service is back, or a key was given. */
  readonly epoch: ReadonlySignal<number>
  /** Whether a key was given, which was then refused. */
  readonly isKeyRefused: ReadonlySignal<boolean>
  readonly hasKey: ReadonlySignal<boolean>
  /** Keeps a key for as long as this tab is open, or in this browser. */
  useKey(key: string, remember: boolean): void
  forgetKey(): void
}

export type ServiceOptions = {
  readonly baseUrl: string
  readonly fetch: typeof fetch
  /** Where a key is kept: for the tab, and for the browser. */
  readonly tab: Storage
  readonly browser: Storage
}

const KEY = 'gemdex-api-key'
const FIRST_RETRY_MS = 500
const LAST_RETRY_MS = 5_000

export function createService({ baseUrl, fetch: fetchWith, tab, browser }: ServiceOptions): Service {
  const key = signal(tab.getItem(KEY) ?? browser.getItem(KEY))
  const connection = signal<Connection>('up')
  const epoch = signal(0)

  async function watchedFetch(...call: Parameters<typeof fetch>): Promise<Response> {
    const signal = call[1]?.signal
    try {
      const response = await fetchWith(...call)
      if (response.status === 401) connection.value = 'needs-key'
      return response
    } catch (error) {
      if (signal?.aborted !== true && connection.value === 'up') {
        connection.value = 'down'
        void waitUntilBack()
      }
      throw error
    }
  }

  async function waitUntilBack(): Promise<void> {
    for (let waitMs = FIRST_RETRY_MS; ; waitMs = Math.min(waitMs * 1.5, LAST_RETRY_MS)) {
      await new Promise((resolve) => setTimeout(resolve, waitMs))
      const isBack = await fetchWith(`${baseUrl}readyz`).then(
        ({ ok }) => ok,
        () => false,
      )
      if (!isBack) continue
      connection.value = 'up'
      epoch.value++
      return
    }
  }

  function keep(value: string | null, storage: Storage): void {
    tab.removeItem(KEY)
    browser.removeItem(KEY)
    if (value !== null) storage.setItem(KEY, value)
    key.value = value
    connection.value = 'up'
    epoch.value++
  }

  return {
    client: computed(() =>
      createClient({
        baseUrl,
        fetch: watchedFetch,
        ...(key.value === null ? {} : { apiKey: key.value }),
      }),
    ),
    connection,
    epoch,
    isKeyRefused: computed(() => connection.value === 'needs-key' && key.value !== null),
    hasKey: computed(() => key.value !== null),
    useKey: (value, remember) => keep(value, remember ? browser : tab),
    forgetKey: () => keep(null, tab),
  }
}
