import type { AnswerEvent } from '../engine.js'
import { GemdexError } from '../errors.js'
import type { Call } from './call.js'
import { openEventStream } from './event-stream.js'
import { describeError } from './http-error.js'

/**
 * Sends an answer's events as they come: `sources`, `delta`, `citation`, then `done` or `error`. What goes wrong before
 * the first event is thrown, so that it gets a status of its own; later it becomes the `error` event, and `onError` is
 * told. The answer ends at once when the call's signal aborts, even when the source of the events takes no notice; the
 * promise resolves when the source has ended too.
 */
export async function streamAnswer(
  events: AsyncIterable<AnswerEvent>,
  call: Call,
  onError: (thrown: unknown) => void,
): Promise<void> {
  const iterator = events[Symbol.asyncIterator]()
  const next = () => unlessAborted(iterator.next(), call.signal)
  try {
    const first = await next()
    if (first.done) throw endedEarly()
    const stream = openEventStream(call)
    try {
      await sendAll(stream.send, first.value, next)
    } catch (thrown) {
      onError(thrown)
      const { body } = describeError(thrown, call.requestId)
      if (!call.response.destroyed) await stream.send('error', body).catch(() => undefined)
    }
    stream.end()
  } finally {
    // The answer is over; this waits for the source to let go of what it uses.
    await Promise.resolve(iterator.return?.()).catch(() => undefined)
  }
}

async function sendAll(
  send: (event: string, data: unknown) => Promise<void>,
  first: AnswerEvent,
  next: () => Promise<IteratorResult<AnswerEvent>>,
): Promise<void> {
  for (let event = first; ; ) {
    await send(event.type, dataOf(event))
    if (event.type === 'done') return
    const result = await next()
    if (result.done) throw endedEarly()
    event = result.value
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

function endedEarly(): GemdexError {
  return new GemdexError('INCOMPLETE', 'The answer ended without a result', { retryable: true })
}

/** The promise's outcome, or the signal's reason as soon as it aborts. */
function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const aborted = () => reject(signal.reason)
    if (signal.aborted) aborted()
    signal.addEventListener('abort', aborted, { once: true })
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', aborted))
  })
}
