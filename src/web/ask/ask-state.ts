import { batch, type ReadonlySignal, signal } from '@preact/signals'
import type { Service } from '../state/service.js'
import { type Exchange, ofTurn, type Picture, UNANSWERED } from './exchange.js'
import { followAnswer } from './follow-answer.js'

export type AskState = {
  /** Of the conversation that is shown; undefined for one that has not begun. */
  readonly sessionId: ReadonlySignal<string | undefined>
  readonly exchanges: ReadonlySignal<readonly Exchange[]>
  readonly isLoading: ReadonlySignal<boolean>
  readonly error: ReadonlySignal<unknown>
  readonly isAnswering: ReadonlySignal<boolean>
  /** Grows whenever the list of conversations has changed. */
  readonly changes: ReadonlySignal<number>
  /** Shows a conversation, or an empty one; nothing happens when it is shown already. */
  open(id: string | undefined, options?: { readonly anew?: boolean }): Promise<void>
  /** Asks, in the conversation that is shown or in a new one, whose id is handed to `onBegun`. */
  ask(question: string, pictures: readonly Picture[], onBegun: (id: string) => void): Promise<void>
  /** Ends the answer that is being written. */
  stop(): void
  rename(id: string, title: string): Promise<void>
  remove(id: string): Promise<void>
}

/** The conversation of the page. It outlives its view: an answer goes on while somebody reads its sources. */
export function createAskState(service: Service): AskState {
  const sessionId = signal<string | undefined>(undefined)
  const exchanges = signal<readonly Exchange[]>([])
  const isLoading = signal(false)
  const error = signal<unknown>(undefined)
  const isAnswering = signal(false)
  const changes = signal(0)
  let answering: AbortController | undefined
  let loading: AbortController | undefined

  function leave(): void {
    answering?.abort()
    answering = undefined
    isAnswering.value = false
    loading?.abort()
  }

  const change = (change: Partial<Exchange>) => {
    const last = exchanges.value.at(-1)
    if (last !== undefined) exchanges.value = [...exchanges.value.slice(0, -1), { ...last, ...change }]
  }

  return {
    sessionId,
    exchanges,
    isLoading,
    error,
    isAnswering,
    changes,

    async open(id, { anew = false } = {}) {
      if (id === sessionId.value && !anew) return
      if (isAnswering.value && id === sessionId.value) return
      leave()
      batch(() => {
        sessionId.value = id
        exchanges.value = []
        error.value = undefined
        isLoading.value = id !== undefined
      })
      if (id === undefined) return
      const abort = new AbortController()
      loading = abort
      try {
        const { turns } = await service.client.value.sessions.get(id, { signal: abort.signal })
        if (abort.signal.aborted) return
        exchanges.value = turns.map(ofTurn)
      } catch (thrown) {
        if (abort.signal.aborted) return
        error.value = thrown
      }
      isLoading.value = false
    },

    async ask(question, pictures, onBegun) {
      if (isAnswering.value) return
      const abort = new AbortController()
      answering = abort
      isAnswering.value = true
      const urls = pictures.map(({ url }) => url)
      exchanges.value = [...exchanges.value, { ...UNANSWERED, question, pictures: urls }]
      const client = service.client.value
      const { signal } = abort
      try {
        if (sessionId.value === undefined) {
          const { id } = await client.sessions.create({}, { signal })
          sessionId.value = id
          onBegun(id)
        }
        const images = pictures.map(({ mimeType, data }) => ({ mimeType, data }))
        const body = {
          question,
          sessionId: sessionId.value,
          ...(images.length === 0 ? {} : { images }),
        }
        await followAnswer(client.askEvents(body, { signal }), change, () => answering !== abort)
      } catch (thrown) {
        if (answering === abort)
          change(signal.aborted ? { phase: 'stopped' } : { phase: 'failed', error: thrown })
      }
      if (answering === abort) isAnswering.value = false
      changes.value++
    },

    stop: () => answering?.abort(),

    async rename(id, title) {
      await service.client.value.sessions.rename(id, title)
      changes.value++
    },

    async remove(id) {
      await service.client.value.sessions.remove(id)
      if (id === sessionId.value) {
        leave()
        sessionId.value = undefined
        exchanges.value = []
      }
      changes.value++
    },
  }
}
