import { GemdexError } from '../errors.js'
import type { Call } from './call.js'

/** A comment now and then, so that proxies do not take a thinking model for a dead connection. */
const KEEP_ALIVE_MS = 15_000
/** A reader that takes nothing for this long is dropped. */
const STALLED_MS = 30_000

export type EventStream = {
  /** Sends an event; resolves when the client has room for more, rejects when it left or stalls. */
  send(event: string, data: unknown): Promise<void>
  end(): void
}

/**
 * Turns a call's answer into server-sent events (https://html.spec.whatwg.org/multipage/server-sent-events.html): one
 * `event` and one line of JSON as `data` each. At most what the socket buffers is held for a slow reader.
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
  return {
    async send(event, data) {
      if (response.destroyed) throw new GemdexError('CANCELLED', 'The client left')
      if (!response.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`)) await roomIn(call)
    },
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
