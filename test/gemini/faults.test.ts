import { inspect } from 'node:util'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { GemdexError } from '../../src/errors.js'
import { createGeminiClient, type GeminiClient } from '../../src/gemini/client.js'
import { createGeminiEmbedder } from '../../src/gemini/embedder.js'
import { createGeminiGenerator } from '../../src/gemini/generator.js'
import { listModels } from '../../src/gemini/list-models.js'
import { collect, sampleRequest } from '../contract/generator.js'
import { type Fault, faults, type GeminiServer, startGeminiServer } from '../helpers/gemini-server.js'

/** Never to be seen outside a request's header. Of a form that only its value gives away. */
const CANARY = 'canary+key/4711=secret'
const EMBEDDING_MODEL = 'gemini-embedding-001'
const MODEL = 'gemini-3.8-flash'

let server: GeminiServer

beforeAll(async () => {
  server = await startGeminiServer()
})
afterEach(() => server.reset())
afterAll(() => server.close())

type Call = {
  /** The API's method, and the model if there is one, as messages name them. */
  readonly names: readonly string[]
  run(client: GeminiClient, options: { signal?: AbortSignal; deadlineMs?: number }): Promise<unknown>
}

const embed = (role: 'document' | 'query'): Call => ({
  names: ['batchEmbedContents', EMBEDDING_MODEL],
  run: (client, { signal, ...options }) =>
    createGeminiEmbedder({ client, modelId: EMBEDDING_MODEL, ...options }).embed([{ text: 'one' }], {
      role,
      ...(signal && { signal }),
    }),
})

const generate = (candidates: number): Call => ({
  names: [candidates > 1 ? 'generateContent' : 'streamGenerateContent', MODEL],
  run: (client, { signal, ...options }) => {
    const generator = createGeminiGenerator({ client, modelId: MODEL, ...options })
    const request = { ...sampleRequest, settings: { candidates } }
    return collect(generator.generate(request, { ...(signal && { signal }) }))
  },
})

const calls: Readonly<Record<string, Call>> = {
  'embed documents': embed('document'),
  'embed a query': embed('query'),
  'answer whole': generate(2),
  'answer streamed': generate(1),
  'list models': { names: ['listModels'], run: (client, options) => listModels(client, options) },
}

function client(apiKey = CANARY, baseUrl = server.url): GeminiClient {
  return createGeminiClient({ apiKey, baseUrl })
}

/** Everything of an error that could end in a log, an answer or a crash dump. */
function everythingOf(error: Error): string {
  return [error.message, error.stack, inspect(error, { depth: Infinity, showHidden: true })].join('\n')
}

async function failure(call: Call, gemini: GeminiClient, options = {}): Promise<GemdexError> {
  const error = await call.run(gemini, options).then(
    () => undefined,
    (thrown) => thrown,
  )
  expect(error).toMatchObject({ name: 'GemdexError' })
  for (const form of [CANARY, encodeURIComponent(CANARY), server.apiKey])
    expect(everythingOf(error)).not.toContain(form)
  return error
}

const quotaDetails = (quotaId: string) => [
  { '@type': 'type.googleapis.com/google.rpc.QuotaFailure', violations: [{ quotaId }] },
]

function status(
  code: number,
  message = `key ${CANARY} in ${encodeURIComponent(CANARY)}`,
  details?: unknown,
): Fault {
  return {
    status: code,
    body: { error: { code, message, status: 'X', ...(details !== undefined && { details }) } },
  }
}

const garbage = { 'content-encoding': 'gzip' }

type Expected = { code: string; retryable: boolean; retryAfterMs?: number; message?: RegExp; hint?: RegExp }

const table: readonly (readonly [string, () => Fault, Expected])[] = [
  [
    '400 key not valid',
    faults.invalidKey,
    { code: 'KEY_REFUSED', retryable: false, message: /API key not valid/, hint: /GOOGLE_API_KEY/ },
  ],
  [
    '400 key not valid, without details',
    () => status(400, 'API key not valid. Please pass'),
    { code: 'KEY_REFUSED', retryable: false },
  ],
  [
    '400 key expired',
    () => status(400, `API key expired: ${CANARY}`),
    { code: 'KEY_REFUSED', retryable: false },
  ],
  ['401', () => status(401), { code: 'KEY_REFUSED', retryable: false }],
  [
    '403',
    faults.permissionDenied,
    { code: 'KEY_REFUSED', retryable: false, message: /has not been used in project/ },
  ],
  [
    '400 bad argument',
    () => status(400, `* Message.path: ${CANARY}\nis bad`),
    { code: 'REQUEST_REFUSED', retryable: false, message: /HTTP 400: \* Message\.path: \[key\] is bad\)/ },
  ],
  [
    '400 region',
    () => status(400, 'User location is not supported for the API use.'),
    { code: 'REQUEST_REFUSED', retryable: false },
  ],
  ['413', () => faults.htmlPage(413), { code: 'REQUEST_REFUSED', retryable: false, message: /\(HTTP 413\)/ }],
  [
    '429 per minute',
    () => faults.rateLimited({ retryDelaySeconds: 7 }),
    { code: 'RATE_LIMITED', retryable: true, retryAfterMs: 7482.713951 },
  ],
  [
    '429 per day',
    () => faults.rateLimited({ perDay: true }),
    { code: 'QUOTA_EXHAUSTED', retryable: false, message: /PerDay/, hint: /midnight Pacific/ },
  ],
  [
    '429 per day, by id alone',
    () => status(429, 'Quota exceeded', quotaDetails('XRequestsPerDayPerProject')),
    { code: 'QUOTA_EXHAUSTED', retryable: false },
  ],
  ['429 bare', faults.bareRateLimit, { code: 'RATE_LIMITED', retryable: true }],
  [
    '429 with odd details',
    () => status(429, 'no', [null, 7, { violations: 'x' }, { retryDelay: 'soon' }]),
    { code: 'RATE_LIMITED', retryable: true },
  ],
  ['408', () => status(408), { code: 'UNAVAILABLE', retryable: true }],
  ['500', faults.internal, { code: 'UNAVAILABLE', retryable: true }],
  ['502 page', () => faults.htmlPage(502), { code: 'UNAVAILABLE', retryable: true, message: /\(HTTP 502\)/ }],
  ['503', faults.unavailable, { code: 'UNAVAILABLE', retryable: true, message: /high demand/ }],
  ['504', faults.deadline, { code: 'UNAVAILABLE', retryable: true }],
  ['connection dropped', faults.dropConnection, { code: 'OFFLINE', retryable: true, hint: /network/ }],
  ['200 page', () => faults.htmlPage(200), { code: 'BAD_RESPONSE', retryable: true }],
  ['200 broken JSON', faults.brokenJson, { code: 'BAD_RESPONSE', retryable: true }],
  [
    '200 broken JSON with the key',
    () => ({ status: 200, body: `${CANARY} is` }),
    { code: 'BAD_RESPONSE', retryable: true },
  ],
  [
    '200 garbled compression',
    () => ({ status: 200, body: 'no gzip', headers: garbage }),
    { code: 'BAD_RESPONSE|INCOMPLETE', retryable: true },
  ],
  ['200 empty', faults.emptyBody, { code: 'BAD_RESPONSE|INCOMPLETE', retryable: true }],
  ['body cut', faults.cutBody, { code: 'BAD_RESPONSE|INCOMPLETE', retryable: true }],
]

describe.each(Object.entries(calls))('%s', (_, call) => {
  it.each(table)('meets %s', async (name, fault, expected) => {
    server.failNext(fault())
    // A cut needs a good answer to cut, so it needs the key that the server knows.
    const error = await failure(call, client(name === 'body cut' ? server.apiKey : CANARY))

    expect(error.code).toMatch(new RegExp(`^(${expected.code})$`))
    expect(error.retryable).toBe(expected.retryable)
    if (expected.retryAfterMs === undefined) expect(error.retryAfterMs).toBeUndefined()
    else expect(error.retryAfterMs).toBeCloseTo(expected.retryAfterMs, 3)
    if (expected.message) expect(error.message).toMatch(expected.message)
    if (expected.hint) expect(error.hint).toMatch(expected.hint)
    expect(error.hint).toMatch(/\w+ \w+/)
    for (const part of call.names) expect(error.message).toContain(part)
    expect(server.requests).toHaveLength(1)
  })

  it('meets 200 with an error in it', async () => {
    const error = { code: 503, message: `busy ${CANARY}`, status: 'UNAVAILABLE' }
    const body = JSON.stringify({ error })
    const streamed = call.names[0] === 'streamGenerateContent'
    server.failNext({ status: 200, body: streamed ? `data: ${body}\r\n\r\n` : body })
    expect(await failure(call, client())).toMatchObject({ code: 'UNAVAILABLE', retryable: true })
  })

  it.each(['null', '[]', '"text"', '7'])('meets 200 with %s', async (body) => {
    const streamed = call.names[0] === 'streamGenerateContent'
    server.failNext({ status: 200, body: streamed ? `data: ${body}\r\n\r\n` : body })
    expect(await failure(call, client())).toMatchObject({ code: 'BAD_RESPONSE', retryable: true })
  })

  it.each([
    ['hanging', faults.hang],
    ['silent after its headers', faults.headersThenSilence],
  ])('gives up a %s server at the deadline', async (_name, fault) => {
    server.failNext(fault())
    const error = await failure(call, client(), { deadlineMs: 50 })
    expect(error).toMatchObject({ code: 'TIMEOUT', retryable: true })
    expect(error.message).toContain('within 0.05 s')
  })

  it('is cancelled by its caller, before and during', async () => {
    const before = await failure(call, client(), { signal: AbortSignal.abort() })
    expect(before).toMatchObject({ code: 'CANCELLED', retryable: false })
    expect(server.requests).toHaveLength(0)

    server.failNext(faults.hang())
    const during = await failure(call, client(), { signal: AbortSignal.timeout(40) })
    expect(during).toMatchObject({ code: 'CANCELLED', retryable: false })
  })

  it('says offline when nobody listens', async () => {
    const gone = await startGeminiServer()
    await gone.close()
    expect(await failure(call, client(CANARY, gone.url))).toMatchObject({ code: 'OFFLINE', retryable: true })
    const tls = client(CANARY, server.url.replace('http:', 'https:'))
    expect(await failure(call, tls)).toMatchObject({ code: 'OFFLINE', retryable: true })
  })

  it('says that a key is wrong without saying the key', async () => {
    expect(await failure(call, client())).toMatchObject({ code: 'KEY_REFUSED', retryable: false })
  })
})

describe('a model that is not there', () => {
  it.each(['gemini-pro', 'gemini-2.0-flash', 'nothing-of-the-kind'])(
    '%s is sent as it is',
    async (modelId) => {
      const generator = createGeminiGenerator({ client: client(server.apiKey), modelId })
      await expect(collect(generator.generate(sampleRequest, {}))).rejects.toMatchObject({
        code: 'MODEL_NOT_FOUND',
        retryable: false,
        message: expect.stringContaining(modelId),
        hint: expect.stringContaining('gemdex models'),
      })
      expect(server.requests[0]?.model).toBe(modelId)
    },
  )

  it.each(['embedding-001', 'text-embedding-004'])('%s is sent as it is', async (modelId) => {
    const embedder = createGeminiEmbedder({ client: client(server.apiKey), modelId })
    await expect(embedder.embed([{ text: 'one' }], { role: 'query' })).rejects.toMatchObject({
      code: 'MODEL_NOT_FOUND',
      hint: expect.stringContaining('gemdex models'),
    })
    expect(server.requests[0]?.model).toBe(modelId)
  })
})
