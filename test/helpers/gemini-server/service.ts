import { type IncomingHttpHeaders, type IncomingMessage, type ServerResponse, STATUS_CODES } from 'node:http'
import { buffer } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import {
  completeChunks,
  countPromptTokens,
  defaultHandler,
  type GenerateHandler,
  mergeChunks,
} from './answers.js'
import { embedText } from './embedding.js'
import { ApiError, badRequest, invalidKey, unregisteredCaller, wrongTokenKind } from './errors.js'
import { type Action, type Fault, FaultQueue, htmlPage, type StatusFault } from './faults.js'
import { defaultModels, getModel, listModels, type ModelInfo, modelFor } from './models.js'
import {
  breakTransport,
  HTML_TYPE,
  JSON_TYPE,
  type Reply,
  sendHalf,
  sendReply,
  streamReply,
} from './reply.js'
import {
  dimensionRange,
  type EmbedText,
  estimateTokens,
  readablePart,
  readCountTokens,
  readEmbed,
  readEmbedBatch,
  readGenerate,
} from './rules.js'

/** How a server differs from the usual one. */
export interface ServiceOptions {
  /** Models that exist; default `defaultModels`. Make others with `textModel` and `embeddingModel`. */
  readonly models?: readonly ModelInfo[]
  /** The most bytes an embedding request may have; default 4,194,304. Other requests may have 20 MiB. */
  readonly maxBodyBytes?: number
  /** Waits that long before every answer. */
  readonly latencyMs?: number
  /** Models on a page unless the request says; default 50. */
  readonly pageSize?: number
  /** Makes the vectors instead of the built-in hashing; they are sent as they are, whatever their length. */
  readonly embed?: (text: string, details: EmbedText) => readonly number[]
}

/** A request as it arrived, whether it was answered well or not. */
export interface RecordedRequest {
  readonly method: string
  /** Without the query. */
  readonly path: string
  readonly query: Readonly<Record<string, string>>
  /** Bare id from the path. */
  readonly model: string | undefined
  /** Undefined where the API has no such method. */
  readonly action: Action | undefined
  readonly headers: IncomingHttpHeaders
  /** As sent: parsed JSON, or the text when it is not JSON, undefined when there is none. */
  body: unknown
  /** `Date.now()` at its arrival. */
  readonly at: number
  /** The HTTP status sent; undefined as long as there was none. */
  status: number | undefined
}

/** The key that the server accepts. */
export const API_KEY = 'AQ.gemdex-test-key'

const MAX_EMBED_BODY_BYTES = 4_194_304
const MAX_BODY_BYTES = 20_971_520
const DEFAULT_PAGE_SIZE = 50
const EMBED_ACTIONS: readonly (Action | undefined)[] = ['embedContent', 'batchEmbedContents']
const COMMON_PARAMETERS = [
  'key',
  'alt',
  '$alt',
  'prettyPrint',
  '$prettyPrint',
  'fields',
  '$fields',
  'quotaUser',
]
const LIST_PARAMETERS = ['pageSize', 'page_size', 'pageToken', 'page_token']

/** The state of a server, and the way of a request through it. */
export class GeminiService {
  readonly requests: RecordedRequest[] = []
  readonly embedded: EmbedText[] = []
  readonly faults = new FaultQueue()
  handler: GenerateHandler = defaultHandler
  private readonly options: ServiceOptions

  constructor(options: ServiceOptions) {
    this.options = options
  }

  /** Forgets everything but the options. */
  reset(): void {
    this.requests.length = 0
    this.embedded.length = 0
    this.faults.clear()
    this.handler = defaultHandler
  }

  /** Answers one request, or fails as it was told to. */
  async handle(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const request = record(incoming)
    this.requests.push(request)
    const bytes = await buffer(incoming).catch(() => undefined)
    if (!bytes) return // The client has gone.
    request.body = looseBody(bytes)
    const fault = this.faults.take(request)
    if (this.options.latencyMs) await sleep(this.options.latencyMs)

    if (fault && 'transport' in fault && fault.transport !== 'cutBody') {
      request.status = breakTransport(response, fault.transport, request.query.alt === 'sse')
      return
    }
    const { reply, texts } = await this.reply(request, bytes, fault)
    request.status = reply.status
    if (fault && 'transport' in fault) {
      await sendHalf(response, reply)
      return
    }
    this.embedded.push(...texts)
    await sendReply(response, reply)
  }

  private async reply(
    request: RecordedRequest,
    bytes: Buffer,
    fault: Fault | undefined,
  ): Promise<{ reply: Reply; texts: readonly EmbedText[] }> {
    try {
      if (fault && 'status' in fault) return { reply: faultReply(fault, request), texts: [] }
      if (request.action && EMBED_ACTIONS.includes(request.action)) return this.embed(request, bytes, fault)
      return { reply: await this.route(request, bytes), texts: [] }
    } catch (error) {
      const refusal =
        error instanceof ApiError ? error : new ApiError(500, `A handler of the test failed: ${error}`)
      return { reply: jsonReply(refusal.code, forTransport(refusal.envelope(), request)), texts: [] }
    }
  }

  private async route(request: RecordedRequest, bytes: Buffer): Promise<Reply> {
    const { action, path, query, model: id } = request
    if (!action) {
      if (path.startsWith('/v1beta/')) throw new ApiError(404, 'Method not found.')
      return htmlReply(404, `The requested URL ${path} was not found on this server.`)
    }
    if (bytes.length > MAX_BODY_BYTES)
      return htmlReply(413, 'Your client issued a request that was too large.')
    checkKey(request)
    checkQuery(query, action === 'models' && id === undefined ? LIST_PARAMETERS : [])
    if (action === 'models') return jsonReply(200, this.describeModels(id, query))

    const model = modelFor(this.models, id ?? '', action)
    const body = strictBody(bytes)
    if (action === 'countTokens') {
      const totalTokens = countPromptTokens(readCountTokens(body, model))
      return jsonReply(200, {
        totalTokens,
        promptTokensDetails: [{ modality: 'TEXT', tokenCount: totalTokens }],
      })
    }
    return this.generate(request, body, model)
  }

  private get models(): readonly ModelInfo[] {
    return this.options.models ?? defaultModels
  }

  private describeModels(id: string | undefined, query: RecordedRequest['query']): object {
    if (id !== undefined) return getModel(this.models, id)
    return listModels(this.models, query, this.options.pageSize ?? DEFAULT_PAGE_SIZE)
  }

  private async generate(
    { action, query }: RecordedRequest,
    body: unknown,
    model: ModelInfo,
  ): Promise<Reply> {
    const stream = action === 'streamGenerateContent'
    const request = readGenerate(body, model)
    const id = model.name.replace('models/', '')
    const chunks = completeChunks(await this.handler(request, { model: id, stream }), request, id)
    if (stream) return streamReply(chunks, query.alt === 'sse')
    return jsonReply(200, await mergeChunks(chunks))
  }

  private embed(request: RecordedRequest, bytes: Buffer, fault: Fault | undefined) {
    const { action, model: id = '', query } = request
    const limit = this.options.maxBodyBytes ?? MAX_EMBED_BODY_BYTES
    if (bytes.length > limit)
      throw new ApiError(400, `Request payload size exceeds the limit: ${limit} bytes.`)
    checkKey(request)
    checkQuery(query)
    const model = modelFor(this.models, id, action ?? '')
    const body = strictBody(bytes)
    const texts = action === 'embedContent' ? [readEmbed(body, model)] : readEmbedBatch(body, model)

    const vectors = texts.map((text) => this.vector(text, model))
    const sent = fault && 'mutate' in fault ? fault.mutate(vectors) : vectors
    const embeddings = sent.map(embeddingMessage)
    const promptTokenCount = texts.reduce(
      (sum, { text }) => sum + estimateTokens(readablePart(text, model)),
      0,
    )
    const usageMetadata = {
      promptTokenCount,
      promptTokenDetails: [{ modality: 'TEXT', tokenCount: promptTokenCount }],
    }
    const found = action === 'embedContent' ? { embedding: embeddings[0] } : { embeddings }
    return { reply: jsonReply(200, { ...(embeddings.length > 0 && found), usageMetadata }), texts }
  }

  private vector(details: EmbedText, model: ModelInfo): readonly number[] {
    const text = readablePart(details.text, model)
    if (this.options.embed) return this.options.embed(text, details)
    const dimensions = details.outputDimensionality ?? dimensionRange(details.model)[1]
    const { model: id, title } = details
    return embedText({ model: id, text, dimensions, ...(title !== undefined && { title }) })
  }
}

function embeddingMessage(vector: unknown): unknown {
  if (vector === undefined) return {}
  return Array.isArray(vector) ? { values: vector } : vector
}

function record(incoming: IncomingMessage): RecordedRequest {
  const { method = 'GET', headers } = incoming
  const url = new URL(`http://localhost${incoming.url}`)
  return {
    method,
    path: url.pathname,
    query: Object.fromEntries(url.searchParams),
    ...targetOf(method, url.pathname),
    headers,
    body: undefined,
    at: Date.now(),
    status: undefined,
  }
}

const ACTIONS: readonly Action[] = [
  'embedContent',
  'batchEmbedContents',
  'generateContent',
  'streamGenerateContent',
  'countTokens',
]

function targetOf(method: string, path: string): Pick<RecordedRequest, 'action' | 'model'> {
  const [matched, model, task] = /^\/v1beta\/models(?:\/([^/:]+)(?::(\w+))?)?$/.exec(path) ?? []
  if (matched === undefined) return { action: undefined, model: undefined }
  if (task === undefined) return { action: method === 'GET' ? 'models' : undefined, model }
  return { action: method === 'POST' ? ACTIONS.find((action) => action === task) : undefined, model }
}

function checkKey({ headers, query }: RecordedRequest): void {
  const key = headers['x-goog-api-key'] || query.key
  if (!key) throw headers.authorization ? wrongTokenKind() : unregisteredCaller()
  if (key !== API_KEY) throw invalidKey()
}

function checkQuery(query: RecordedRequest['query'], further: readonly string[] = []): void {
  const unknown = Object.keys(query).filter(
    (name) => !COMMON_PARAMETERS.includes(name) && !further.includes(name),
  )
  if (unknown.length === 0) return
  throw badRequest(
    unknown.map((name) => ({
      field: '',
      description:
        `Invalid JSON payload received. Unknown name "${name}": Cannot bind query parameter. ` +
        `Field '${name}' could not be found in request message.`,
    })),
  )
}

function looseBody(bytes: Buffer): unknown {
  if (bytes.length === 0) return undefined
  try {
    return JSON.parse(bytes.toString())
  } catch {
    return bytes.toString()
  }
}

function strictBody(bytes: Buffer): unknown {
  if (bytes.length === 0) return {}
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch (error) {
    const cause = error instanceof Error ? error.message : String(error)
    throw badRequest([{ field: '', description: `Invalid JSON payload received. ${cause}` }])
  }
}

function faultReply(
  { status, body, headers, contentType = JSON_TYPE }: StatusFault,
  request: RecordedRequest,
): Reply {
  const standard = () => new ApiError(status, STATUS_CODES[status] ?? `Status ${status}`).envelope()
  const content = typeof body === 'function' ? body(request) : (body ?? standard())
  const text = typeof content === 'string' ? content : JSON.stringify(forTransport(content, request))
  return { status, contentType, body: text, ...(headers && { headers }) }
}

/** An error is wrapped in a list where the answer would have been a stream in JSON. */
function forTransport(error: object, { action, query }: RecordedRequest): object {
  return action === 'streamGenerateContent' && query.alt !== 'sse' ? [error] : error
}

function jsonReply(status: number, body: object): Reply {
  return { status, contentType: JSON_TYPE, body: JSON.stringify(body) }
}

function htmlReply(status: number, text: string): Reply {
  return { status, contentType: HTML_TYPE, body: htmlPage(status, text) }
}
