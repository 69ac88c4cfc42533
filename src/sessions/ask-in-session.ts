import type { AnswerEvent, Answerer, AskRequest } from '../answer/answerer.js'
import { readQuestion } from '../answer/check-images.js'
import type { PastTurn } from '../answer/history.js'
import { withPartialAnswer } from '../answer/write-answer.js'
import { toGemdexError } from '../errors.js'
import { analyzedText } from '../text/analyze.js'
import type { Answer, Hit, Session } from '../types.js'
import type { Serialiser } from './serialise.js'
import type { NewTurn, Owned, SessionStore } from './session-store.js'
import { titleOf } from './title-of.js'
import { unknownSession } from './unknown-session.js'

export type ConversationDependencies = {
  readonly store: SessionStore
  readonly answerer: Answerer
  readonly serialiser: Serialiser
}

/** A conversation by its id; a new one is made by its first turn. */
export type SessionRef = Owned & { readonly id: string; readonly isNew: boolean }

/**
 * Asks within a conversation: the question goes with what was answered before, one turn at a time, and what comes of it is
 * kept before `done` is given. A turn that fails, or that its reader leaves, is kept as failed once its sources were found;
 * it does not go on in the conversation. Throws NOT_FOUND for an unknown conversation, STORE_READ_ONLY
 * before anything is asked, SESSION_BUSY when another process has added a turn while this one was answered, and what the answerer
 * throws.
 */
export async function* askInSession(
  session: SessionRef,
  request: Omit<AskRequest, 'past'>,
  { store, answerer, serialiser }: ConversationDependencies,
): AsyncGenerator<AnswerEvent> {
  const { id, isNew, ...owned } = session
  // By owner too: whoever names a conversation of somebody else is not to wait for it.
  const leave = await serialiser.enter(JSON.stringify([id, owned]), request.signal)
  try {
    const known = await store.getSession(id, owned)
    if (known === undefined && !isNew) throw unknownSession(id)
    await store.requireWritable()
    const { text: question } = readQuestion(request.question, request.images)
    const last = known?.turns.at(-1)?.ordinal ?? 0
    const keep = async (turn: NewTurn) => {
      const terms = analyzedText(`${turn.question}\n${turn.answer}`)
      // A turn that failed stands for itself: what others have added meanwhile does not matter to it.
      const place = turn.status === 'failed' ? owned : { ...owned, after: last }
      await store.appendTurn(id, { ...turn, terms }, titleOf(question), place)
    }
    yield* record(answerer.ask({ ...request, past: pastOf(known) }), {
      question,
      sessionId: id,
      keep,
    })
  } finally {
    leave()
  }
}

type Recording = {
  readonly question: string
  readonly sessionId: string
  readonly keep: (turn: NewTurn) => Promise<void>
}

/** The same events, of which a turn is kept. */
async function* record(
  events: AsyncIterable<AnswerEvent>,
  { question, sessionId, keep }: Recording,
): AsyncGenerator<AnswerEvent> {
  let unfinished: NewTurn | undefined
  let errorCode: string = 'CANCELLED'
  try {
    for await (const event of events) {
      if (event.type === 'sources') unfinished = beginTurn(question, event.standaloneQuestion, event.sources)
      if (event.type === 'delta' && unfinished !== undefined)
        unfinished = { ...unfinished, answer: unfinished.answer + event.text }
      if (event.type === 'done') {
        unfinished = undefined
        yield { type: 'done', answer: await keepAnswer({ ...event.answer, sessionId }, question, keep) }
      } else yield event
    }
  } catch (error) {
    errorCode = toGemdexError(error).code
    throw error
  } finally {
    // Also reached when the reader leaves. That the turn cannot be kept must not hide what went wrong before.
    if (unfinished !== undefined) await keep({ ...unfinished, errorCode }).catch(() => undefined)
  }
}

async function keepAnswer(answer: Answer, question: string, keep: Recording['keep']): Promise<Answer> {
  try {
    await keep(turnOf(question, answer))
    return answer
  } catch (error) {
    throw withPartialAnswer(error, answer.answer)
  }
}

function beginTurn(question: string, standaloneQuestion: string, sources: readonly Hit[]): NewTurn {
  return {
    question,
    standaloneQuestion,
    status: 'failed',
    answer: '',
    citations: [],
    unsupported: [],
    sources: sources.map(sourceOf),
    model: '',
  }
}

function turnOf(question: string, answer: Answer): NewTurn {
  const { status, citations, unsupported, standaloneQuestion, model, reason, finishReason, usage } = answer
  return {
    question,
    standaloneQuestion,
    status,
    answer: answer.answer,
    citations,
    unsupported,
    sources: answer.sources.map(sourceOf),
    model,
    ...(reason === undefined ? {} : { reason }),
    ...(finishReason === undefined ? {} : { finishReason }),
    ...(usage === undefined ? {} : { usage }),
  }
}

function sourceOf({ id, documentId, title, uri, collection, location }: Hit): NewTurn['sources'][number] {
  return { id, documentId, title, uri, collection, location }
}

/** What goes on: questions that were answered, or to which the documents had no answer, as they stand alone. */
function pastOf(session: Session | undefined): PastTurn[] {
  return (session?.turns ?? [])
    .filter(
      ({ status, answer }) =>
        status === 'answered' || status === 'refused' || (status === 'truncated' && answer !== ''),
    )
    .map(({ standaloneQuestion, answer }) => ({ question: standaloneQuestion, answer }))
}
