import { GemdexError } from '../errors.js'
import type { Call } from './call.js'
import { STALLED_MS } from './limits.js'

/** A comment now and then, so that proxies do not take a thinking model for a dead connection. */
const KEEP_ALIVE_MS = 15_000
/** Characters handed to the socket at a time: what waits in it for a slow reader is this and its own buffer. */
const SLICE_CHARS = 64 << 10

export type EventStream = {
  /** Sends an event; resolves when the client has room for more, rejects when it left or stalls. */
  send(event: { readonly event?: string; readonly data: unknown }): Promise<void>
  end(): void
}

/**
 * Turns a call's answer into server-sent events (https://html.spec.whatwg.org/multipage/server-sent-events.html): one
 * `event` and one line of JSON as `data` each.
 */
export function openEventStream(call: Call): EventStream {
  const { response } = call
  call.streaming = true
  response.writeHead(200, {
    'content-type': 'text/event-stream; charset=utf-8',
    'x-accel-buffering': 'no',
  })
  const keepAlive = setInterval(() => {
    if (!response.writableNeedDrain) response.write(': still here\n\n')
  }, KEEP_ALIVE_MS)
  response.on('close', () => clearInterval(keepAlive))

  async function write(text: string): Promise<void> {
    for (let at = 0; at < text.length; at += SLICE_CHARS) {
      if (response.destroyed) throw new GemdexError('CANCELLED', 'The client left')
      if (!response.write(text.slice(at, at + SLICE_CHARS))) await roomIn(call)
    }
  }

  return {
    send: ({ event, data }) =>
      write(
        `${event === undefined ? '' : `event: ${event}\n`}data: ${typeof data === 'string' ? data : JSON.stringify(data)}\n\n`,
      ),
    end() {
      clearInterval(keepAlive)
      response.end()
    },
  }
}

function roomIn({ response }: Call): Promise<void> {
  return new Promise((resolve, reject) => {
    const settle = (then: () => void) => {
      clearTimeout(timer)
      response.off('drain', drained).off('close', left)
      then()
    }
    const drained = () => settle(resolve)
    const left = () => settle(() => reject(new GemdexError('CANCELLED', 'The client left')))
    const timer = setTimeout(() => response.destroy(), STALLED_MS)
    response.on('drain', drained).on('close', left)
  })
}
