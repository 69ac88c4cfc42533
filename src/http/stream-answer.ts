import type { AnswerEvent } from '../engine.js'
import type { Call } from './call.js'
import { type SentEvent, streamEvents } from './stream-events.js'

/** Sends an answer's events as they come: `sources`, `delta`, `citation`, then `done` or `error`. */
export async function streamAnswer(
  events: AsyncIterable<AnswerEvent>,
  call: Call,
  onError: (thrown: unknown) => void,
): Promise<void> {
  return streamEvents(named(events), call, onError)
}

async function* named(events: AsyncIterable<AnswerEvent>): AsyncGenerator<SentEvent> {
  for await (const event of events) {
    yield { event: event.type, data: dataOf(event), isLast: event.type === 'done' }
  }
}

function dataOf(event: AnswerEvent): unknown {
  switch (event.type) {
    case 'sources':
      return { sources: event.sources, standaloneQuestion: event.standaloneQuestion }
    case 'delta':
      return { text: event.text }
    case 'citation':
      return event.citation
    case 'done':
      return event.answer
  }
}
