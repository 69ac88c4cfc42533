import { describe, expect, test } from 'vitest'
import { operations } from '../../src/api/operations.js'
import { answer, document, fakeEngine, searchResult, summary } from './fake-engine.js'
import { errorOf, post, serve } from './serve.js'

const json = async (response: Response) => {
  expect(response.headers.get('content-type')).toBe('application/json; charset=utf-8')
  return (await response.json()) as Overview
}

/** The members that are looked into here; every answer has some of them at most. */
type Overview = {
  readonly collections?: unknown
  readonly models?: readonly { readonly id: string }[]
  readonly routes?: readonly string[]
}

describe('search', () => {
  test('POST hands every field to the engine', async () => {
    const engine = fakeEngine()
    const { url } = await serve(engine)
    const body = {
      query: 'laptop',
      limit: 5,
      mode: 'keyword',
      collection: 'handbook',
      minScore: 0.25,
      explain: true,
      full: false,
    }
    const response = await post(`${url}/v1/search`, body)
    expect(response.status).toBe(200)
    expect(await json(response)).toEqual(searchResult)
    expect(engine.calls).toEqual([{ method: 'search', args: [{ ...body, signal: expect.any(AbortSignal) }] }])
  })

  test('GET reads the same from the query string', async () => {
    const engine = fakeEngine()
    const { url } = await serve(engine)
    const query =
      'q=caf%C3%A9+au%20lait&limit=5&mode=vector&collection=a%20b&minScore=0.5&explain=true&full=false'
    const response = await fetch(`${url}/v1/search?${query}`)
    expect(await json(response)).toEqual(searchResult)
    expect(engine.calls[0]?.args).toEqual([
      {
        query: 'café au lait',
        limit: 5,
        mode: 'vector',
        collection: 'a b',
        minScore: 0.5,
        explain: true,
        full: false,
        signal: expect.any(AbortSignal),
      },
    ])
  })

  test('what is not given is not handed on', async () => {
    const engine = fakeEngine()
    const { url } = await serve(engine)
    await post(`${url}/v1/search`, { query: 'x' })
    await fetch(`${url}/v1/search?q=x`)
    for (const { args } of engine.calls)
      expect(args).toStrictEqual([{ query: 'x', signal: expect.any(AbortSignal) }])
  })

  test('a body in chunks is read like any other', async () => {
    const { url } = await serve()
    const chunks = ['{"query":', '"caf', 'é"}'].map((text) => new TextEncoder().encode(text))
    const body = new ReadableStream({
      start(controller) {
        for (const chunk of chunks) controller.enqueue(chunk)
        controller.close()
      },
    })
    const headers = { 'content-type': 'application/json; charset=UTF-8' }
    const response = await fetch(`${url}/v1/search`, { method: 'POST', headers, body, duplex: 'half' })
    expect(response.status).toBe(200)
  })
})

describe('ask', () => {
  test('gives the whole answer, with generation and safety for the model', async () => {
    const engine = fakeEngine()
    const { url } = await serve(engine)
    const generation = {
      maxOutputTokens: 100,
      stopSequences: ['END'],
      candidates: 2,
      temperature: 0.5,
      topP: 0.9,
      topK: 40,
    }
    const response = await post(`${url}/v1/ask`, {
      question: 'When?',
      collection: 'handbook',
      generation,
      safety: [{ category: 'HARASSMENT', threshold: 'BLOCK_NONE' }],
    })
    expect(await json(response)).toEqual(answer)
    expect(engine.calls).toEqual([
      {
        method: 'answer',
        args: [
          'When?',
          {
            collection: 'handbook',
            settings: generation,
            safety: [{ category: 'HARM_CATEGORY_HARASSMENT', threshold: 'BLOCK_NONE' }],
            owner: null,
            signal: expect.any(AbortSignal),
          },
        ],
      },
    ])
  })

  test.each(['application/json', '*/*', 'application/json, text/event-stream', 'text/html'])(
    'JSON for Accept: %s',
    async (accept) => {
      const { url } = await serve()
      expect(await json(await post(`${url}/v1/ask`, { question: 'When?' }, { accept }))).toEqual(answer)
    },
  )
})

describe('documents', () => {
  test('are listed by pages', async () => {
    const engine = fakeEngine()
    const { url } = await serve(engine)
    const first = await fetch(`${url}/v1/documents?collection=handbook&limit=1&after=00ff`)
    expect(await json(first)).toEqual({ documents: [summary], total: 3, next: summary.id })
    await fetch(`${url}/v1/documents`)
    expect(engine.calls.map(({ args }) => args)).toStrictEqual([
      [{ collection: 'handbook', limit: 1, after: '00ff' }],
      [{ limit: 50 }],
    ])
  })

  test('the last page has no next', async () => {
    const { url } = await serve(fakeEngine({ listDocuments: async () => ({ items: [], total: 0 }) }))
    expect(await json(await fetch(`${url}/v1/documents`))).toEqual({ documents: [], total: 0 })
  })

  test('one comes without its text, its content with it', async () => {
    const { url } = await serve()
    expect(await json(await fetch(`${url}/v1/documents/${summary.id}`))).toEqual(summary)
    const { id, uri, title, text, blocks, passages } = document
    const content = await json(await fetch(`${url}/v1/documents/${id}/content`))
    expect(content).toEqual({ id, uri, title, text, blocks, passages })
  })

  test('may be named by their encoded URI', async () => {
    const engine = fakeEngine()
    const { url } = await serve(engine)
    await fetch(`${url}/v1/documents/${encodeURIComponent('a b/ü%?#.md')}`)
    await fetch(`${url}/v1/documents/${encodeURIComponent('a/content')}/content`)
    expect(engine.calls.map(({ args }) => args)).toEqual([['a b/ü%?#.md'], ['a/content']])
  })

  test('DELETE says what it removed', async () => {
    const engine = fakeEngine()
    const { url } = await serve(engine)
    const response = await fetch(`${url}/v1/documents/${summary.id}`, { method: 'DELETE' })
    expect(response.status).toBe(200)
    expect(await json(response)).toEqual({ removed: summary })
    expect(engine.calls).toEqual([{ method: 'removeDocument', args: [summary.id] }])
  })
})

describe('removing a collection', () => {
  test('takes the name percent-encoded, and a folder of it', async () => {
    const engine = fakeEngine()
    const { url } = await serve(engine)
    const remove = async (path: string) => {
      const response = await fetch(`${url}/v1/collections/${path}`, { method: 'DELETE' })
      return { status: response.status, body: await json(response) }
    }
    const counts = { documents: 1, chunks: 4 }
    expect(await remove(encodeURIComponent('a b%ü'))).toEqual({
      status: 200,
      body: { removed: { collection: 'a b%ü', ...counts } },
    })
    expect(await remove('docs?folder=a%2Fb')).toEqual({
      status: 200,
      body: { removed: { collection: 'docs', folder: 'a/b', ...counts } },
    })
    expect(engine.calls.map(({ method, args }) => [method, args])).toMatchObject([
      ['removePart', [{ collection: 'a b%ü' }]],
      ['removePart', [{ collection: 'docs', folder: 'a/b' }]],
    ])
  })

  test.each(['?folder=/etc', '?folder=', '?path=a', '?folder=a&folder=b'])('refuses %s', async (query) => {
    const engine = fakeEngine()
    const { url } = await serve(engine)
    const response = await fetch(`${url}/v1/collections/docs${query}`, { method: 'DELETE' })
    expect([response.status, engine.calls]).toEqual([400, []])
  })
})

test.each([
  ['DELETE', 'collections/docs', '{"folder":"a"}'],
  ['DELETE', `documents/${summary.id}`, '{}'],
  ['DELETE', 'sessions/s', 'x'],
])('%s /v1/%s refuses a body, which it would take no notice of', async (method, path, body) => {
  const engine = fakeEngine()
  const { url } = await serve(engine)
  const response = await fetch(`${url}/v1/${path}`, { method, body })
  expect(response.status).toBe(400)
  expect(await json(response)).toMatchObject({
    error: { code: 'BAD_INPUT', field: 'body', message: expect.stringContaining('takes no body') },
  })
  expect(engine.calls).toEqual([])
})

const streamOf = (text: string) =>
  new ReadableStream({
    start(controller) {
      if (text !== '') controller.enqueue(new TextEncoder().encode(text))
      controller.close()
    },
  })

test.each([
  ['', 200, 1],
  ['{"folder":"a"}', 400, 0],
])('a removal whose body tells no length brings one when bytes come: %j', async (text, status, calls) => {
  const engine = fakeEngine()
  const { url } = await serve(engine)
  const request = { method: 'DELETE', body: streamOf(text), duplex: 'half' } as const
  const response = await fetch(`${url}/v1/collections/docs`, request)
  expect([response.status, engine.calls.length]).toEqual([status, calls])
})

describe('state', () => {
  test('status leaves out where things lie on the machine', async () => {
    const { url } = await serve()
    const status = await json(await fetch(`${url}/v1/status`))
    expect(status).toMatchObject({ documents: 1, chunks: 4, embedded: 4, expected: 4 })
    expect(status.collections).toEqual([{ name: 'handbook', documents: 1, chunks: 4, embedded: 4 }])
    expect(JSON.stringify(status)).not.toContain('/home')
  })

  test('models, all or with a method', async () => {
    const { url } = await serve()
    const ids = async (query: string) =>
      (await json(await fetch(`${url}/v1/models${query}`))).models?.map(({ id }) => id)
    expect(await ids('')).toEqual(['gemini-3.8-flash', 'gemini-embedding-001'])
    expect(await ids('?method=generateContent')).toEqual(['gemini-3.8-flash'])
    expect(await ids('?method=nothing')).toEqual([])
  })

  test('health, readiness and the overview', async () => {
    const { url } = await serve(fakeEngine(), { version: '1.2.3' })
    expect(await json(await fetch(`${url}/healthz`))).toEqual({ status: 'ok' })
    expect(await json(await fetch(`${url}/readyz`))).toEqual({ status: 'ready' })
    const overview = await json(await fetch(`${url}/`))
    expect(overview).toMatchObject({ name: 'gemdex', version: '1.2.3' })
    expect(overview.routes).toContain('DELETE /v1/documents/:id')
    expect(overview.routes).toHaveLength(Object.keys(operations).length)
  })

  test('not ready when the index cannot be read, but alive', async () => {
    const listDocuments = () => Promise.reject(new Error('EIO /home/ines/index.db'))
    const { url, lines } = await serve(fakeEngine({ listDocuments }))
    const response = await fetch(`${url}/readyz`)
    expect(response.status).toBe(503)
    expect(await errorOf(response)).toMatchObject({
      code: 'UNAVAILABLE',
      message: 'The index cannot be read',
    })
    expect(lines.find(({ level }) => level === 'error')?.facts.err).toBeInstanceOf(Error)
    expect((await fetch(`${url}/healthz`)).status).toBe(200)
  })
})

describe('every answer', () => {
  test.each(['/', '/healthz', '/v1/status', '/v1/search?q=x', '/nowhere'])(
    '%s has its headers',
    async (path) => {
      const { url } = await serve()
      const { headers } = await fetch(`${url}${path}`)
      expect(headers.get('x-request-id')).toMatch(/^[\da-f-]{36}$/)
      expect(headers.get('x-content-type-options')).toBe('nosniff')
      expect(headers.get('cache-control')).toBe(path.startsWith('/v1') ? 'no-store' : null)
      for (const name of ['x-powered-by', 'etag', 'access-control-allow-origin'])
        expect(headers.get(name)).toBeNull()
    },
  )

  test.each(['a', 'Z9._-', 'x'.repeat(64)])('keeps the request id %s', async (id) => {
    const { url } = await serve()
    const { headers } = await fetch(`${url}/healthz`, { headers: { 'x-request-id': id } })
    expect(headers.get('x-request-id')).toBe(id)
  })

  test.each(['', 'x'.repeat(65), 'a b', 'a,b', 'ü', '<b>'])('replaces the request id "%s"', async (id) => {
    const { url } = await serve()
    const { headers } = await fetch(`${url}/healthz`, { headers: { 'x-request-id': id } })
    expect(headers.get('x-request-id')).toMatch(/^[\da-f-]{36}$/)
  })

  test('HEAD gives the headers of GET and no body', async () => {
    const { url } = await serve()
    const response = await fetch(`${url}/v1/status`, { method: 'HEAD' })
    expect(response.status).toBe(200)
    expect(await response.text()).toBe('')
  })

  test('is logged with the route, not with what was asked', async () => {
    const { url, lines } = await serve()
    await fetch(`${url}/v1/search?q=secretword`, { headers: { 'x-request-id': 'r1' } })
    await fetch(`${url}/v1/documents/secretword`, { headers: { 'x-request-id': 'r2' } })
    await fetch(`${url}/secretword`, { headers: { 'x-request-id': 'r3' } })
    await expect.poll(() => lines.length).toBe(3)
    expect(lines.map(({ event, facts }) => ({ event, ...facts }))).toEqual([
      {
        event: 'request',
        method: 'GET',
        route: '/v1/search',
        status: 200,
        ms: expect.any(Number),
        requestId: 'r1',
      },
      {
        event: 'request',
        method: 'GET',
        route: '/v1/documents/:id',
        status: 200,
        ms: expect.any(Number),
        requestId: 'r2',
      },
      {
        event: 'request',
        method: 'GET',
        route: null,
        status: 404,
        ms: expect.any(Number),
        requestId: 'r3',
        code: 'NOT_FOUND',
      },
    ])
    expect(JSON.stringify(lines)).not.toContain('secretword')
  })
})
