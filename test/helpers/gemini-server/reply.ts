import type { ServerResponse } from 'node:http'
import type { GenerateContentResponse } from './answers.js'
import type { TransportFault } from './faults.js'

/** An answer that is ready to be sent. */
export interface Reply {
  readonly status: number
  readonly contentType: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body: string | AsyncIterable<string>
}

export const JSON_TYPE = 'application/json; charset=UTF-8'
export const HTML_TYPE = 'text/html; charset=UTF-8'
const EVENT_STREAM_TYPE = 'text/event-stream'

/**
 * The answer of `streamGenerateContent`: server-sent events, or one JSON list. Waits for the first chunk, so that an
 * error before it is an ordinary HTTP error.
 */
export async function streamReply(
  chunks: AsyncGenerator<GenerateContentResponse>,
  sse: boolean,
): Promise<Reply> {
  const first = await chunks.next()
  const all = first.done ? noChunks() : prepend(first.value, chunks)
  return {
    status: 200,
    contentType: sse ? EVENT_STREAM_TYPE : JSON_TYPE,
    body: sse ? eventStream(all) : jsonList(all),
  }
}

async function* noChunks(): AsyncGenerator<never> {}

async function* prepend<T>(first: T, rest: AsyncIterable<T>): AsyncGenerator<T> {
  yield first
  yield* rest
}

async function* eventStream(chunks: AsyncIterable<GenerateContentResponse>): AsyncGenerator<string> {
  for await (const chunk of chunks) yield `data: ${JSON.stringify(chunk)}\r\n\r\n`
}

async function* jsonList(chunks: AsyncIterable<GenerateContentResponse>): AsyncGenerator<string> {
  let separator = '['
  for await (const chunk of chunks) {
    yield `${separator}${JSON.stringify(chunk)}`
    separator = ',\r\n'
  }
  yield separator === '[' ? '[]' : ']'
}

/** Sends the whole answer; a body that fails cuts the connection after what came before. */
export async function sendReply(response: ServerResponse, reply: Reply): Promise<void> {
  if (typeof reply.body === 'string') {
    response.writeHead(reply.status, headersOf(reply)).end(reply.body)
    return
  }
  try {
    response.writeHead(reply.status, headersOf(reply))
    for await (const piece of reply.body) {
      if (response.destroyed) return
      await write(response, piece)
    }
    response.end()
  } catch {
    response.destroy()
  }
}

/** Sends the headers of the answer and half of its body, then closes the connection. */
export async function sendHalf(response: ServerResponse, reply: Reply): Promise<void> {
  const bytes = Buffer.from(await wholeBody(reply.body).catch(() => ''))
  response.writeHead(reply.status, headersOf(reply))
  await write(response, bytes.subarray(0, bytes.length >> 1)).catch(() => undefined)
  response.destroy()
}

/**
 * Fails without an answer, or after the headers of one; what hangs ends with the server. Returns the status, if one
 * was sent.
 */
export function breakTransport(
  response: ServerResponse,
  how: Exclude<TransportFault['transport'], 'cutBody'>,
  sse: boolean,
): number | undefined {
  if (how === 'dropConnection') response.destroy()
  if (how !== 'headersThenSilence') return undefined
  response.writeHead(200, { 'content-type': sse ? EVENT_STREAM_TYPE : JSON_TYPE }).flushHeaders()
  return 200
}

async function wholeBody(body: Reply['body']): Promise<string> {
  if (typeof body === 'string') return body
  let text = ''
  for await (const piece of body) text += piece
  return text
}

function headersOf({ contentType, headers, body }: Reply): Record<string, string | number> {
  return {
    'content-type': contentType,
    ...(typeof body === 'string' && { 'content-length': Buffer.byteLength(body) }),
    ...headers,
  }
}

function write(response: ServerResponse, piece: string | Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    response.write(piece, (error) => (error ? reject(error) : resolve()))
  })
}
