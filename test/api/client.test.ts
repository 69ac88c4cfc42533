import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, expectTypeOf, test } from 'vitest'
import { type Answer, createClient, GemdexClientError, type Job } from '../../src/api/client.js'
import { operations } from '../../src/api/operations.js'
import type { AnswerEvent, SearchEngine } from '../../src/engine.js'
import { GemdexError } from '../../src/errors.js'
import type * as nouns from '../../src/types.js'
import {
  answer,
  document,
  events,
  fakeEngine,
  hit,
  job,
  searchResult,
  session,
  summary,
} from '../http/fake-engine.js'
import { serve } from '../http/serve.js'

async function openClient(engine = fakeEngine()) {
  const { url } = await serve(engine)
  return { client: createClient({ baseUrl: `${url}/` }), engine, url }
}

test('calls every operation that is for programs of its kind', async () => {
  const asked: string[] = []
  const { url } = await serve()
  const client = createClient({
    baseUrl: url,
    fetch: (address, init) => {
      const path = new URL(String(address)).pathname
        .replace(/0123456789abcdef|5b0c8c1e[\da-f-]+|7f0c6c1e[\da-f-]+/, ':id')
        .replace('hand%2Fbook', ':name')
      asked.push(`${init?.method} ${path}`)
      return fetch(address, init)
    },
  })
  const { id } = summary
  expect(await client.search({ query: 'laptop', limit: 3 })).toEqual(searchResult)
  expect(await client.ask({ question: 'When?' })).toEqual(answer)
  expect((await client.suggest('On', { limit: 3 })).suggestions).toHaveLength(1)
  expect((await client.sessions.list({ limit: 1 })).sessions).toHaveLength(1)
  expect((await client.sessions.create()).turns).toEqual([])
  expect((await client.sessions.search('laptop')).turns).toEqual([])
  expect(await client.sessions.get(session.id)).toEqual(session)
  expect(await client.sessions.rename(session.id, 'Laptops')).toEqual(session)
  expect(await client.sessions.remove(session.id)).toEqual({ removed: { id: session.id } })
  expect((await client.documents.similar(id, { limit: 3 })).documentId).toBe(id)
  expect((await client.map()).points).toHaveLength(1)
  expect(await client.documents.list({ limit: 1 })).toMatchObject({ documents: [summary], total: 3 })
  expect(await client.documents.get(id)).toEqual(summary)
  expect((await client.documents.content(id)).text).toBe(document.text)
  expect((await client.documents.push({ uri: 'a.md', text: 'x' })).documents).toEqual([summary])
  expect(
    (await client.documents.put(new Uint8Array(3), { uri: 'a.md', metadata: { n: 1 } })).notices,
  ).toEqual([])
  expect(await client.documents.remove(id)).toEqual({ removed: summary })
  expect((await client.duplicates({ limit: 3 })).groups).toEqual([])
  expect((await client.topics({ seed: 2 })).topics).toEqual([])
  expect((await client.gaps.list()).topics).toEqual([])
  expect(await client.gaps.forget({ question: 'When?' })).toEqual({ removed: 0 })
  const labels = ['a', 'b'].map((name) => ({ name, description: name }))
  expect((await client.classify({ labels, texts: ['x'] })).items).toEqual([])
  expect((await client.similarity(['x', 'y'])).similarity).toBe(0.5)
  expect((await client.jobs.start({ path: '/x' })).state).toBe('queued')
  expect((await client.jobs.list()).jobs).toHaveLength(1)
  expect((await client.jobs.get(job.id)).state).toBe('running')
  expect((await client.jobs.cancel(job.id)).state).toBe('cancelled')
  expect((await client.collections()).collections).toMatchObject([{ name: 'handbook' }])
  expect(await client.removeCollection('hand/book', { folder: 'a b' })).toEqual({
    removed: { collection: 'hand/book', folder: 'a b', documents: 1, chunks: 4 },
  })
  expect((await client.status()).documents).toBe(1)
  expect((await client.models({ method: 'embedContent' })).models).toHaveLength(1)
  expect((await client.embed({ model: 'gemdex', input: 'x' })).data).toHaveLength(1)
  const meant = Object.values(operations)
    .filter(({ tag, access }) => access !== 'open' && tag !== 'MCP')
    .map(({ method, path }) => `${method} ${path}`)
    // The query string has no use where there is a body, and of the others there are programs that know them.
    .filter((name) => !['GET /v1/search', 'POST /v1/chat/completions', 'GET /metrics'].includes(name))
  expect(asked.toSorted()).toEqual(meant.toSorted())
})

test('tells how far work over the whole index is where that is wanted', async () => {
  const topics: SearchEngine['topics'] = async ({ onProgress } = {}) => {
    onProgress?.({ stage: 'grouping', done: 3, total: 12 })
    // What is told of at the same moment as the end is not sent.
    await new Promise((resolve) => setTimeout(resolve, 20))
    return fakeEngine().topics()
  }
  const { url } = await serve(fakeEngine({ topics }))
  const told: unknown[] = []
  const report = await createClient({ baseUrl: url }).topics(
    {},
    { onProgress: (progress) => told.push(progress) },
  )
  expect(report).toMatchObject({ documents: 1, topics: [] })
  expect(told).toEqual([{ stage: 'grouping', done: 3, total: 12 }])
})

test('its types are those of the engine, as far as clients see them', () => {
  expectTypeOf<nouns.Answer>().toExtend<Pick<Answer, 'status' | 'answer'>>()
  expectTypeOf<Job['state']>().toEqualTypeOf<
    'queued' | 'running' | 'interrupted' | 'done' | 'failed' | 'cancelled'
  >()
  const client = createClient({ baseUrl: 'http://localhost' })
  expectTypeOf(client.search).parameter(0).toHaveProperty('query')
  // @ts-expect-error: a field that the service does not know
  void (() => client.search({ query: 'x', limitt: 3 }))
  // @ts-expect-error: a value that it does not take
  void (() => client.search({ query: 'x', mode: 'fuzzy' }))
})

describe('streams', () => {
  test('an answer as it is made', async () => {
    const { client } = await openClient()
    const seen = []
    for await (const event of client.askEvents({ question: 'When?' })) seen.push(event)
    expect(seen).toEqual(events)
  })

  test('split anywhere, they are the same', async () => {
    const { url } = await serve()
    const whole = new Uint8Array(
      await (
        await fetch(`${url}/v1/ask`, {
          method: 'POST',
          headers: { accept: 'text/event-stream', 'content-type': 'application/json' },
          body: '{"question":"x"}',
        })
      ).arrayBuffer(),
    )
    for (const size of [1, 7, 64, whole.length]) {
      const split = async () => {
        const body = new ReadableStream({
          start(controller) {
            for (let at = 0; at < whole.length; at += size) controller.enqueue(whole.slice(at, at + size))
            controller.close()
          },
        })
        return new Response(body)
      }
      const client = createClient({ baseUrl: 'http://unused', fetch: split })
      const seen = []
      for await (const event of client.askEvents({ question: 'x' })) seen.push(event)
      expect(seen).toEqual(events)
    }
  })

  test('a job up to its end', async () => {
    const { client } = await openClient()
    const states = []
    for await (const { state } of client.jobs.follow(job.id)) states.push(state)
    expect(states).toEqual(['running', 'done'])
  })

  test('an error in them is thrown, and so is an early end', async () => {
    const engine = fakeEngine({
      async *ask(): AsyncGenerator<AnswerEvent> {
        yield { type: 'sources', sources: [hit], standaloneQuestion: '' }
        throw new GemdexError('INCOMPLETE', 'The answer broke off')
      },
    })
    const { client } = await openClient(engine)
    const read = async (reader: typeof client) => {
      for await (const _ of reader.askEvents({ question: 'x' }));
    }
    await expect(read(client)).rejects.toMatchObject({ code: 'INCOMPLETE', message: 'The answer broke off' })
    const cut = createClient({
      baseUrl: 'http://unused',
      fetch: async () => new Response('event: sources\n'),
    })
    await expect(read(cut)).rejects.toMatchObject({ code: 'INCOMPLETE' })
  })

  test('whoever stops reading ends them', async () => {
    let ended = false
    const engine = fakeEngine({
      async *ask(_question, { signal } = {}): AsyncGenerator<AnswerEvent> {
        try {
          yield { type: 'sources', sources: [hit], standaloneQuestion: '' }
          await new Promise((resolve) => signal?.addEventListener('abort', resolve))
        } finally {
          ended = true
        }
      },
    })
    const { client } = await openClient(engine)
    for await (const _ of client.askEvents({ question: 'x' })) break
    await expect.poll(() => ended).toBe(true)
  })
})

describe('errors', () => {
  test('carry what the service says', async () => {
    const thrown = new GemdexError('RATE_LIMITED', 'Too many', { hint: 'wait', retryAfterMs: 2_000 })
    const { client } = await openClient(fakeEngine({ search: () => Promise.reject(thrown) }))
    const error = await client.search({ query: 'x' }).catch((caught: unknown) => caught)
    expect(error).toBeInstanceOf(GemdexClientError)
    expect(error).toMatchObject({
      status: 429,
      code: 'RATE_LIMITED',
      message: 'Too many',
      hint: 'wait',
      retryAfterMs: 2_000,
      requestId: expect.any(String),
    })
    await expect(client.search({ query: '' })).rejects.toMatchObject({ code: 'BAD_INPUT', field: 'query' })
  })

  test('of something in between are told too', async () => {
    const client = createClient({
      baseUrl: 'http://unused',
      fetch: async () => new Response('<h1>Bad gateway</h1>', { status: 502 }),
    })
    await expect(client.status()).rejects.toMatchObject({ status: 502, code: 'UNKNOWN' })
  })

  test('a call can be given up', async () => {
    const { client } = await openClient(fakeEngine({ search: () => new Promise(() => {}) }))
    const controller = new AbortController()
    const call = client.search({ query: 'x' }, { signal: controller.signal })
    controller.abort()
    await expect(call).rejects.toThrow(/abort/i)
  })
})

test('the key goes into the header, and a path in the address is kept', async () => {
  const asked: [string, unknown][] = []
  const client = createClient({
    baseUrl: 'https://example.org/gemdex/',
    apiKey: 'k',
    fetch: async (address, init) => {
      asked.push([String(address), init?.headers])
      return new Response('{}')
    },
  })
  await client.documents.get('a/b ü.md')
  expect(asked).toEqual([
    [
      'https://example.org/gemdex/v1/documents/a%2Fb%20%C3%BC.md',
      { accept: 'application/json', authorization: 'Bearer k' },
    ],
  ])
})

test('the built client needs nothing but what browsers have', () => {
  const file = fileURLToPath(new URL('../../dist/api/client.js', import.meta.url))
  const source = readFileSync(file, 'utf8')
  expect(source).not.toMatch(/^import|\brequire\(|node:|process\.|Buffer/m)
})
