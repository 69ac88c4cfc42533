import { batch, type ReadonlySignal, signal } from '@preact/signals'
import type { Answer, AskEvent, Citation, Turn } from '../../api/client.js'
import type { Service } from '../state/service.js'

/** A passage that an answer was made from; of past conversations without its words. */
export type Source = Turn['sources'][number] & { readonly snippet?: string }

/** A question and what came of it, as far as it has come. */
export type Exchange = {
  readonly question: string
  /** Addresses of pictures that belong to it, within this page. */
  readonly pictures: readonly string[]
  readonly phase: 'searching' | 'writing' | 'done' | 'stopped' | 'failed'
  /** Once it is done; `failed` also of a past turn. */
  readonly status?: Turn['status']
  readonly text: string
  readonly citations: readonly Citation[]
  readonly unsupported: Answer['unsupported']
  readonly sources: readonly Source[]
  readonly standaloneQuestion: string
  readonly reason?: string
  readonly degraded?: string
  readonly model?: string
  readonly error?: unknown
}

export type Picture = { readonly mimeType: string; readonly data: string; readonly url: string }

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

/** Text comes by the word: drawing it at each would cost more than writing it. */
const DRAW_EVERY_MS = 40

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

  async function follow(events: AsyncIterable<AskEvent>): Promise<void> {
    let text = ''
    let due: ReturnType<typeof setTimeout> | undefined
    const draw = () => {
      due = undefined
      change({ text })
    }
    try {
      for await (const event of events) {
        switch (event.type) {
          case 'sources':
            change({
              phase: 'writing',
              sources: event.sources,
              standaloneQuestion: event.standaloneQuestion,
            })
            break
          case 'delta':
            text += event.text
            due ??= setTimeout(draw, DRAW_EVERY_MS)
            break
          case 'citation':
            change({ citations: [...(exchanges.value.at(-1)?.citations ?? []), event.citation] })
            break
          case 'done':
            clearTimeout(due)
            due = undefined
            change(ofAnswer(event.answer))
        }
      }
    } finally {
      // What had come stays when it breaks off, but for a conversation that was left.
      clearTimeout(due)
      if (due !== undefined && answering !== undefined) draw()
    }
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
        await follow(client.askEvents(body, { signal }))
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

const UNANSWERED: Omit<Exchange, 'question' | 'pictures'> = {
  phase: 'searching',
  text: '',
  citations: [],
  unsupported: [],
  sources: [],
  standaloneQuestion: '',
}

/** The last event replaces everything that was shown before it. */
function ofAnswer(answer: Answer): Partial<Exchange> {
  const { status, citations, unsupported, sources, standaloneQuestion, model, reason, degraded } = answer
  return {
    phase: 'done',
    status,
    text: answer.answer,
    citations,
    unsupported,
    sources,
    standaloneQuestion,
    model,
    ...(reason === undefined ? {} : { reason }),
    ...(degraded === undefined ? {} : { degraded }),
  }
}

function ofTurn(turn: Turn): Exchange {
  const { question, standaloneQuestion, status, citations, unsupported, sources, model, reason } = turn
  return {
    question,
    pictures: [],
    phase: turn.errorCode === 'CANCELLED' ? 'stopped' : 'done',
    status,
    text: turn.answer,
    citations,
    unsupported,
    sources,
    standaloneQuestion,
    model,
    ...(reason === undefined ? {} : { reason }),
  }
}
