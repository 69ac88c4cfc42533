import { setTimeout as delay } from 'node:timers/promises'
import { inspect } from 'node:util'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { createCircuitBreaker } from '../../src/embed/circuit-breaker.js'
import { createEmbedQueue } from '../../src/embed/embed-queue.js'
import { createPacer, UNLIMITED_PACE } from '../../src/embed/pace.js'
import { paceEmbedder } from '../../src/embed/pace-embedder.js'
import { withRetry } from '../../src/embed/retry.js'
import { createGeminiClient } from '../../src/gemini/client.js'
import { createGeminiEmbedder } from '../../src/gemini/embedder.js'
import {
  type EmbeddingMutation,
  type Fault,
  type FaultTarget,
  faults,
  type GeminiServer,
  mutations,
  startGeminiServer,
} from '../helpers/gemini-server.js'
import { virtualClock } from './virtual-clock.js'

/** Every fault that embedding can meet, met by a batch of documents and by a query. */

const MODEL = 'gemini-embedding-001'
/** For an attempt; in real time, unlike the waits between attempts. The short one is for servers that say nothing. */
const DEADLINE_MS = 10_000
const SHORT_DEADLINE_MS = 300
const MIDNIGHT = Date.UTC(2026, 10, 23, 8)

let server: GeminiServer
let goneUrl: string
const written: unknown[] = []

beforeAll(async () => {
  server = await startGeminiServer()
  const gone = await startGeminiServer()
  goneUrl = gone.url
  await gone.close()
  for (const stream of [process.stdout, process.stderr]) {
    const write = stream.write.bind(stream)
    vi.spyOn(stream, 'write').mockImplementation((...args: unknown[]) => {
      written.push(args[0])
      return Reflect.apply(write, stream, args)
    })
  }
})
afterEach(() => {
  expect(inspect(written, { maxArrayLength: null, maxStringLength: null })).not.toContain(server.apiKey)
  server.reset()
})
afterAll(async () => {
  vi.restoreAllMocks()
  await server.close()
})

type Outcome = {
  readonly requests: number
  readonly waitedMs: number
  /** Positions of the texts that have a vector, and of those that were refused. */
  readonly kept: readonly number[]
  readonly refused: readonly number[]
  readonly error: unknown
}

type Texts = readonly { readonly text: string }[]

type Options = { readonly url?: string; readonly signal?: AbortSignal; readonly deadlineMs?: number }

function setUp({ url = server.url, deadlineMs = DEADLINE_MS }: Options) {
  const clock = virtualClock({ random: 0.5, idleTurns: Number.POSITIVE_INFINITY })
  const client = createGeminiClient({ apiKey: server.apiKey, baseUrl: url })
  const embedder = createGeminiEmbedder({ client, modelId: MODEL, deadlineMs })
  const pacer = createPacer({ name: MODEL, assumed: UNLIMITED_PACE, clock })
  const breaker = createCircuitBreaker({ name: MODEL, clock })
  return { clock, embedder, guard: { pacer, breaker, clock } }
}

function noKeyIn(...things: unknown[]) {
  const shown = things.flatMap((thing) => [
    inspect(thing, { depth: Infinity, showHidden: true }),
    thing instanceof Error ? (thing.stack ?? '') : '',
  ])
  for (const form of [server.apiKey, encodeURIComponent(server.apiKey)])
    expect(shown.join('\n')).not.toContain(form)
}

async function embedDocuments(texts: Texts, options: Options = {}): Promise<Outcome> {
  const { clock, embedder, guard } = setUp(options)
  const startMs = clock.now()
  const kept: number[] = []
  const refused: number[] = []
  const said: unknown[] = []
  const queue = createEmbedQueue({
    embedder,
    role: 'document',
    ...guard,
    ...(options.signal && { signal: options.signal }),
    onBatch(batch) {
      for (const { index, vector } of batch) {
        kept.push(index)
        expect(vector).toHaveLength(768)
        expect(Math.abs(Math.hypot(...vector) - 1)).toBeLessThan(1e-3)
      }
    },
    onRefused({ index }, reason) {
      refused.push(index)
      said.push(reason)
    },
    onWait: (info) => void said.push(info),
  })
  const outcomes = texts.map((text) => queue.push(text))
  const error = await clock.run(queue.flush().catch((thrown) => thrown))
  await queue.close()
  noKeyIn(error, ...said, ...(await Promise.allSettled(outcomes)))
  const { requests, texts: embedded, refused: refusals } = queue.stats
  expect([embedded, refusals]).toEqual([kept.length, refused.length])
  expect(new Set(kept).size).toBe(kept.length)
  return { requests, waitedMs: clock.now() - startMs, kept: kept.sort((a, b) => a - b), refused, error }
}

/** As a searcher does it. */
async function embedQuery([text]: Texts, options: Options = {}): Promise<Outcome> {
  const { clock, embedder, guard } = setUp(options)
  const startMs = clock.now()
  let requests = 0
  const counted = {
    ...embedder,
    embed(...args: Parameters<typeof embedder.embed>) {
      requests++
      return embedder.embed(...args)
    },
  }
  const paced = paceEmbedder(counted, guard)
  const signal = options.signal && { signal: options.signal }
  const query = withRetry(() => paced.embed(text ? [text] : [], { role: 'query', ...signal }), {
    ...clock,
    attempts: 2,
    maxTotalMs: 10_000,
    ...signal,
  })
  const result = await clock.run(query.catch((thrown) => thrown))
  const failed = result instanceof Error
  noKeyIn(result)
  return {
    requests,
    waitedMs: clock.now() - startMs,
    kept: failed ? [] : [0],
    refused: [],
    error: failed ? result : undefined,
  }
}

type Range = number | readonly [least: number, most: number]
type Expected = {
  readonly requests: Range
  readonly waitedMs: Range
  /** Default: all, or none when there is a code. */
  readonly kept?: readonly number[]
  readonly refused?: readonly number[]
  readonly code?: string
  readonly facts?: object
}

function expectOutcome(outcome: Outcome, expected: Expected, texts: Texts) {
  const within = (range: Range) => (typeof range === 'number' ? [range, range] : range)
  for (const key of ['requests', 'waitedMs'] as const) {
    const [least = 0, most = 0] = within(expected[key])
    expect(outcome[key], key).toBeGreaterThanOrEqual(least)
    expect(outcome[key], key).toBeLessThanOrEqual(most)
  }
  const { code, facts, refused = [] } = expected
  if (code === undefined) expect(outcome.error).toBeUndefined()
  else expect(outcome.error).toMatchObject({ name: 'GemdexError', code, ...facts })
  const all = texts.map((_, index) => index).filter((index) => !refused.includes(index))
  expect(outcome.kept).toEqual(expected.kept ?? (code === undefined ? all : []))
  expect(outcome.refused).toEqual(refused)
}

const three: Texts = [{ text: 'one' }, { text: 'two words' }, { text: 'three more words' }]
const hundred: Texts = Array.from({ length: 100 }, (_, index) => ({ text: `text number ${index}` }))

/** An error whose message holds the key. */
function status(code: number, message = '', details?: unknown): Fault {
  const body = () => ({
    error: {
      code,
      message: `${message} ${server.apiKey}`,
      status: 'X',
      ...(details !== undefined && { details }),
    },
  })
  return { status: code, body }
}

const otherDimensions: EmbeddingMutation = (vectors) => vectors.map((vector) => [...vector, ...vector])
const gzipGarbage: Fault = { status: 200, headers: { 'content-encoding': 'gzip' }, body: 'no gzip' }
const recovered: Expected = { requests: 2, waitedMs: [0, 1000] }
const garbled: Expected = { requests: 2, waitedMs: [0, 1000], code: 'BAD_RESPONSE' }
const atOnce = (code: string, facts = {}): Expected => ({ requests: 1, waitedMs: 0, code, facts })

type Row = readonly [name: string, fault: () => Fault, times: number, documents: Expected, query: Expected]

const twice = (name: string, fault: () => Fault, code: string, facts = {}): Row[] => [
  [`${name}, once`, fault, 1, recovered, recovered],
  [
    `${name}, for ever`,
    fault,
    Number.POSITIVE_INFINITY,
    { requests: 5, waitedMs: [1000, 600_000], code, facts },
    { requests: 2, waitedMs: [0, 10_000], code, facts },
  ],
]
const unreadable = (name: string, fault: () => Fault): Row[] => [
  [`${name}, once`, fault, 1, recovered, recovered],
  [`${name}, for ever`, fault, Number.POSITIVE_INFINITY, garbled, garbled],
]
const FOR_EVER = Number.POSITIVE_INFINITY

const transport: readonly Row[] = [
  [
    '429 with RetryInfo 2 s, once',
    () => faults.rateLimited({ retryDelaySeconds: 2 }),
    1,
    { requests: 2, waitedMs: [2000, 3104] },
    { requests: 2, waitedMs: [2000, 3104] },
  ],
  [
    '429 with RetryInfo 37 s, once',
    () => faults.rateLimited(),
    1,
    { requests: 2, waitedMs: [37_000, 46_900] },
    atOnce('RATE_LIMITED', { retryAfterMs: 37_482.713951 }),
  ],
  [
    '429 with RetryInfo 30 s, for ever',
    () => faults.rateLimited({ retryDelaySeconds: 30 }),
    FOR_EVER,
    { requests: [15, 21], waitedMs: [500_000, 600_000], code: 'RATE_LIMITED' },
    atOnce('RATE_LIMITED'),
  ],
  [
    '429 without RetryInfo, once',
    faults.bareRateLimit,
    1,
    { ...recovered, waitedMs: [1, 1000] },
    { ...recovered, waitedMs: [1, 1000] },
  ],
  [
    '429 without RetryInfo, for ever',
    faults.bareRateLimit,
    FOR_EVER,
    { requests: [20, 60], waitedMs: [500_000, 600_000], code: 'RATE_LIMITED' },
    { requests: 2, waitedMs: [1, 10_000], code: 'RATE_LIMITED' },
  ],
  [
    '429 of the day, with a short RetryInfo',
    () => faults.rateLimited({ perDay: true, retryDelaySeconds: 2 }),
    FOR_EVER,
    atOnce('QUOTA_EXHAUSTED', { resumeAtMs: MIDNIGHT }),
    atOnce('QUOTA_EXHAUSTED', { resumeAtMs: MIDNIGHT }),
  ],
  ...twice('500', () => status(500), 'UNAVAILABLE'),
  ...twice('502 in HTML', () => faults.htmlPage(502), 'UNAVAILABLE'),
  ...twice('503', () => status(503), 'UNAVAILABLE'),
  ...twice('504', () => status(504), 'UNAVAILABLE'),
  ...twice('408', () => status(408), 'UNAVAILABLE'),
  ...twice('a dropped connection', faults.dropConnection, 'OFFLINE'),
  ...twice('a server that never answers', faults.hang, 'TIMEOUT'),
  ...twice('headers, then silence', faults.headersThenSilence, 'TIMEOUT'),
  ...unreadable('a cut body', faults.cutBody),
  ...unreadable('cut JSON', faults.brokenJson),
  ...unreadable('HTML with 200', () => faults.htmlPage(200)),
  ...unreadable('an empty 200', faults.emptyBody),
  ...unreadable('garbage for gzip', () => gzipGarbage),
  [
    '400 naming an argument',
    () =>
      status(400, '* BatchEmbedContentsRequest.requests[0].output_dimensionality: must be in [128, 3072]'),
    FOR_EVER,
    atOnce('REQUEST_REFUSED'),
    atOnce('REQUEST_REFUSED'),
  ],
  [
    '400 for the location',
    () => status(400, 'User location is not supported for the API use.'),
    FOR_EVER,
    atOnce('REQUEST_REFUSED'),
    atOnce('REQUEST_REFUSED'),
  ],
  ['401', () => status(401), FOR_EVER, atOnce('KEY_REFUSED'), atOnce('KEY_REFUSED')],
  ['403', () => status(403), FOR_EVER, atOnce('KEY_REFUSED'), atOnce('KEY_REFUSED')],
  ['404 for the model', faults.modelNotFound, FOR_EVER, atOnce('MODEL_NOT_FOUND'), atOnce('MODEL_NOT_FOUND')],
]

const retried: Expected = { requests: 2, waitedMs: [0, 1000] }
const oneBad = (mutate: EmbeddingMutation): [EmbeddingMutation, Expected, Expected, Expected, Expected] => [
  mutate,
  { requests: 2, waitedMs: 0 },
  retried,
  { requests: 2, waitedMs: 0, refused: [0] },
  garbled,
]
const wrongCount = (
  mutate: EmbeddingMutation,
): [EmbeddingMutation, Expected, Expected, Expected, Expected] => [
  mutate,
  retried,
  retried,
  { requests: 8, waitedMs: [0, 4000], code: 'BAD_RESPONSE', refused: [0, 1] },
  garbled,
]

/** What comes of spoilt vectors for documents and a query: once, and for ever. */
const vectors: readonly (readonly [string, ...ReturnType<typeof oneBad>])[] = [
  ['one too few', ...wrongCount(mutations.fewer)],
  ['one too many', ...wrongCount(mutations.more)],
  ['none', ...wrongCount(mutations.none)],
  [
    'fused into one',
    mutations.fused,
    retried,
    { requests: 1, waitedMs: 0 },
    // Asked for one by one, each has its own.
    { requests: 5, waitedMs: [0, 1000] },
    { requests: 1, waitedMs: 0 },
  ],
  ['null', ...oneBad(mutations.nullEmbedding)],
  ['without values', ...oneBad(mutations.noValues)],
  ['null among the values', ...oneBad(mutations.nullValue)],
  ['"NaN"', ...oneBad(mutations.nanString)],
  ['1e39', ...oneBad(mutations.huge)],
  ['zero', ...oneBad(mutations.zero)],
  ['one value short', ...oneBad(mutations.wrongLength)],
  [
    'of other dimensions',
    otherDimensions,
    { requests: 4, waitedMs: 0 },
    retried,
    { requests: 4, waitedMs: 0, code: 'BAD_RESPONSE', refused: [0, 1] },
    garbled,
  ],
]

function deadlineFor(fault: Fault): Options {
  const silent =
    'transport' in fault && (fault.transport === 'hang' || fault.transport === 'headersThenSilence')
  return silent ? { deadlineMs: SHORT_DEADLINE_MS } : {}
}

describe('faults of the transport and refusals', () => {
  describe.each(transport)('%s', (_, fault, times, documents, query) => {
    it('met by documents', async () => {
      server.failNext(fault(), { times })
      expectOutcome(await embedDocuments(three, deadlineFor(fault())), documents, three)
    })
    it('met by a query', async () => {
      server.failNext(fault(), { times })
      expectOutcome(await embedQuery(three, deadlineFor(fault())), query, three.slice(0, 1))
    })
  })

  it.each(['http:', 'https:'])('nobody listens (%s)', async (protocol) => {
    // Nobody listens at the first; the second speaks no TLS.
    const url = protocol === 'http:' ? goneUrl : server.url.replace('http:', protocol)
    const code = 'OFFLINE'
    expectOutcome(
      await embedDocuments(three, { url }),
      { requests: 5, waitedMs: [1000, 600_000], code },
      three,
    )
    expectOutcome(await embedQuery(three, { url }), { requests: 2, waitedMs: [0, 10_000], code }, three)
  })
})

describe('vectors that come back', () => {
  describe.each(vectors)('%s', (_, mutate, once, queryOnce, forEver, queryForEver) => {
    it('met by documents', async () => {
      server.failNext(faults.mutateEmbeddings(mutate))
      expectOutcome(await embedDocuments(three), once, three)
      server.reset()
      server.failNext(faults.mutateEmbeddings(mutate), { times: FOR_EVER })
      expectOutcome(await embedDocuments(three), forEver, three)
    })
    it('met by a query', async () => {
      server.failNext(faults.mutateEmbeddings(mutate))
      expectOutcome(await embedQuery(three), queryOnce, three.slice(0, 1))
      server.reset()
      server.failNext(faults.mutateEmbeddings(mutate), { times: FOR_EVER })
      expectOutcome(await embedQuery(three), queryForEver, three.slice(0, 1))
    })
  })
})

function positionsOf(target: FaultTarget, text: string): number {
  const { requests } = target.body as { requests: { content: { parts: { text: string }[] } }[] }
  return requests.findIndex(({ content }) => content.parts[0]?.text === text)
}

describe('400 for one text of a hundred', () => {
  it.each([0, 1, 42, 49, 50, 63, 98, 99])('is found in 8 calls, and the others kept (%d)', async (bad) => {
    const text = `text number ${bad}`
    server.failNext(status(400, '* Message.path: that is bad'), {
      times: FOR_EVER,
      match: (target) => positionsOf(target, text) >= 0,
    })
    const outcome = await embedDocuments(hundred)
    expectOutcome(outcome, { requests: [2, 9], waitedMs: 0, refused: [bad] }, hundred)
    const refusals = server.requests.flatMap(({ status }, index) => (status === 400 ? [index + 1] : []))
    expect(refusals.length).toBeLessThanOrEqual(8)
  })

  it('takes two calls when the text is named', async () => {
    const text = 'text number 42'
    const named = {
      status: 400,
      body: (target: FaultTarget) => ({
        error: {
          code: 400,
          message: `* BatchEmbedContentsRequest.requests[${positionsOf(target, text)}].content: is bad\n`,
          status: 'INVALID_ARGUMENT',
        },
      }),
    }
    server.failNext(named, { times: FOR_EVER, match: (target) => positionsOf(target, text) >= 0 })
    expectOutcome(await embedDocuments(hundred), { requests: 2, waitedMs: 0, refused: [42] }, hundred)
  })

  it('ends it when every text is refused', async () => {
    server.failNext(status(400, 'no reason'), { times: FOR_EVER })
    const { requests, kept, error } = await embedDocuments(hundred)
    expect(requests).toBeLessThanOrEqual(9)
    expect([kept, error]).toEqual([[], expect.objectContaining({ code: 'REQUEST_REFUSED' })])
  })

  it('ends a query at once', async () => {
    server.failNext(status(400, 'no reason'))
    expectOutcome(await embedQuery(three), atOnce('REQUEST_REFUSED'), three)
  })
})

describe('a caller who cancels', () => {
  it.each([
    ['documents', embedDocuments],
    ['a query', embedQuery],
  ])('gets nothing more of %s, whenever it comes', async (_, embed) => {
    const late = await startGeminiServer({ latencyMs: 200 })
    try {
      const controller = new AbortController()
      const running = embed(three, { url: late.url, signal: controller.signal })
      await expect.poll(() => late.requests.length, { interval: 1 }).toBe(1)
      controller.abort()
      const run = await running
      expectOutcome(run, atOnce('CANCELLED'), three)
      await delay(250)
      expect(run.kept).toEqual([])
      expect(late.requests).toHaveLength(1)
    } finally {
      await late.close()
    }
  })
})
