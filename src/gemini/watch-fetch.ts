import type { CallScope } from './call-scope.js'

/** Of an answer. A hundred vectors of 3,072 numbers take 7 MB; the longest answer of a model half of one. */
const MAX_ANSWER_BYTES = 32_000_000
/** Of one event of a stream: the SDK looks through all that it has of an event with every piece of it. */
const MAX_EVENT_BYTES = 4_000_000
const LINE_FEED = 10
const REFUSED = 400

/** A `fetch` that notes for its call what the SDK does not pass on, and ends the call when its answer is too large. */
export function watchFetch(send: typeof fetch, { facts, endTooLarge }: CallScope): typeof fetch {
  return async (input, init) => {
    const response = await send(input, init).catch((thrown: unknown) => {
      facts.unreachable = thrown
      throw thrown
    })
    const retryAfterMs =
      response.status < REFUSED ? undefined : readRetryAfter(response.headers.get('retry-after'), Date.now())
    if (retryAfterMs !== undefined) facts.retryAfterMs = retryAfterMs
    if (response.body === null) return response
    const { status, statusText, headers } = response
    const isStream = headers.get('content-type')?.startsWith('text/event-stream') ?? false
    const body = response.body.pipeThrough(
      limitBytes(isStream ? MAX_EVENT_BYTES : MAX_ANSWER_BYTES, endTooLarge),
    )
    return new Response(body, { status, statusText, headers })
  }
}

/**
 * Begins a call of the SDK with this `fetch` in place of the global one. The SDK has no option for it, but takes the global
 * one in the same turn in which a call is begun: nobody else sees the exchange.
 */
export function beginWithFetch<T>(send: typeof fetch, begin: () => T): T {
  const own = globalThis.fetch
  globalThis.fetch = send
  try {
    return begin()
  } finally {
    globalThis.fetch = own
  }
}

/** Milliseconds that a `Retry-After` header asks for, in seconds or as a date (RFC 9110, section 10.2.3). */
export function readRetryAfter(value: string | null, nowMs: number): number | undefined {
  if (value === null) return undefined
  const waitMs = /^\d+$/.test(value.trim()) ? Number(value) * 1000 : Date.parse(value) - nowMs
  return Number.isFinite(waitMs) && waitMs > 0 ? waitMs : undefined
}

/** Passes bytes on until there are too many, in all or since the last line ended. */
function limitBytes(maxLineBytes: number, endTooLarge: () => void): TransformStream<Uint8Array, Uint8Array> {
  let bytes = 0
  let ofLine = 0
  return new TransformStream({
    transform(piece, controller) {
      const lineEnd = piece.lastIndexOf(LINE_FEED)
      bytes += piece.length
      ofLine = lineEnd === -1 ? ofLine + piece.length : piece.length - lineEnd - 1
      if (bytes > MAX_ANSWER_BYTES || ofLine > maxLineBytes) {
        endTooLarge()
        controller.error(new Error('The answer is too large'))
      } else controller.enqueue(piece)
    },
  })
}
