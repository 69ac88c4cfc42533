import type { Answer, Citation, Turn } from '../../api/client.js'

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

/** As it begins. */
export const UNANSWERED: Omit<Exchange, 'question' | 'pictures'> = {
  phase: 'searching',
  text: '',
  citations: [],
  unsupported: [],
  sources: [],
  standaloneQuestion: '',
}

/** The last event replaces everything that was shown before it. */
export function ofAnswer(answer: Answer): Partial<Exchange> {
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

/** A turn of a conversation that is kept. */
export function ofTurn(turn: Turn): Exchange {
  const { question, standaloneQuestion, status, citations, unsupported, sources, model } = turn
  const reason = turn.reason ?? turn.errorCode
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
