import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'

/** Time for the client to read its answer before the connection is cut. */
const LINGER_MS = 500

/**
 * Ends a connection whose request was not read to its end: what was written is sent, nothing more is read, and only after
 * a moment the socket is destroyed. Destroyed at once, the system would answer the unread bytes with a reset, which can
 * make the client lose the answer (RFC 9112, section 9.6).
 */
export function endGently(socket: Duplex): void {
  socket.end()
  socket.pause()
  setTimeout(() => socket.destroy(), LINGER_MS)
}

/** Makes Node end the request's connection gently when the answer is sent before the request has arrived. */
export function lingerOnClose(request: IncomingMessage): void {
  const { socket } = request
  const destroySoon = socket.destroySoon.bind(socket)
  socket.destroySoon = () => (request.complete ? destroySoon() : endGently(socket))
}
