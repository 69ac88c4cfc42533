import type { IncomingMessage } from 'node:http'
import { GemdexError } from '../errors.js'
import { HttpError } from './http-error.js'
import {
  MAX_BODY_BYTES,
  MAX_DROPPED_BYTES,
  MAX_JSON_DEPTH,
  MAX_UPLOAD_BYTES,
  UPLOAD_WINDOW_BYTES,
  UPLOAD_WINDOW_MS,
} from './limits.js'

/**
 * Reads a request's JSON body. Throws with status 400 for a missing, broken, badly encoded or too deep one, 408 for a
 * large one that does not get on, 413 above `maxBytes`, 415 for another content type, character set or a compressed body; CANCELLED
 * when the client leaves before its end.
 *
 * In place of `express.json()`, which answers 413 only after it has read the whole body, however large.
 */
export async function readJsonBody(
  request: IncomingMessage,
  maxBytes: number = MAX_BODY_BYTES,
): Promise<unknown> {
  if (!hasBody(request)) throw badBody('The request needs a JSON body')
  refuseOtherTypes(request)
  refuseCompressed(request)
  const bytes = await readBytes(request, maxBytes, mayHaveLargeBody(request) ? WINDOW : undefined)
  if (bytes.length === 0) throw badBody('The request needs a JSON body')
  let text: string
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw badBody('The body is not valid UTF-8')
  }
  if (isDeeperThan(text, MAX_JSON_DEPTH))
    throw badBody(`The body is nested deeper than ${MAX_JSON_DEPTH} levels`)
  try {
    return JSON.parse(text)
  } catch (error) {
    throw badBody(`The body is not valid JSON: ${error instanceof Error ? error.message : String(error)}`)
  }
}

/**
 * Reads a body as it is, whatever its content type says. Throws with status 400 for an empty one, 408 for one that does not get
 * on, 413 above 50 MB, 415 for a compressed one; CANCELLED when the client leaves before its end.
 */
export async function readRawBody(request: IncomingMessage): Promise<Uint8Array> {
  refuseCompressed(request)
  const bytes = await readBytes(request, MAX_UPLOAD_BYTES, WINDOW)
  if (bytes.length === 0) throw badBody('The request needs a body: the bytes of the file')
  return bytes
}

export function hasBody({ headers }: IncomingMessage): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0
}

/**
 * Whether a request brings a byte of a body, which of one that tells no length is known when the first byte or the end comes; no
 * more is read. Throws as `readRawBody` does when neither comes.
 */
export async function bringsBody(request: IncomingMessage): Promise<boolean> {
  if (request.headers['transfer-encoding'] === undefined) return hasBody(request)
  try {
    await readBytes(request, 0, WINDOW)
    return false
  } catch (error) {
    if (error instanceof HttpError && error.status === 413) return true
    throw error
  }
}

/** Whether a request announces a body that is too long to be read for nothing. */
export function hasLongBody({ headers }: IncomingMessage): boolean {
  return (
    headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > MAX_DROPPED_BYTES
  )
}

/** Whether a request announces a body that may be larger than what is read of one. */
export function mayHaveLargeBody({ headers }: IncomingMessage): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > MAX_BODY_BYTES
}

function refuseOtherTypes({ headers }: IncomingMessage): void {
  const [type = '', ...parameters] = (headers['content-type'] ?? '').toLowerCase().split(';')
  const charset = parameters.map((parameter) => parameter.trim()).find((p) => p.startsWith('charset='))
  if (type.trim() !== 'application/json' || (charset && !/^charset="?utf-8"?$/.test(charset))) {
    throw new HttpError(415, 'BAD_INPUT', 'The body must be JSON in UTF-8', {
      hint: 'Send it with the header Content-Type: application/json.',
      field: 'content-type',
    })
  }
}

/** A small body could unpack to any size. */
function refuseCompressed({ headers }: IncomingMessage): void {
  if ((headers['content-encoding'] ?? 'identity').toLowerCase() !== 'identity') {
    throw new HttpError(415, 'BAD_INPUT', 'The body must not be compressed', { field: 'content-encoding' })
  }
}

/** A body must bring so many bytes in each window, if there is one. */
type Window = { readonly ms: number; readonly bytes: number }
const WINDOW: Window = { ms: UPLOAD_WINDOW_MS, bytes: UPLOAD_WINDOW_BYTES }

function readBytes(request: IncomingMessage, limit: number, window?: Window): Promise<Buffer> {
  const tooLarge = () =>
    new HttpError(413, 'BAD_INPUT', `The body is larger than ${limit} bytes`, { field: 'body' })
  const announced = Number(request.headers['content-length'] ?? Number.NaN)
  return new Promise((resolve, reject) => {
    if (announced > limit) return reject(tooLarge())
    const chunks: Buffer[] = []
    let size = 0
    let counted = 0
    const stop = (error: unknown) => {
      clearInterval(timer)
      request.removeAllListeners('data').pause()
      chunks.length = 0
      reject(error)
    }
    const end = () => {
      clearInterval(timer)
      request.off('end', end)
      resolve(Buffer.concat(chunks))
    }
    const timer =
      window &&
      setInterval(() => {
        if (size - counted < window.bytes)
          stop(new HttpError(408, 'TIMEOUT', 'The body took too long to arrive', { field: 'body' }))
        counted = size
      }, window.ms)
    request.on('data', (chunk: Buffer) => {
      size += chunk.length
      if (size <= limit) chunks.push(chunk)
      else stop(tooLarge())
      // The event for the end comes some turns later.
      if (size === announced) end()
    })
    request.on('end', end)
    const left = (cause?: unknown) =>
      stop(new GemdexError('CANCELLED', 'The client left before the end of its request', { cause }))
    // Of a client that has left already no event tells.
    if (request.destroyed) return left()
    request.on('error', left)
    request.on('close', () => {
      if (!request.complete) left()
    })
  })
}

/** Found before it is parsed: what reads the parsed value may go into its depth by recursion. */
function isDeeperThan(json: string, levels: number): boolean {
  let depth = 0
  let isText = false
  for (let i = 0; i < json.length; i++) {
    const character = json[i]
    if (isText) {
      if (character === '\\') i++
      else if (character === '"') isText = false
    } else if (character === '"') isText = true
    else if (character === '{' || character === '[') {
      depth++
      if (depth > levels) return true
    } else if (character === '}' || character === ']') depth--
  }
  return false
}

function badBody(message: string): GemdexError {
  return new GemdexError('BAD_INPUT', message, { field: 'body' })
}
