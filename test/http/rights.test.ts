import { describe, expect, test } from 'vitest'
import { createKeyRing, type KeyRing } from '../../src/access/key-ring.js'
import type { OperationName } from '../../src/api/operations.js'
import { openTempStore } from '../store/sqlite/temp-store.js'
import { everyRoute, type RouteRequest, rawRequest } from './every-route.js'
import { fakeEngine, fakeJobs, job } from './fake-engine.js'
import { errorOf, post, sendRaw, serve } from './serve.js'

/** Every state that the keys of a request can be in. */
const STATES = ['none', 'wrong', 'revoked', 'read', 'write', 'admin', 'in URL', 'two', 'odd case'] as const

/** What each route answers in each state: `in` when it lets the request in, else the status. */
const OPEN = ['in', 'in', 'in', 'in', 'in', 'in', 'in', 'in', 'in'] as const
const READ = [401, 401, 401, 'in', 403, 'in', 401, 401, 'in'] as const
const WRITE = [401, 401, 401, 403, 'in', 'in', 401, 401, 'in'] as const
const ADMIN = [401, 401, 401, 403, 403, 'in', 401, 401, 'in'] as const

const table: Readonly<Record<OperationName, readonly ('in' | 401 | 403)[]>> = {
  search: READ,
  searchByQuery: READ,
  suggest: READ,
  ask: READ,
  listSessions: READ,
  createSession: READ,
  searchSessions: READ,
  getSession: READ,
  renameSession: READ,
  removeSession: READ,
  listDocuments: READ,
  pushDocument: WRITE,
  putDocument: WRITE,
  getDocument: READ,
  removeDocument: WRITE,
  getDocumentContent: READ,
  similarDocuments: READ,
  getMap: READ,
  duplicates: READ,
  topics: READ,
  gaps: ADMIN,
  forgetGaps: ADMIN,
  classify: READ,
  similarity: READ,
  startIndexing: WRITE,
  listJobs: READ,
  getJob: READ,
  cancelJob: WRITE,
  listCollections: READ,
  removeCollection: WRITE,
  getStatus: READ,
  listModels: READ,
  embed: READ,
  complete: READ,
  mcpMessage: READ,
  mcpStream: READ,
  mcpEnd: READ,
  live: OPEN,
  ready: OPEN,
  metrics: READ,
  describe: OPEN,
  docs: OPEN,
  docsFile: OPEN,
  home: OPEN,
  pageFile: OPEN,
}

async function openKeys() {
  const store = openTempStore()
  const ring = createKeyRing({ store: store.keys, configured: [], now: Date.now })
  const make = async (name: string, scopes: readonly ('read' | 'write' | 'admin')[]) =>
    (await ring.add({ name, scopes })).key
  const keys = {
    read: await make('reader', ['read']),
    write: await make('writer', ['write']),
    admin: await make('admin', ['admin']),
    revoked: await make('revoked', ['admin']),
  }
  await ring.revoke('revoked')
  return { ring, keys }
}

type Keys = Awaited<ReturnType<typeof openKeys>>['keys']

function headersIn(state: (typeof STATES)[number], { read, write, admin, revoked }: Keys): string[] {
  switch (state) {
    case 'none':
    case 'in URL':
      return []
    case 'wrong':
      return [`Authorization: Bearer ${admin.slice(0, -4)}abcd`]
    case 'revoked':
      return [`x-api-key: ${revoked}`]
    case 'read':
      return [`Authorization: Bearer ${read}`]
    case 'write':
      return [`x-api-key: ${write}`]
    case 'admin':
      return [`Authorization: Bearer ${admin}`]
    case 'two':
      return [`Authorization: Bearer ${admin}`, `x-api-key: ${admin}`]
    case 'odd case':
      return [`aUTHORIZATION: bEARER   ${admin}`]
  }
}

const serveWith = (keys: KeyRing) =>
  // Behind a proxy, so that each request can come from an address of its own.
  serve(fakeEngine({ keys }), { trustedProxies: ['127.0.0.1'] })

describe('every route and every state of the keys', () => {
  test('has a row for each operation', () => {
    expect(Object.keys(table)).toEqual(everyRoute.map(({ name }) => name))
  })

  test.each(everyRoute)('$name', async (request) => {
    const { ring, keys } = await openKeys()
    const { port } = await serveWith(ring)
    const answers = await Promise.all(
      STATES.map(async (state, i) => {
        const target = state === 'in URL' ? withKey(request.target, keys.admin) : request.target
        const from = `X-Forwarded-For: 192.0.2.${i}`
        const headers = ['Host: localhost', from, ...headersIn(state, keys)]
        const { status, head, body } = await sendRaw(port, rawRequest({ ...request, target }, headers))
        if (status === 401) {
          expect(head.toLowerCase()).toContain('www-authenticate: bearer')
          expect(JSON.parse(body).error.code).toBe('UNAUTHORIZED')
        }
        expect(body).not.toContain(keys.admin.slice(-20))
        return status === 401 || status === 403 ? status : 'in'
      }),
    )
    expect(Object.fromEntries(STATES.map((state, i) => [state, answers[i]]))).toEqual(
      Object.fromEntries(STATES.map((state, i) => [state, table[request.name][i]])),
    )
  })
})

function withKey(target: string, key: string): string {
  return `${target}${target.includes('?') ? '&' : '?'}api_key=${key}&key=${key}`
}

describe('other ways to present a key', () => {
  test.each([
    'Authorization: Basic KEY',
    'Authorization: KEY',
    'Authorization: Bearer',
    'Authorization: Bearer KEY KEY',
    'Authorization: Bearer KEY, Bearer KEY',
    'Authorization: Bearer "KEY"',
    'Cookie: api_key=KEY',
    'Proxy-Authorization: Bearer KEY',
    'x-api-key: Bearer KEY',
    'api-key: KEY',
  ])('%s opens nothing', async (header) => {
    const { ring, keys } = await openKeys()
    const { port } = await serveWith(ring)
    const request = everyRoute.find(({ name }) => name === 'getStatus') as RouteRequest
    const headers = ['Host: localhost', header.replaceAll('KEY', keys.admin)]
    expect((await sendRaw(port, rawRequest(request, headers))).status).toBe(401)
  })

  test('nothing is read of a body whose sender may not send it', async () => {
    const { ring } = await openKeys()
    const engine = fakeEngine({ keys: ring })
    const { url } = await serve(engine)
    expect((await post(`${url}/v1/search`, '{"broken')).status).toBe(401)
    expect((await fetch(`${url}/v1/documents?uri=..`, { method: 'PUT', body: 'x' })).status).toBe(401)
    expect(engine.calls).toEqual([])
  })
})

describe('wrong keys', () => {
  const ask = (url: string, key: string, address: string) =>
    fetch(`${url}/v1/status`, { headers: { 'x-api-key': key, 'x-forwarded-for': address } })

  test('ten in a minute, then their address is not listened to', async () => {
    const { ring, keys } = await openKeys()
    const { url } = await serveWith(ring)
    const statuses: number[] = []
    for (let i = 0; i < 12; i++) statuses.push((await ask(url, `wrong-${i}`, '192.0.2.1')).status)
    expect(statuses).toEqual([...Array.from({ length: 10 }, () => 401), 429, 429])
    const limited = await ask(url, keys.admin, '192.0.2.1')
    expect(limited.status).toBe(429)
    expect(Number(limited.headers.get('retry-after'))).toBeGreaterThan(0)
    expect(Number(limited.headers.get('retry-after'))).toBeLessThanOrEqual(60)
    expect((await errorOf(limited)).code).toBe('RATE_LIMITED')
    expect((await ask(url, keys.admin, '192.0.2.2')).status).toBe(200)
    // What is open stays open.
    expect((await fetch(`${url}/healthz`, { headers: { 'x-forwarded-for': '192.0.2.1' } })).status).toBe(200)
  })

  test('a subscriber with many IPv6 addresses is one address', async () => {
    const { ring } = await openKeys()
    const { url } = await serveWith(ring)
    for (let i = 0; i < 10; i++) await ask(url, 'wrong', `2001:db8:1:2::${i}`)
    expect((await ask(url, 'wrong', '2001:db8:1:2:ffff::1')).status).toBe(429)
    expect((await ask(url, 'wrong', '2001:db8:1:3::1')).status).toBe(401)
  })

  test('an address is not believed that no trusted proxy gives', async () => {
    const { ring } = await openKeys()
    const { url } = await serve(fakeEngine({ keys: ring }))
    for (let i = 0; i < 10; i++) await ask(url, 'wrong', `192.0.2.${i}`)
    expect((await ask(url, 'wrong', '192.0.2.99')).status).toBe(429)
  })

  test('requests without a key are not counted', async () => {
    const { ring, keys } = await openKeys()
    const { url } = await serve(fakeEngine({ keys: ring }))
    for (let i = 0; i < 15; i++) expect((await fetch(`${url}/v1/status`)).status).toBe(401)
    expect((await ask(url, keys.read, '')).status).toBe(200)
  })
})

describe('limits of a key', () => {
  test('its requests in a minute are counted, each key for itself', async () => {
    const { ring, keys } = await openKeys()
    const { url } = await serve(fakeEngine({ keys: ring }), { keyRpm: 3 })
    const status = async (key: string) =>
      (await fetch(`${url}/v1/status`, { headers: { 'x-api-key': key } })).status
    expect([await status(keys.read), await status(keys.read), await status(keys.read)]).toEqual([
      200, 200, 200,
    ])
    expect(await status(keys.read)).toBe(429)
    expect(await status(keys.admin)).toBe(200)
  })

  test('none where no key is asked for', async () => {
    const { url } = await serve(fakeEngine(), { keyRpm: 1 })
    for (let i = 0; i < 3; i++) expect((await fetch(`${url}/v1/status`)).status).toBe(200)
  })
})

describe('the first key', () => {
  test('closes a service that is open, from the next request on', async () => {
    const ring = createKeyRing({ store: openTempStore().keys, configured: [], now: Date.now })
    const { url } = await serve(fakeEngine({ keys: ring }))
    expect((await fetch(`${url}/v1/status`)).status).toBe(200)
    const { key } = await ring.add({ name: 'first', scopes: ['read'] })
    expect((await fetch(`${url}/v1/status`)).status).toBe(401)
    expect((await fetch(`${url}/v1/status`, { headers: { 'x-api-key': key } })).status).toBe(200)
    await ring.revoke('first')
    expect((await fetch(`${url}/v1/status`)).status).toBe(401)
  })
})

describe('jobs', () => {
  test('of another key are not told from unknown ones, unless the key is an admin', async () => {
    const { ring, keys } = await openKeys()
    const other = (await ring.add({ name: 'other', scopes: ['read', 'write'] })).key
    const owner = (await ring.list()).find(({ name }) => name === 'other')?.id ?? ''
    const jobs = { ...fakeJobs, get: async () => ({ ...job, owner }), list: async () => [{ ...job, owner }] }
    const { url } = await serve(fakeEngine({ keys: ring, jobs }))
    const ask = async (path: string, key: string) => {
      const response = await fetch(`${url}${path}`, { headers: { 'x-api-key': key } })
      return { status: response.status, body: (await response.json()) as { jobs?: unknown[] } }
    }
    const foreign = await ask(`/v1/jobs/${job.id}`, keys.read)
    expect(foreign).toMatchObject({
      status: 404,
      body: { error: { code: 'NOT_FOUND', message: 'There is no job of this id' } },
    })
    expect((await ask('/v1/jobs', keys.read)).body.jobs).toEqual([])
    for (const key of [other, keys.admin]) {
      expect((await ask(`/v1/jobs/${job.id}`, key)).status).toBe(200)
      expect((await ask('/v1/jobs', key)).body.jobs).toHaveLength(1)
    }
  })
})

describe('what reading costs or changes besides', () => {
  const labels = [
    { name: 'a', description: 'one thing' },
    { name: 'b', description: 'another' },
  ]
  test.each([
    ['vectors made for topics', 'role', '/v1/topics?role=clustering', undefined],
    ['labels that are kept', 'save', '/v1/classify', { labels, save: 'topic' }],
  ])('%s need the scope write', async (_, field, path, body) => {
    const { ring, keys } = await openKeys()
    const engine = fakeEngine({ keys: ring })
    const { url } = await serve(engine)
    const ask = (key: string, to = path) =>
      body === undefined
        ? fetch(`${url}${to}`, { headers: { 'x-api-key': key } })
        : post(`${url}${to}`, body, { 'x-api-key': key })
    const refused = await ask(keys.read)
    expect([refused.status, await errorOf(refused)]).toMatchObject([403, { code: 'FORBIDDEN', field }])
    expect(engine.calls).toEqual([])
    expect((await ask(keys.admin)).status).toBe(200)
  })
})
