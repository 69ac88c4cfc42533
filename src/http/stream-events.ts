import { GemdexError } from '../errors.js'
import type { Call } from './call.js'
import { openEventStream } from './event-stream.js'
import { describeError } from './http-error.js'

export type SentEvent = {
  /** Its name, if it has one. */
  readonly event?: string
  /** JSON; text goes as it is. */
  readonly data: unknown
  /** Whether the stream ends with it. */
  readonly isLast: boolean
}

/**
 * Sends events as they come, up to the last. What goes wrong before the first one is thrown, so that it gets a status of its own;
 * later it becomes an `error` event, and `onError` is told. The stream ends at once when the call's signal aborts, even when the
 * source of the events takes no notice; the promise resolves when the source has ended too.
 */
export async function streamEvents(
  events: AsyncIterable<SentEvent>,
  call: Call,
  onError: (thrown: unknown) => void,
): Promise<void> {
  const iterator = events[Symbol.asyncIterator]()
  const next = async () => {
    const result = await unlessAborted(iterator.next(), call.signal)
    if (result.done)
      throw new GemdexError('INCOMPLETE', 'The answer ended without a result', { retryable: true })
    return result.value
  }
  try {
    const first = await next()
    const stream = openEventStream(call)
    try {
      for (let each = first; ; each = await next()) {
        await stream.send(each)
        if (each.isLast) break
      }
    } catch (thrown) {
      onError(thrown)
      const { body } = describeError(thrown, call)
      const event = call.isOpenAi ? {} : { event: 'error' }
      if (!call.response.destroyed) await stream.send({ ...event, data: body }).catch(() => undefined)
    }
    stream.end()
  } finally {
    // The stream is over; this waits for the source to let go of what it uses.
    await Promise.resolve(iterator.return?.()).catch(() => undefined)
  }
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
