import { connect } from 'node:net'
import { expect, test } from 'vitest'
import type { SearchEngine } from '../../src/engine.js'
import { GemdexError } from '../../src/errors.js'
import { events, fakeEngine, searchResult } from './fake-engine.js'
import { errorOf, parseEvents, post, serve } from './serve.js'

/** A promise and what resolves it. */
function gate(): { readonly opened: Promise<void>; readonly open: () => void } {
  let open = () => {}
  const opened = new Promise<void>((resolve) => {
    open = resolve
  })
  return { opened, open }
}

/** A keep-alive connection: `ask` sends a request and gives the text that has come up to the end of its JSON. */
async function keepAlive(port: number) {
  const socket = connect(port, '127.0.0.1')
  let text = ''
  let ended = false
  socket.on('data', (chunk) => {
    text += chunk
  })
  socket.on('error', () => undefined)
  socket.on('close', () => {
    ended = true
  })
  await new Promise((resolve) => socket.on('connect', resolve))
  return {
    async ask(path: string): Promise<string> {
      text = ''
      socket.write(`GET ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`)
      await expect.poll(() => text).toMatch(/\r\n\r\n.*\}$/s)
      return text
    },
    isEnded: () => ended,
  }
}

const slowTimes = { settleMs: 150, streamsMs: 60_000, requestsMs: 60_000 }

test('with nobody connected it is immediate, and may be called again', async () => {
  const { close, url } = await serve(fakeEngine(), { drainTimes: slowTimes })
  await Promise.all([close(), close()])
  await close()
  await expect(fetch(url)).rejects.toThrow()
})

test('idle and silent connections are ended', async () => {
  const { close, port } = await serve(fakeEngine(), { drainTimes: slowTimes })
  const idle = await keepAlive(port)
  await idle.ask('/healthz')
  const silent = await keepAlive(port)
  await close()
  await expect.poll(idle.isEnded).toBe(true)
  await expect.poll(silent.isEnded).toBe(true)
})

test('while closing it is not ready, alive, and asks connections to close', async () => {
  const { close, port } = await serve(fakeEngine(), { drainTimes: slowTimes })
  const [first, second] = [await keepAlive(port), await keepAlive(port)]
  expect(await first.ask('/readyz')).toMatch(/^HTTP\/1.1 200 .*connection: keep-alive/is)
  const closed = close()
  const answer = await first.ask('/readyz')
  expect(answer).toMatch(/^HTTP\/1.1 503 .*connection: close/is)
  expect(answer).toContain('"code":"UNAVAILABLE"')
  expect(await second.ask('/v1/search?q=x')).toMatch(/^HTTP\/1.1 200 .*connection: close/is)
  await closed
})

test('requests under way finish, and closing waits for them', async () => {
  const { opened, open } = gate()
  const search = async () => {
    await opened
    return searchResult
  }
  const engine = fakeEngine({ search })
  const { close, url } = await serve(engine, { drainTimes: { ...slowTimes, settleMs: 0 } })
  const response = post(`${url}/v1/search`, { query: 'x' })
  await expect.poll(() => engine.calls.length).toBe(1)
  let closed = false
  const closing = close().then(() => {
    closed = true
  })
  const isServed = () =>
    fetch(`${url}/healthz`).then(
      () => true,
      () => false,
    )
  await expect.poll(isServed).toBe(false)
  expect(closed).toBe(false)
  open()
  expect((await response).headers.get('connection')).toBe('close')
  expect(await (await response).json()).toEqual(searchResult)
  await closing
})

const hanging: Partial<SearchEngine> = {
  async *ask(_question, { signal } = {}) {
    yield* events.slice(0, 2)
    await new Promise((_, reject) => {
      signal?.addEventListener('abort', () => reject(new GemdexError('CANCELLED', 'Cancelled')))
    })
  },
  search: ({ signal }) =>
    new Promise((_, reject) => {
      signal?.addEventListener('abort', () => reject(new GemdexError('CANCELLED', 'Cancelled')))
    }),
}

test('a stream gets an error event, and its source is aborted', async () => {
  const { close, url } = await serve(fakeEngine(hanging), {
    drainTimes: { settleMs: 0, streamsMs: 20, requestsMs: 60_000 },
  })
  const response = await post(`${url}/v1/ask`, { question: 'x' }, { accept: 'text/event-stream' })
  const [text] = await Promise.all([response.text(), close()])
  const received = parseEvents(text)
  expect(received.map(({ event }) => event)).toEqual(['sources', 'delta', 'error'])
  expect(received[2]?.data).toMatchObject({
    error: { code: 'UNAVAILABLE', message: 'The service is closing' },
  })
})

test('a stream that ends in time is left alone', async () => {
  const { opened, open } = gate()
  const engine = fakeEngine({
    async *ask() {
      yield* events.slice(0, 1)
      await opened
      yield* events.slice(1)
    },
  })
  const { close, url } = await serve(engine, { drainTimes: { ...slowTimes, settleMs: 0 } })
  const response = await post(`${url}/v1/ask`, { question: 'x' }, { accept: 'text/event-stream' })
  const closing = close()
  open()
  expect(parseEvents(await response.text()).at(-1)?.event).toBe('done')
  await closing
})

test('a request that does not end is answered 503', async () => {
  const engine = fakeEngine(hanging)
  const { close, url } = await serve(engine, { drainTimes: { settleMs: 0, streamsMs: 10, requestsMs: 20 } })
  const response = post(`${url}/v1/search`, { query: 'x' })
  await expect.poll(() => engine.calls.length).toBe(1)
  await close()
  expect((await response).status).toBe(503)
  expect((await errorOf(await response)).code).toBe('UNAVAILABLE')
})

test('an engine that heeds no signal does not hold it up for ever', async () => {
  const engine = fakeEngine({ status: () => new Promise(() => undefined) })
  const { close, url } = await serve(engine, { drainTimes: { settleMs: 0, streamsMs: 10, requestsMs: 20 } })
  const response = fetch(`${url}/v1/status`).catch(() => 'cut off')
  await expect.poll(() => engine.calls.length).toBe(1)
  await close()
  expect(await response).toBe('cut off')
})

test('it waits for work whose client has left', async () => {
  const { opened, open } = gate()
  let worked = false
  const search = async () => {
    await opened
    worked = true
    return searchResult
  }
  const engine = fakeEngine({ search })
  const { close, url, lines } = await serve(engine, { drainTimes: { ...slowTimes, settleMs: 0 } })
  const controller = new AbortController()
  const response = fetch(`${url}/v1/search?q=x`, { signal: controller.signal }).catch(() => undefined)
  await expect.poll(() => engine.calls.length).toBe(1)
  controller.abort()
  await response
  await expect.poll(() => lines.length).toBe(1)
  const closing = close()
  setTimeout(open, 50)
  await closing
  expect(worked).toBe(true)
})

test('clients that heed Connection: close lose no request', async () => {
  // Time enough for each client to get one more answer, however slow the machine is.
  const { close, url } = await serve(fakeEngine(), { drainTimes: { ...slowTimes, settleMs: 2_000 } })
  let answered = 0
  const client = async () => {
    for (;;) {
      const response = await fetch(`${url}/v1/search?q=x`)
      expect(await response.json()).toEqual(searchResult)
      answered++
      if (response.headers.get('connection') === 'close') return
    }
  }
  const clients = Array.from({ length: 20 }, client)
  await expect.poll(() => answered, { timeout: 10_000 }).toBeGreaterThan(100)
  await close()
  await Promise.all(clients)
})
