import type { AnswerEvent, Answerer, AskRequest } from '../../src/answer/answerer.js'
import { createConversations } from '../../src/sessions/conversations.js'
import type { SessionStore } from '../../src/sessions/session-store.js'
import type { Answer } from '../../src/types.js'
import { makeHit } from '../answer/make-hit.js'
import { openTempStore } from '../store/sqlite/temp-store.js'

export const hit = makeHit(1, 'The heat pump is quiet.')

export function answerOf(question: string, fields: Partial<Answer> = {}): Answer {
  return {
    status: 'answered',
    answer: `About ${question} [1].`,
    citations: [],
    unsupported: [],
    sources: [hit],
    standaloneQuestion: question,
    sessionId: null,
    model: 'fake',
    ...fields,
  }
}

/** The events of an answer. */
export function* eventsOf(answer: Answer): IterableIterator<AnswerEvent> {
  yield { type: 'sources', sources: answer.sources, standaloneQuestion: answer.standaloneQuestion }
  if (answer.answer !== '') yield { type: 'delta', text: answer.answer }
  yield { type: 'done', answer }
}

export type Play = (request: AskRequest) => Iterable<AnswerEvent> | AsyncIterable<AnswerEvent>

/** Conversations in a store of their own, answered by `play`; remembers what the answerer was asked. */
export function converse(
  play: Play = ({ question }) => eventsOf(answerOf(String(question))),
  store?: SessionStore,
) {
  const requests: AskRequest[] = []
  const answerer: Answerer = {
    async *ask(request) {
      requests.push(request)
      yield* play(request)
    },
  }
  const sessions = store ?? openTempStore().sessions
  return { requests, sessions, conversations: createConversations({ store: sessions, answerer }) }
}

export async function collect(events: AsyncIterable<AnswerEvent>): Promise<AnswerEvent[]> {
  const all: AnswerEvent[] = []
  for await (const event of events) all.push(event)
  return all
}
