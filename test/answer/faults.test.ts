import dns from 'node:dns'
import { createServer, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { inspect } from 'node:util'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { createAnswerer } from '../../src/answer/answerer.js'
import { paceGenerator } from '../../src/answer/pace-generator.js'
import { createCircuitBreaker } from '../../src/embed/circuit-breaker.js'
import { createPacer, UNLIMITED_PACE } from '../../src/embed/pace.js'
import type { GemdexError } from '../../src/errors.js'
import { createGeminiClient } from '../../src/gemini/client.js'
import { createGeminiGenerator } from '../../src/gemini/generator.js'
import { createConversations } from '../../src/sessions/conversations.js'
import type { Answer, Turn } from '../../src/types.js'
import { virtualClock } from '../embed/virtual-clock.js'
import {
  ApiError,
  answers,
  type Fault,
  type FaultTarget,
  faults,
  type GeminiServer,
  type GenerateContentResponse,
  type GenerateHandler,
  startGeminiServer,
} from '../helpers/gemini-server.js'
import { openTempStore } from '../store/sqlite/temp-store.js'
import { passages } from './fakes.js'

/**
 * Every fault that answering can meet, met by an answer in one piece, a streamed one and a turn of a conversation. One bad
 * text of a hundred is a fault of embedding alone: an answer is asked for with one request of one prompt.
 */

const MODEL = 'gemini-3.8-flash'
const GOOD = 'The heat pump was installed in 2021 by Keller [1].'
/** For an attempt; in real time, unlike the waits between attempts. The short ones are for servers that say nothing. */
const DEADLINE_MS = 10_000
const SHORT_MS = 600
const MIDNIGHT = Date.UTC(2026, 10, 23, 8)
const FOR_EVER = Number.POSITIVE_INFINITY

let server: GeminiServer
let goneUrl: string

beforeAll(async () => {
  server = await startGeminiServer()
  const gone = await startGeminiServer()
  goneUrl = gone.url
  await gone.close()
})
afterEach(() => {
  vi.restoreAllMocks()
  server.reset()
})
afterAll(() => server.close())

type Ways = 'ask' | 'ask stream' | 'chat turn'
const WAYS: readonly Ways[] = ['ask', 'ask stream', 'chat turn']

type Outcome = {
  readonly requests: number
  readonly waitedMs: number
  readonly shown: string
  readonly answer?: Answer
  readonly error?: GemdexError
  /** Of the conversation, where there is one. */
  readonly turns: readonly Turn[]
}

type Options = { readonly url?: string; readonly deadlineMs?: number; readonly signal?: AbortSignal }

const isAnswer = ({ body }: Pick<FaultTarget, 'body'>) => JSON.stringify(body ?? '').includes('<<passage 1')
const answersAsked = () => server.requests.filter(isAnswer).length

function setUp({ url = server.url, deadlineMs = DEADLINE_MS }: Options) {
  const clock = virtualClock({ random: 0.5, idleTurns: FOR_EVER })
  const client = createGeminiClient({ apiKey: server.apiKey, baseUrl: url })
  const gemini = createGeminiGenerator({ client, modelId: MODEL, deadlineMs, idleMs: SHORT_MS })
  const guard = {
    pacer: createPacer({ name: MODEL, assumed: UNLIMITED_PACE, clock }),
    breaker: createCircuitBreaker({ name: MODEL, clock }),
    clock,
  }
  const generator = paceGenerator(gemini, async () => guard)
  const answerer = createAnswerer({
    searcher: {
      search: async ({ query }) => ({ query, mode: 'hybrid', tookMs: 1, hits: passages }),
      rankDocuments: async () => [],
      termWeights: async () => new Map(),
    },
    generator: () => generator,
    minRelevance: 0.3,
    randomMark: () => 'm4rk',
    passageBudget: { tokens: 1000, passages: 12 },
    historyTokens: 500,
    settings: {},
    safety: [],
    withPrice: (usage) => usage,
    clock,
  })
  const conversations = createConversations({ store: openTempStore().sessions, answerer })
  return { clock, conversations }
}

/** Asks in one of the ways; the fault is set only when the question's own answer is asked for. */
async function ask(way: Ways, fail: () => void, options: Options = {}): Promise<Outcome> {
  const { clock, conversations } = setUp(options)
  const chat = conversations.chat()
  // Another server than ours has no good answer to begin with.
  const hasBegun = way === 'chat turn' && options.url === undefined
  if (hasBegun) for await (const _ of chat.ask('When was the heat pump installed?')) void _
  fail()
  const before = answersAsked()
  const startMs = clock.now()
  let shown = ''
  let answer: Answer | undefined
  const signal = options.signal === undefined ? {} : { signal: options.signal }
  const run = async () => {
    const events =
      way === 'chat turn'
        ? chat.ask('Who installed it?', signal)
        : conversations.ask('Who installed the heat pump?', {
            ...signal,
            ...(way === 'ask' ? { settings: { candidates: 2 } } : {}),
          })
    for await (const event of events) {
      if (event.type === 'delta') shown += event.text
      if (event.type === 'done') answer = event.answer
    }
  }
  const error = await clock.run(
    run().then(
      () => undefined,
      (thrown) => thrown,
    ),
  )
  const turns = way === 'chat turn' ? await chat.history() : []
  for (const thing of [error, answer, turns])
    expect(inspect(thing, { depth: Infinity, showHidden: true })).not.toContain(server.apiKey)
  return {
    requests: answersAsked() - before,
    waitedMs: clock.now() - startMs,
    shown,
    ...(answer === undefined ? {} : { answer }),
    ...(error === undefined ? {} : { error }),
    turns,
  }
}

/** The conversation after a turn that failed: it is kept as failed, and the next question does not know of it. */
function expectFailedTurn({ turns, shown }: Outcome, code: string): void {
  expect(turns).toMatchObject([{ status: 'answered' }, { status: 'failed', errorCode: code, answer: shown }])
}

type Range = number | readonly [least: number, most: number]
type Expected = {
  readonly requests: number
  readonly waitedMs: Range
  readonly code?: string
  readonly facts?: object
}

function expectOutcome(way: Ways, outcome: Outcome, { requests, waitedMs, code, facts }: Expected): void {
  const [least, most] = typeof waitedMs === 'number' ? [waitedMs, waitedMs] : waitedMs
  expect(outcome.requests, 'requests').toBe(requests)
  expect(outcome.waitedMs, 'waited').toBeGreaterThanOrEqual(least)
  expect(outcome.waitedMs, 'waited').toBeLessThanOrEqual(most)
  if (code === undefined) {
    expect(outcome.error).toBeUndefined()
    expect(outcome.answer).toMatchObject({ status: 'answered', answer: GOOD })
    return
  }
  expect(outcome.answer).toBeUndefined()
  expect(outcome.error).toMatchObject({ name: 'GemdexError', code, ...facts })
  if (way === 'chat turn') expectFailedTurn(outcome, code)
}

const say: GenerateHandler = () => answers.chunked(GOOD, 6)
/** Lets the client read what it has been sent, since a cut may overtake it. */
const pause = (ms = 50) => new Promise((resolve) => setTimeout(resolve, ms))
const recovered: Expected = { requests: 2, waitedMs: [0, 1000] }
const atOnce = (code: string, facts = {}): Expected => ({ requests: 1, waitedMs: 0, code, facts })
const garbled: Expected = { requests: 2, waitedMs: [0, 1000], code: 'BAD_RESPONSE|INCOMPLETE' }

/** An error whose message holds the key. */
const status = (code: number, message = ''): Fault => ({
  status: code,
  body: () => ({ error: { code, message: `${message} ${server.apiKey}`, status: 'X' } }),
})
/** Dates of HTTP have no fractions: up to a second less. */
const inSeconds = (seconds: number) => new Date(Date.now() + 1000 * seconds).toUTCString()
const gzipGarbage: Fault = { status: 200, headers: { 'content-encoding': 'gzip' }, body: 'no gzip' }

type Row = readonly [name: string, fault: () => Fault, times: number, expected: Expected]
const passing = (name: string, fault: () => Fault, code: string): Row[] => [
  [`${name}, once`, fault, 1, recovered],
  [`${name}, for ever`, fault, FOR_EVER, { requests: 3, waitedMs: [0, 60_000], code }],
]
const unreadable = (name: string, fault: () => Fault): Row[] => [
  [`${name}, once`, fault, 1, recovered],
  [`${name}, for ever`, fault, FOR_EVER, garbled],
]

const transport: readonly Row[] = [
  [
    '429 with RetryInfo 2 s, once',
    () => faults.rateLimited({ retryDelaySeconds: 2 }),
    1,
    { requests: 2, waitedMs: [2000, 3104] },
  ],
  [
    '429 with RetryInfo 37 s, once',
    () => faults.rateLimited(),
    1,
    { requests: 2, waitedMs: [37_000, 46_900] },
  ],
  [
    '429 with RetryInfo 70 s',
    () => faults.rateLimited({ retryDelaySeconds: 70 }),
    FOR_EVER,
    atOnce('RATE_LIMITED'),
  ],
  [
    '429 with a Retry-After date in 5 s, once',
    () => ({ ...faults.bareRateLimit(), headers: { 'retry-after': inSeconds(5) } }),
    1,
    { requests: 2, waitedMs: [3000, 6250] },
  ],
  [
    '503 with a Retry-After of 3 s, once',
    () => ({ ...faults.unavailable(), headers: { 'retry-after': '3' } }),
    1,
    { requests: 2, waitedMs: [3000, 3750] },
  ],
  ['429 without RetryInfo, once', faults.bareRateLimit, 1, { requests: 2, waitedMs: [1, 1000] }],
  [
    '429 of the day, with a short RetryInfo',
    () => faults.rateLimited({ perDay: true, retryDelaySeconds: 2 }),
    FOR_EVER,
    atOnce('QUOTA_EXHAUSTED', { resumeAtMs: MIDNIGHT }),
  ],
  ...passing('500', () => status(500), 'UNAVAILABLE'),
  ...passing('502 in HTML', () => faults.htmlPage(502), 'UNAVAILABLE'),
  ...passing('503', () => status(503), 'UNAVAILABLE'),
  ...passing('504', () => status(504), 'UNAVAILABLE'),
  ...passing('408', () => status(408), 'UNAVAILABLE'),
  ...passing('a dropped connection', faults.dropConnection, 'OFFLINE'),
  ...passing('a server that never answers', faults.hang, 'TIMEOUT'),
  ...passing('headers, then silence', faults.headersThenSilence, 'TIMEOUT'),
  ...unreadable('cut JSON', faults.brokenJson),
  ...unreadable('HTML with 200', () => faults.htmlPage(200)),
  ...unreadable('an empty 200', faults.emptyBody),
  ...unreadable('garbage for gzip', () => gzipGarbage),
  ['400 naming an argument', () => status(400, 'is bad'), FOR_EVER, atOnce('REQUEST_REFUSED')],
  [
    '400 for the location',
    () => status(400, 'User location is not supported for the API use.'),
    FOR_EVER,
    atOnce('REQUEST_REFUSED'),
  ],
  ['401', () => status(401), FOR_EVER, atOnce('KEY_REFUSED')],
  ['403', () => status(403), FOR_EVER, atOnce('KEY_REFUSED')],
  ['404 for the model', faults.modelNotFound, FOR_EVER, atOnce('MODEL_NOT_FOUND')],
]

function deadlineFor(fault: Fault): Options {
  const isSilent =
    'transport' in fault && (fault.transport === 'hang' || fault.transport === 'headersThenSilence')
  return isSilent ? { deadlineMs: SHORT_MS } : {}
}

describe.each(WAYS)('%s, before the first word', (way) => {
  it.each(transport)('meets %s', async (_, fault, times, expected) => {
    server.onGenerate(say)
    const fail = () => server.failNext(fault(), { times, match: isAnswer })
    const outcome = await ask(way, fail, deadlineFor(fault()))
    const code = outcome.error?.code ?? ''
    const isOneOf = expected.code?.split('|').includes(code)
    expectOutcome(way, outcome, isOneOf ? { ...expected, code } : expected)
    expect(outcome.error?.partialAnswer).toBeUndefined()
  })
})

describe('ask, before the first word', () => {
  it.each(unreadable('a cut body', faults.cutBody))('meets %s', async (_, fault, times, expected) => {
    server.onGenerate(say)
    const outcome = await ask('ask', () => server.failNext(fault(), { times, match: isAnswer }))
    expectOutcome('ask', outcome, times === 1 ? expected : { ...expected, code: 'BAD_RESPONSE' })
  })
})

type LookupDone = (error: Error | null, addresses?: readonly dns.LookupAddress[]) => void

describe.each(WAYS)('%s, without a server', (way) => {
  it.each([
    ['that listens', (): string => goneUrl, 'ECONNREFUSED'],
    ['that speaks TLS', (): string => server.url.replace('http:', 'https:'), 'ERR_SSL'],
    ['of that name', (): string => 'http://nobody.invalid', 'ENOTFOUND'],
  ] as const)('meets nobody %s', async (_, url, reason) => {
    vi.spyOn(dns, 'lookup').mockImplementation(((name: string, _: object, found: LookupDone) =>
      name === 'nobody.invalid'
        ? found(Object.assign(new Error(`getaddrinfo ENOTFOUND ${name}`), { code: 'ENOTFOUND' }))
        : found(null, [{ address: '127.0.0.1', family: 4 }])) as typeof dns.lookup)
    const { error, waitedMs, turns } = await ask(way, () => {}, { url: url() })
    expect(error).toMatchObject({ code: 'OFFLINE', message: expect.stringMatching(reason) })
    expect(waitedMs).toBeLessThanOrEqual(10_000)
    if (way === 'chat turn') expect(turns).toMatchObject([{ status: 'failed', errorCode: 'OFFLINE' }])
  })
})

describe.each(WAYS)('%s, given an answer too late', (way) => {
  it('takes the second one, and counts it once', async () => {
    server.onGenerate(say)
    let late = 0
    const handler: GenerateHandler = async (body, call) => {
      if (isAnswer({ body }) && late++ === 0) await pause(SHORT_MS + 200)
      return say(body, call)
    }
    const outcome = await ask(way, () => server.onGenerate(handler), { deadlineMs: SHORT_MS })
    expectOutcome(way, outcome, recovered)
    // The late one arrives while nobody waits for it any more.
    await pause(300)
    if (way === 'chat turn')
      expect(outcome.turns.map(({ status }) => status)).toEqual(['answered', 'answered'])
  })
})

describe.each(WAYS)('%s, given the same answer twice', (way) => {
  it('takes it once, and counts it once', async () => {
    const usageMetadata = { promptTokenCount: 20, candidatesTokenCount: 5, totalTokenCount: 25 }
    const candidates = text(GOOD, 'STOP').candidates ?? []
    const delivery = [text(BEGUN), text(' by Keller [1].'), { ...text('', 'STOP'), usageMetadata }]
      .map((event) => `data: ${JSON.stringify(event)}\r\n\r\n`)
      .join('')
    const twice = createServer((_, response) => {
      response.writeHead(200, { 'content-type': way === 'ask' ? 'application/json' : 'text/event-stream' })
      const whole = JSON.stringify({ candidates: [...candidates, ...candidates], usageMetadata })
      response.end(way === 'ask' ? whole : delivery + delivery)
    })
    try {
      const { answer, turns } = await ask(way, () => {}, { url: await listen(twice) })
      expect(answer).toMatchObject({
        answer: way === 'ask' ? GOOD : `${BEGUN} by Keller [1].`,
        usage: { promptTokens: 20, answerTokens: 5, totalTokens: 25 },
      })
      if (way === 'chat turn') expect(turns).toMatchObject([{ status: 'answered' }])
    } finally {
      twice.close()
    }
  })
})

describe.each(WAYS)('%s, given an answer of 100 MB', (way) => {
  it('reads 32 MB of it at most, twice', async () => {
    const sent: number[] = []
    const endless = createServer((_, response) => {
      const i = sent.push(0) - 1
      response.on('error', () => {})
      response.writeHead(200, { 'content-type': way === 'ask' ? 'application/json' : 'text/event-stream' })
      response.write(way === 'ask' ? '{"candidates":"' : 'data: {"candidates":"')
      const piece = 'x'.repeat(1_000_000)
      const send = () => {
        if (response.destroyed) return
        sent[i] = (sent[i] ?? 0) + piece.length
        if (sent[i] === 100_000_000) response.end('"}')
        else response.write(piece, send)
      }
      send()
    })
    const url = await listen(endless)
    try {
      const { error, turns } = await ask(way, () => {}, { url })
      expect(error).toMatchObject({ code: 'BAD_RESPONSE', message: expect.stringContaining('too large') })
      expect(error?.partialAnswer).toBeUndefined()
      expect(sent).toHaveLength(2)
      // What is on its way is beyond what was read.
      for (const bytes of sent) expect(bytes).toBeLessThan(60_000_000)
      if (way === 'chat turn') expect(turns).toMatchObject([{ status: 'failed', errorCode: 'BAD_RESPONSE' }])
    } finally {
      endless.closeAllConnections()
      endless.close()
    }
  })
})

async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

const text = (words: string, finishReason?: string): GenerateContentResponse => ({
  candidates: [
    { content: { role: 'model', parts: [{ text: words }] }, index: 0, ...(finishReason && { finishReason }) },
  ],
})
const BEGUN = 'In 2021 the heat pump was installed'
async function* begun(...rest: GenerateContentResponse[]): AsyncGenerator<GenerateContentResponse> {
  yield text(BEGUN)
  yield* rest
}

const streams: readonly (readonly [name: string, handler: GenerateHandler, code: string])[] = [
  ['ends without a reason to end', () => begun(), 'INCOMPLETE'],
  [
    'is cut',
    () =>
      (async function* () {
        yield* begun()
        await pause()
        throw new Error('cut')
      })(),
    'INCOMPLETE',
  ],
  [
    'stalls',
    () =>
      (async function* () {
        yield* begun()
        await pause(4 * SHORT_MS)
      })(),
    'TIMEOUT',
  ],
  ['brings an error', () => begun(answers.error(new ApiError(503, 'overloaded'))), 'UNAVAILABLE'],
]

describe.each(['ask stream', 'chat turn'] as const)('%s, once begun', (way) => {
  it.each(streams)('ends as an error, with what came so far, when it %s', async (_, handler, code) => {
    server.onGenerate(say)
    const outcome = await ask(way, () => server.onGenerate(handler))
    expect(outcome).toMatchObject({
      requests: 1,
      waitedMs: 0,
      shown: expect.stringMatching(/^In 2021 the heat/),
    })
    expect(outcome.error).toMatchObject({ name: 'GemdexError', code, partialAnswer: outcome.shown })
    if (way === 'chat turn') expectFailedTurn(outcome, code)
  })

  it('goes on over an event that nobody knows', async () => {
    server.onGenerate(say)
    const odd = { somethingNew: { a: 1 } }
    const outcome = await ask(way, () =>
      server.onGenerate(() => begun(odd, text(' by Keller [1].'), odd, text('', 'STOP'))),
    )
    expect(outcome.answer).toMatchObject({ status: 'answered', answer: `${BEGUN} by Keller [1].` })
  })

  it('is not asked for again, and lets the next question through', async () => {
    server.onGenerate(say)
    const { clock, conversations } = setUp({})
    const chat = conversations.chat()
    server.onGenerate(() => begun())
    const drain = async (question: string) => {
      for await (const _ of way === 'chat turn' ? chat.ask(question) : conversations.ask(question, {})) void _
    }
    await expect(clock.run(drain('Who installed the heat pump?'))).rejects.toMatchObject({
      code: 'INCOMPLETE',
    })
    server.onGenerate(say)
    await clock.run(drain('Who installed the heat pump?'))
    expect(answersAsked()).toBe(2)
    // The failed turn is no part of what the model is told.
    expect(JSON.stringify(server.requests.at(-1)?.body)).not.toContain(BEGUN)
  })
})

it.each(WAYS)('%s of which bytes drip without an end ends', async (way) => {
  const responses: ServerResponse[] = []
  const dripping = createServer((_, response) => {
    responses.push(response)
    if (way === 'ask') response.writeHead(200, { 'content-type': 'application/json' }).write('{"candidates":')
    else {
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      response.write(`data: ${JSON.stringify(text(BEGUN))}\r\n\r\ndata: `)
    }
  })
  const timer = setInterval(() => responses.forEach((response) => void response.write(' ')), 20)
  try {
    const url = await listen(dripping)
    const { error, turns } = await ask(way, () => {}, { url, deadlineMs: SHORT_MS })
    expect(error).toMatchObject({ code: 'TIMEOUT' })
    const partial = way === 'ask' ? undefined : expect.stringContaining('In 2021 the')
    expect(error?.partialAnswer).toEqual(partial)
    if (way === 'chat turn') expect(turns).toMatchObject([{ status: 'failed', errorCode: 'TIMEOUT' }])
    await expect.poll(() => responses.every(({ destroyed }) => destroyed)).toBe(true)
  } finally {
    clearInterval(timer)
    dripping.closeAllConnections()
    dripping.close()
  }
})

const harm = [{ category: 'HARM_CATEGORY_HARASSMENT', probability: 'HIGH', blocked: true }]
const outcomes: readonly (readonly [name: string, handler: GenerateHandler, expected: Partial<Answer>])[] = [
  ['nothing', () => ({ candidates: [{ finishReason: 'STOP', index: 0 }] }), { status: 'empty', answer: '' }],
  ['an empty text', () => answers.empty(), { status: 'empty', answer: '', finishReason: 'STOP' }],
  [
    'thoughts alone',
    () => answers.text('', { thought: 'let me see' }),
    { status: 'empty', answer: '', finishReason: 'STOP' },
  ],
  [
    'SAFETY',
    () => answers.safetyBlocked(harm),
    {
      status: 'blocked',
      answer: '',
      safetyRatings: harm,
      reason: 'The answer was blocked (SAFETY): HARM_CATEGORY_HARASSMENT HIGH.',
    },
  ],
  [
    'RECITATION after some text',
    () => answers.text(GOOD, { finishReason: 'RECITATION' }),
    { status: 'blocked', answer: '', reason: 'The answer was blocked (RECITATION).' },
  ],
  [
    'a question that is blocked',
    () => answers.promptBlocked('PROHIBITED_CONTENT', harm),
    {
      status: 'blocked',
      answer: '',
      promptFeedback: { blockReason: 'PROHIBITED_CONTENT', safetyRatings: harm },
    },
  ],
  [
    'MAX_TOKENS with a text',
    () => answers.maxTokens(`${GOOD} It`),
    { status: 'truncated', answer: `${GOOD} It`, finishReason: 'MAX_TOKENS' },
  ],
  ['MAX_TOKENS without a text', () => answers.maxTokens(), { status: 'truncated', answer: '' }],
  [
    'a reason that nobody knows, with a text',
    () => answers.text(GOOD, { finishReason: 'MOOD' }),
    { status: 'truncated', answer: GOOD, reason: 'The model stopped early (MOOD).' },
  ],
  [
    'a reason that nobody knows, without a text',
    () => answers.text('', { finishReason: 'MOOD' }),
    { status: 'empty', answer: '', reason: 'The model gave no text (MOOD).' },
  ],
  [
    'a malformed call of a function',
    () => answers.text('', { finishReason: 'MALFORMED_FUNCTION_CALL' }),
    { status: 'empty', answer: '' },
  ],
]

describe.each(WAYS)('%s, answered by', (way) => {
  it.each(outcomes)('%s, is one of the statuses', async (_, handler, expected) => {
    server.onGenerate(say)
    const outcome = await ask(way, () => server.onGenerate(handler))
    expect(outcome.error).toBeUndefined()
    expect(outcome.answer).toMatchObject(expected)
    expect(outcome.requests).toBe(1)
    if (way === 'chat turn') expect(outcome.turns.at(-1)).toMatchObject({ status: expected.status })
  })

  it('no candidates and no reason for it, twice, breaks off as incomplete', async () => {
    server.onGenerate(say)
    const { error } = await ask(way, () => server.onGenerate(() => answers.noCandidates()))
    expect(error).toMatchObject({ code: 'INCOMPLETE' })
  })
})

describe('a turn of a conversation', () => {
  it('goes by rules when the question cannot be rewritten', async () => {
    server.onGenerate(say)
    const isRewriting = (target: FaultTarget) => !isAnswer(target)
    const outcome = await ask('chat turn', () =>
      server.failNext(status(500), { times: FOR_EVER, match: isRewriting }),
    )
    expect(outcome.answer).toMatchObject({
      status: 'answered',
      standaloneQuestion: expect.stringMatching(/^Who installed it\? \(.*heat pump.*\)$/),
    })
  })

  it('is usable after one that was blocked, which goes no further', async () => {
    server.onGenerate(say)
    const { clock, conversations } = setUp({})
    const chat = conversations.chat()
    const drain = async (question: string) => {
      for await (const _ of chat.ask(question)) void _
    }
    server.onGenerate(() => answers.promptBlocked('SAFETY', harm))
    await clock.run(drain('A question with a swearword about the heat pump'))
    server.onGenerate(say)
    await clock.run(drain('When was the heat pump installed?'))
    expect((await chat.history()).map((turn) => turn.status)).toEqual(['blocked', 'answered'])
    expect(JSON.stringify(server.requests.at(-1)?.body)).not.toContain('swearword')
  })
})

describe('a reader who leaves', () => {
  it.each(['ask stream', 'chat turn'] as const)('ends the call of %s', async (way) => {
    server.onGenerate(say)
    const abort = new AbortController()
    let closed = false
    const outcome = await ask(
      way,
      () =>
        server.onGenerate(async function* (body) {
          if (!isAnswer({ body })) return yield text('Who installed the heat pump?', 'STOP')
          try {
            yield text(BEGUN)
            await pause()
            abort.abort()
            for (let i = 0; i < 100; i++) {
              await pause(10)
              yield text(' and')
            }
          } finally {
            closed = true
          }
        }),
      { signal: abort.signal },
    )
    expect(outcome.error).toMatchObject({ code: 'CANCELLED' })
    await expect.poll(() => closed).toBe(true)
    if (way === 'chat turn') expectFailedTurn(outcome, 'CANCELLED')
  })
})
