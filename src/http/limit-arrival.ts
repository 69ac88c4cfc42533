import type { IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import { REQUEST_TIMEOUT_MS } from './limits.js'

/**
 * Gives a request 10 seconds to arrive. Gives what lifts the limit, for a file whose progress is watched instead. Node itself
 * has one limit for all requests of a server; what it does when that has passed is done here earlier.
 */
export function limitArrival(request: IncomingMessage): () => void {
  const timer = setTimeout(() => {
    const { socket } = request as { readonly socket: Socket & { readonly server?: NodeJS.EventEmitter } }
    const error = Object.assign(new Error('Request timeout'), { code: 'ERR_HTTP_REQUEST_TIMEOUT' })
    if (!request.complete) socket.server?.emit('clientError', error, socket)
  }, REQUEST_TIMEOUT_MS)
  const lift = () => clearTimeout(timer)
  request.on('end', lift).on('close', lift)
  return lift
}
