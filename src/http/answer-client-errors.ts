import { randomUUID } from 'node:crypto'
import { type Server, type ServerResponse, STATUS_CODES } from 'node:http'
import type { Duplex } from 'node:stream'
import type { Logger } from '../logger.js'
import { describeError, HttpError } from './http-error.js'
import { MAX_URL_CHARS } from './limits.js'
import { endGently } from './linger.js'

type ParserError = NodeJS.ErrnoException & { readonly rawPacket?: Buffer }

/**
 * Answers what the HTTP parser refuses (and requests that take too long to arrive) in the shape of all errors, and closes
 * the connection. Node's own answers have no body and no request id.
 */
export function answerClientErrors(server: Server, logger: Logger): void {
  const current = new WeakMap<Duplex, ServerResponse>()
  server.on('request', (request, response) => current.set(request.socket, response))
  server.on('clientError', (error: ParserError, socket) => {
    const response = current.get(socket)
    const pending = response?.writableFinished === false ? response : undefined
    if (error.code === 'ECONNRESET' || !socket.writable || pending?.headersSent) {
      socket.destroy()
      return
    }
    const requestId = pending?.getHeader('x-request-id')?.toString() ?? randomUUID()
    writeError(socket, errorFor(error), requestId, logger)
  })
  // CONNECT asks for a tunnel; a server that listens to no such event drops the connection without a word.
  server.on('connect', (_request, socket) => {
    const error = new HttpError(405, 'BAD_INPUT', 'CONNECT is not a method of this service')
    writeError(socket, error, randomUUID(), logger)
  })
}

function errorFor({ code, rawPacket }: ParserError): HttpError {
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT')
    return new HttpError(408, 'TIMEOUT', 'The request took too long to arrive')
  if (code === 'HPE_HEADER_OVERFLOW') {
    const firstLine = rawPacket?.toString('latin1').split('\r\n', 1)[0] ?? ''
    return /^[A-Z]+ \//.test(firstLine) && firstLine.length > MAX_URL_CHARS
      ? new HttpError(414, 'BAD_INPUT', `The URL is longer than ${MAX_URL_CHARS} characters`, {
          field: 'url',
        })
      : new HttpError(431, 'BAD_INPUT', 'The headers are too large', { field: 'headers' })
  }
  return new HttpError(400, 'BAD_INPUT', 'The request is not valid HTTP')
}

function writeError(socket: Duplex, error: HttpError, requestId: string, logger: Logger): void {
  const { status, headers, body } = describeError(error, { requestId })
  const text = JSON.stringify(body)
  const lines = Object.entries({
    ...headers,
    connection: 'close',
    'content-type': 'application/json; charset=utf-8',
    'content-length': String(Buffer.byteLength(text)),
    'x-content-type-options': 'nosniff',
    'x-request-id': requestId,
  }).map(([name, value]) => `${name}: ${value}\r\n`)
  socket.write(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${lines.join('')}\r\n${text}`)
  endGently(socket)
  logger.info({ method: null, route: null, status, requestId, code: error.code }, 'request')
}
