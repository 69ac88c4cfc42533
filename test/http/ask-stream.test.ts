import { connect } from 'node:net'
import { describe, expect, test } from 'vitest'
import type { AnswerEvent, AskOptions, SearchEngine } from '../../src/engine.js'
import { GemdexError } from '../../src/errors.js'
import { answer, events, fakeEngine, hit } from './fake-engine.js'
import { errorOf, parseEvents, post, requestHead, serve } from './serve.js'

const question = '{"question":"When?"}'
const streamHeaders = [
  'Accept: text/event-stream',
  'Content-Type: application/json',
  `Content-Length: ${question.length}`,
]
const accept = { accept: 'text/event-stream' }
const ask = (url: string, init: { signal?: AbortSignal } = {}) =>
  fetch(`${url}/v1/ask`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...accept },
    body: question,
    ...init,
  })

/** Yields the events, then does as the ending says. */
function engineOf(
  first: readonly AnswerEvent[],
  ending: (signal: AbortSignal) => Promise<void>,
): SearchEngine {
  return fakeEngine({
    async *ask(_question, options: AskOptions = {}) {
      yield* first
      await ending(options.signal ?? AbortSignal.abort())
    },
  })
}

function untilAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () =>
      reject(new GemdexError('CANCELLED', 'The operation was cancelled')),
    )
  })
}

describe('an answer as events', () => {
  test('comes in order, each with an event and one line of data', async () => {
    const engine = fakeEngine()
    const { url, lines } = await serve(engine)
    const response = await ask(url)
    expect(response.status).toBe(200)
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'x-request-id': expect.any(String),
    })
    expect(parseEvents(await response.text())).toEqual([
      { event: 'sources', data: { sources: [hit], standaloneQuestion: answer.standaloneQuestion } },
      { event: 'delta', data: { text: 'Two weeks before\n' } },
      { event: 'delta', data: { text: 'the first day [1].\u2028' } },
      { event: 'citation', data: answer.citations[0] },
      { event: 'done', data: answer },
    ])
    expect(engine.calls).toEqual([
      { method: 'ask', args: ['When?', { owner: null, signal: expect.any(AbortSignal) }] },
    ])
    await expect.poll(() => lines[0]?.facts).toMatchObject({ route: '/v1/ask', status: 200 })
  })

  test.each([
    'text/event-stream',
    'text/event-stream, */*',
    'TEXT/EVENT-STREAM',
    'application/json;q=0.5, text/event-stream',
  ])('for Accept: %s', async (value) => {
    const { url } = await serve()
    const response = await post(`${url}/v1/ask`, { question: 'When?' }, { accept: value })
    expect(response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8')
    await response.text()
  })

  test('each event is sent when it happens', async () => {
    let release = () => {}
    const released = new Promise<void>((resolve) => {
      release = resolve
    })
    const { url } = await serve(engineOf([{ type: 'delta', text: 'first' }], () => released))
    const reader = (await ask(url)).body?.getReader()
    const chunk = await reader?.read()
    expect(parseEvents(new TextDecoder().decode(chunk?.value))).toEqual([
      { event: 'delta', data: { text: 'first' } },
    ])
    release()
    await reader?.read()
  })

  test('large events reach a slow reader whole', async () => {
    const text = 'ä'.repeat(300_000)
    const deltas = Array.from({ length: 10 }, () => ({ type: 'delta', text }) as const)
    const { url } = await serve(engineOf([...deltas, { type: 'done', answer }], async () => undefined))
    const received = parseEvents(await (await ask(url)).text())
    expect(received).toHaveLength(11)
    expect(received[9]?.data).toEqual({ text })
  })
})

test('a client that does not read stops the source', async () => {
  let yielded = 0
  const text = 'x'.repeat(65_536)
  const engine = fakeEngine({
    async *ask() {
      for (; yielded < 5_000; yielded++) yield { type: 'delta', text }
    },
  })
  const { port } = await serve(engine)
  const socket = connect(port, '127.0.0.1')
  socket.pause()
  socket.write(requestHead('POST /v1/ask', streamHeaders) + question)
  // What the sockets of both sides buffer, then nothing more.
  let before = -1
  const hasStopped = () => {
    const stopped = yielded > 0 && yielded === before
    before = yielded
    return stopped
  }
  await expect.poll(hasStopped, { interval: 50 }).toBe(true)
  expect(yielded).toBeLessThan(1_000)
  socket.destroy()
})

test('garbage behind the request puts no second answer into the stream', async () => {
  const { port } = await serve(engineOf(events.slice(0, 2), untilAborted))
  const bytes = requestHead('POST /v1/ask', streamHeaders) + question
  const received = await new Promise<string>((resolve) => {
    let text = ''
    const socket = connect(port, '127.0.0.1')
    socket.write(bytes)
    socket.on('data', (chunk) => {
      text += chunk
      if (text.includes('event: delta')) socket.write('garbage\r\n\r\n')
    })
    socket.on('error', () => undefined)
    socket.on('close', () => resolve(text))
  })
  expect(received.match(/HTTP\/1.1/g)).toHaveLength(1)
})

describe('what goes wrong', () => {
  test('before the first event has a status of its own', async () => {
    const error = new GemdexError('QUOTA_EXHAUSTED', 'The day is over', { retryAfterMs: 5000 })
    const { url } = await serve(engineOf([], () => Promise.reject(error)))
    const response = await ask(url)
    expect([response.status, response.headers.get('retry-after')]).toEqual([429, '5'])
    expect((await errorOf(response)).code).toBe('QUOTA_EXHAUSTED')
  })

  test('later is an event in the shape of all errors', async () => {
    const error = new GemdexError('INCOMPLETE', 'The answer broke off', { hint: 'Ask again.' })
    const { url, lines } = await serve(engineOf(events.slice(0, 2), () => Promise.reject(error)))
    const response = await ask(url)
    const received = parseEvents(await response.text())
    expect(received.map(({ event }) => event)).toEqual(['sources', 'delta', 'error'])
    expect(received[2]?.data).toEqual({
      error: {
        code: 'INCOMPLETE',
        message: 'The answer broke off',
        hint: 'Ask again.',
        requestId: response.headers.get('x-request-id'),
      },
    })
    await expect.poll(() => lines[0]?.facts).toMatchObject({ status: 200, code: 'INCOMPLETE' })
  })

  test('an unknown error is logged whole and shown as a constant', async () => {
    const error = new Error('ENOENT /home/ines/index.db')
    const { url, lines } = await serve(engineOf(events.slice(0, 1), () => Promise.reject(error)))
    const text = await (await ask(url)).text()
    expect(text).not.toContain('ines/')
    expect(parseEvents(text)[1]).toMatchObject({ event: 'error', data: { error: { code: 'INTERNAL' } } })
    expect(lines[0]).toMatchObject({ level: 'error', facts: { err: error } })
  })

  test('a source that ends without a result is INCOMPLETE', async () => {
    const some = await serve(engineOf(events.slice(0, 2), async () => undefined))
    expect(parseEvents(await (await ask(some.url)).text())[2]).toMatchObject({
      event: 'error',
      data: { error: { code: 'INCOMPLETE' } },
    })
    const none = await serve(engineOf([], async () => undefined))
    expect((await ask(none.url)).status).toBe(502)
  })
})

describe('a client that leaves', () => {
  test('aborts the call for its events', async () => {
    let aborted: unknown
    const engine = engineOf(events.slice(0, 1), (signal) =>
      untilAborted(signal).catch((error) => {
        aborted = error
        throw error
      }),
    )
    const { url, lines } = await serve(engine)
    const controller = new AbortController()
    const response = await ask(url, { signal: controller.signal })
    await response.body?.getReader().read()
    controller.abort()
    await expect.poll(() => aborted).toBeInstanceOf(GemdexError)
    await expect.poll(() => lines[0]?.facts).toMatchObject({ status: 499 })
    expect(lines.every(({ level }) => level === 'info')).toBe(true)
  })

  test('aborts before the first event too', async () => {
    const signals: AbortSignal[] = []
    const engine = engineOf([], (signal) => {
      signals.push(signal)
      return untilAborted(signal)
    })
    const { url } = await serve(engine)
    const controller = new AbortController()
    const response = ask(url, { signal: controller.signal })
    await expect.poll(() => signals.length).toBe(1)
    controller.abort()
    await expect(response).rejects.toThrow()
    await expect.poll(() => signals[0]?.aborted).toBe(true)
  })

  test('gives the source of the events the chance to clean up', async () => {
    let cleaned = false
    const engine = fakeEngine({
      async *ask(_question, { signal } = {}) {
        try {
          for (;;) {
            yield { type: 'delta', text: 'x'.repeat(1000) }
            await new Promise((resolve) => setTimeout(resolve, 1))
            if (signal === undefined) return
          }
        } finally {
          cleaned = true
        }
      },
    })
    const { url } = await serve(engine)
    const controller = new AbortController()
    await (await ask(url, { signal: controller.signal })).body?.getReader().read()
    controller.abort()
    await expect.poll(() => cleaned).toBe(true)
  })

  test.each(['/v1/ask', '/v1/search'])('aborts %s answered as JSON', async (path) => {
    const signals: AbortSignal[] = []
    const wait = (signal = AbortSignal.abort()) => {
      signals.push(signal)
      return untilAborted(signal)
    }
    const engine = fakeEngine({
      answer: (_, options) => wait(options?.signal),
      search: ({ signal }) => wait(signal),
    })
    const { url, lines } = await serve(engine)
    const controller = new AbortController()
    const response = fetch(`${url}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: path === '/v1/ask' ? '{"question":"x"}' : '{"query":"x"}',
      signal: controller.signal,
    })
    await expect.poll(() => signals.length).toBe(1)
    controller.abort()
    await expect(response).rejects.toThrow()
    await expect.poll(() => signals[0]?.aborted).toBe(true)
    await expect.poll(() => lines[0]?.facts).toMatchObject({ status: 499, code: 'CANCELLED' })
  })
})
