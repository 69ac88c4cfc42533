import { describe, expect, test } from 'vitest'
import { GemdexError } from '../../src/errors.js'
import { fakeEngine, fakeJobs, job, summary } from './fake-engine.js'
import { errorOf, parseEvents, post, serve } from './serve.js'

const textOf = (bytes: unknown) => new TextDecoder().decode(bytes as Uint8Array)

describe('pushing a text', () => {
  test('hands it on as bytes, with what is said of it', async () => {
    const engine = fakeEngine()
    const { url } = await serve(engine)
    const body = {
      uri: 'notes/ü.md',
      text: 'Grüße',
      title: 'Gruß',
      metadata: { tags: ['a'], nested: { n: 1, none: null } },
      collection: 'notes',
    }
    const response = await post(`${url}/v1/documents`, body)
    expect(response.status).toBe(201)
    expect(await response.json()).toEqual({ documents: [summary], notices: [] })
    const { text, ...rest } = body
    const request = engine.calls[0]?.args[0] as { bytes: Uint8Array }
    expect(request).toMatchObject({ ...rest, signal: expect.any(AbortSignal) })
    expect(textOf(request.bytes)).toBe(text)
  })
})

describe('putting a file', () => {
  test('hands its bytes on as they are', async () => {
    const engine = fakeEngine()
    const { url } = await serve(engine)
    const bytes = Uint8Array.from({ length: 2_000_000 }, (_, i) => i % 251)
    const query = 'uri=scans%2Fa.pdf&title=Scan&collection=scans&metadata=%7B%22year%22%3A2026%7D'
    const response = await fetch(`${url}/v1/documents?${query}`, { method: 'PUT', body: bytes })
    expect(response.status).toBe(201)
    const request = engine.calls[0]?.args[0] as { bytes: Uint8Array }
    expect(request).toMatchObject({
      uri: 'scans/a.pdf',
      title: 'Scan',
      collection: 'scans',
      metadata: { year: 2026 },
    })
    expect(Buffer.from(request.bytes).equals(bytes)).toBe(true)
  })

  test.each([
    ['nothing', '', {}, 400, 'body'],
    ['a compressed body', 'x', { 'content-encoding': 'gzip' }, 415, 'content-encoding'],
  ])('refuses %s', async (_, body, headers, status, field) => {
    const { url } = await serve()
    const response = await fetch(`${url}/v1/documents?uri=a.md`, { method: 'PUT', body, headers })
    expect(response.status).toBe(status)
    expect((await errorOf(response)).field).toBe(field)
  })

  test('holds two files at a time, and no more', async () => {
    const { url } = await serve(fakeEngine(), { laneSizes: { uploads: { atOnce: 1, waiting: 0 } } })
    const slow = new ReadableStream({
      start(controller) {
        controller.enqueue(new Uint8Array(10))
      },
    })
    const controller = new AbortController()
    const first = fetch(`${url}/v1/documents?uri=a.md`, {
      method: 'PUT',
      body: slow,
      duplex: 'half',
      signal: controller.signal,
    }).catch(() => 'left')
    const second = () => fetch(`${url}/v1/documents?uri=b.md`, { method: 'PUT', body: 'x' })
    await expect.poll(async () => (await second()).status).toBe(503)
    controller.abort()
    expect(await first).toBe('left')
    await expect.poll(async () => (await second()).status).toBe(201)
  })
})

describe('what a pushed document may be called', () => {
  const names = [
    '/etc/passwd',
    '../a.md',
    'a/../b.md',
    'a/./b.md',
    'a//b.md',
    'a/',
    '.',
    '..',
    '\\\\server\\share',
    'a\\b.md',
    'C:\\a.md',
    'c:/a.md',
    'a\0b.md',
    'a\nb.md',
    '\u0085',
    ' ',
    '',
    'x'.repeat(1_025),
  ]
  test.each(names)('%j is refused, whichever way it comes', async (uri) => {
    const engine = fakeEngine()
    const { url } = await serve(engine)
    const pushed = await post(`${url}/v1/documents`, { uri, text: 'x' })
    const put = await fetch(`${url}/v1/documents?uri=${encodeURIComponent(uri)}`, {
      method: 'PUT',
      body: 'x',
    })
    for (const response of [pushed, put]) {
      expect(response.status).toBe(400)
      expect((await errorOf(response)).field).toBe('uri')
    }
    expect(engine.calls).toEqual([])
  })

  test.each(['a.md', 'a b/ü.md', '...md', '.config/x', 'a..b', 'a:b.md', 'x'.repeat(1_024), '%2e%2e/a'])(
    '%.30j is taken as the label it is',
    async (uri) => {
      const engine = fakeEngine()
      const { url } = await serve(engine)
      expect((await post(`${url}/v1/documents`, { uri, text: 'x' })).status).toBe(201)
      expect(engine.calls[0]?.args[0]).toMatchObject({ uri })
    },
  )

  test.each([
    [{ text: 'x' }, 'uri'],
    [{ uri: 'a', text: '' }, 'text'],
    [{ uri: 'a' }, 'text'],
    [{ uri: 'a', text: 'x', metadata: [] }, 'metadata'],
    [{ uri: 'a', text: 'x', metadata: 'x' }, 'metadata'],
    [{ uri: 'a', text: 'x', title: '' }, 'title'],
    [{ uri: 'a', text: 'x', collection: 'a/b' }, 'collection'],
    [{ uri: 'a', text: 'x', path: '/x' }, 'path'],
  ])('%j names %s', async (body, field) => {
    const { url } = await serve()
    const response = await post(`${url}/v1/documents`, body)
    expect(response.status).toBe(400)
    expect((await errorOf(response)).field).toBe(field)
  })

  test.each(['', '{', '[]', '3', '"x"', 'null'])('metadata=%s is no JSON object', async (metadata) => {
    const { url } = await serve()
    const query = `uri=a.md&metadata=${encodeURIComponent(metadata)}`
    const response = await fetch(`${url}/v1/documents?${query}`, { method: 'PUT', body: 'x' })
    expect(response.status).toBe(400)
    expect((await errorOf(response)).field).toBe('metadata')
  })
})

describe('jobs', () => {
  test('are started and answered at once, without where things lie', async () => {
    const started: unknown[] = []
    const start = async (...args: unknown[]) => {
      started.push(...args)
      return { ...job, state: 'queued' as const }
    }
    const { url } = await serve(fakeEngine({ jobs: { ...fakeJobs, start } }))
    const body = { path: '/home/ines/handbook', collection: 'handbook', include: ['*.md'], force: true }
    const response = await post(`${url}/v1/index`, body)
    expect(response.status).toBe(202)
    const text = await response.text()
    expect(JSON.parse(text)).toMatchObject({ id: job.id, state: 'queued', collection: 'handbook' })
    expect(text).not.toContain('/home')
    expect(started).toEqual([body, null])
  })

  test('are listed, looked at and cancelled', async () => {
    const { url } = await serve()
    const shown = expect.objectContaining({ id: job.id, progress: job.progress })
    expect(await (await fetch(`${url}/v1/jobs?limit=5`)).json()).toEqual({ jobs: [shown] })
    expect(await (await fetch(`${url}/v1/jobs/${job.id}`)).json()).toEqual(shown)
    const cancelled = await fetch(`${url}/v1/jobs/${job.id}`, { method: 'DELETE' })
    expect(await cancelled.json()).toMatchObject({ state: 'cancelled' })
  })

  test('are followed as events', async () => {
    const { url } = await serve()
    const response = await fetch(`${url}/v1/jobs/${job.id}`, { headers: { accept: 'text/event-stream' } })
    const events = parseEvents(await response.text())
    expect(events.map(({ event, data }) => [event, (data as { state: string }).state])).toEqual([
      ['progress', 'running'],
      ['done', 'done'],
    ])
    expect(JSON.stringify(events)).not.toContain('/home')
  })

  test('that are unknown answer alike, followed or not', async () => {
    const get = () => Promise.reject(new GemdexError('NOT_FOUND', 'There is no job of this id'))
    const { url } = await serve(fakeEngine({ jobs: { ...fakeJobs, get } }))
    for (const accept of ['application/json', 'text/event-stream']) {
      const response = await fetch(`${url}/v1/jobs/x`, { headers: { accept } })
      expect([response.status, (await errorOf(response)).code]).toEqual([404, 'NOT_FOUND'])
    }
  })

  test('show an error and a report as clients may see them', async () => {
    const error = { code: 'ROOT_MISSING' as const, message: 'There is no folder /home/ines/x' }
    const report = {
      ...{ collection: 'x', root: '/home/ines/x', indexed: 1, unchanged: 0, kept: 0, skipped: 0, removed: 0 },
      ...{
        ignored: 0,
        skippedFiles: [],
        notices: [],
        chunks: 1,
        embedded: 1,
        pictures: 0,
        refused: [],
        tookMs: 1,
        notes: [],
      },
    }
    const get = async () => ({ ...job, state: 'failed' as const, error, report })
    const { url } = await serve(fakeEngine({ jobs: { ...fakeJobs, get } }))
    const text = await (await fetch(`${url}/v1/jobs/x`)).text()
    expect(text).not.toContain('/home')
    expect(JSON.parse(text)).toMatchObject({
      error: { code: 'ROOT_MISSING', message: 'The folder of the collection is not there' },
      report: { collection: 'x', indexed: 1 },
    })
  })
})
