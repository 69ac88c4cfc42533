import { connect } from 'node:net'
import { onTestFinished } from 'vitest'
import type { SearchEngine } from '../../src/engine.js'
import { createHttpServer, type HttpServerOptions } from '../../src/http/create-http-server.js'
import type { ErrorBody } from '../../src/http/http-error.js'
import type { Logger } from '../../src/logger.js'
import { fakeEngine } from './fake-engine.js'

export type LogLine = {
  readonly level: string
  readonly event: string
  readonly facts: Record<string, unknown>
}

export function memoryLogger(): Logger & { readonly lines: LogLine[] } {
  const lines: LogLine[] = []
  const take = (level: string) => (facts: object, event: string) =>
    void lines.push({ level, event, facts: { ...facts } })
  return { error: take('error'), warn: take('warn'), info: take('info'), debug: take('debug'), lines }
}

/** A server over the engine on a free port, closed without delay when the test ends. */
export async function serve(engine: SearchEngine = fakeEngine(), options: Partial<HttpServerOptions> = {}) {
  const logger = memoryLogger()
  const server = createHttpServer({
    engine,
    logger,
    allowedHosts: [],
    drainTimes: { settleMs: 0, streamsMs: 20, requestsMs: 40 },
    ...options,
  })
  const running = await server.listen('127.0.0.1', 0)
  onTestFinished(() => running.close())
  const { port } = new URL(running.url)
  return { ...running, port: Number(port), lines: logger.lines }
}

export function post(url: string, body: unknown, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  })
}

export type RawResponse = { readonly status: number; readonly head: string; readonly body: string }

/** Sends bytes as they are and reads until the server ends the connection; `end` half-closes after sending. */
export function sendRaw(port: number, bytes: string | Buffer, { end = false } = {}): Promise<RawResponse> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = []
    const socket = connect(port, '127.0.0.1')
    socket.on('connect', () => (end ? socket.end(bytes) : socket.write(bytes)))
    socket.on('data', (chunk) => chunks.push(chunk))
    // A reset after the answer takes nothing from it.
    socket.on('error', () => undefined)
    socket.on('close', () => resolve(parseRaw(Buffer.concat(chunks))))
  })
}

/** The first final response; the bytes after it belong to another. */
function parseRaw(bytes: Buffer): RawResponse {
  const text = bytes.toString('latin1').replace(/^(?:HTTP\/1\.1 100 Continue\r\n\r\n)+/, '')
  const end = text.indexOf('\r\n\r\n')
  const head = end < 0 ? text : text.slice(0, end)
  const rest = text.slice(head.length + 4)
  const length = /\r\ncontent-length: (\d+)/i.exec(head)?.[1]
  const body = Buffer.from(length === undefined ? rest : rest.slice(0, Number(length)), 'latin1').toString()
  return { status: Number(/^HTTP\/1\.1 (\d{3})/.exec(head)?.[1] ?? 0), head, body }
}

/** The error in a response's body. */
export async function errorOf(response: Response): Promise<ErrorBody['error']> {
  return ((await response.json()) as ErrorBody).error
}

/** A request head with a good Host that asks for the connection to be closed. */
export function requestHead(line: string, headers: readonly string[] = []): string {
  return `${[`${line} HTTP/1.1`, 'Host: localhost', 'Connection: close', ...headers].join('\r\n')}\r\n\r\n`
}

export type SentEvent = { readonly event: string; readonly data: unknown }

export function parseEvents(text: string): SentEvent[] {
  return text
    .split('\n\n')
    .filter((block) => block !== '' && !block.startsWith(':'))
    .map((block) => {
      const [event = '', data = ''] = block.split('\n')
      return { event: event.replace(/^event: /, ''), data: JSON.parse(data.replace(/^data: /, '')) }
    })
}
