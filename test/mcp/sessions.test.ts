import { describe, expect, test } from 'vitest'
import { createKeyRing } from '../../src/access/key-ring.js'
import { createMcpEndpoint } from '../../src/mcp/http-endpoint.js'
import { fakeEngine, hit, noKeys, searchResult } from '../http/fake-engine.js'
import { errorOf, post, serve } from '../http/serve.js'
import { openTempStore } from '../store/sqlite/temp-store.js'
import { callTool, connectClient } from './clients.js'

const initialize = {
  jsonrpc: '2.0',
  id: 1,
  method: 'initialize',
  params: { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'test', version: '1' } },
}
const ping = { jsonrpc: '2.0', id: 2, method: 'ping' }
const accept = 'application/json, text/event-stream'

/** Answers each search with the query itself, a turn of the event loop later or several. */
const echoing = (keys = noKeys) =>
  fakeEngine({
    keys,
    search: async ({ query }) => {
      for (let turns = query.length % 7; turns > 0; turns--) await new Promise(setImmediate)
      return { ...searchResult, query, hits: [{ ...hit, snippet: query }] }
    },
  })

async function openService(options: { readonly maxSessions?: number } = {}) {
  const ring = createKeyRing({ store: openTempStore().keys, configured: [], now: Date.now })
  const one = (await ring.add({ name: 'one', scopes: ['read'] })).key
  const two = (await ring.add({ name: 'two', scopes: ['read'] })).key
  const mcp = createMcpEndpoint({ version: '1', ...options })
  const { url, port } = await serve(echoing(ring), { mcp, keyRpm: Number.POSITIVE_INFINITY })
  const send = (key: string, body: unknown, session?: string) =>
    post(`${url}/mcp`, body, {
      accept,
      'x-api-key': key,
      ...(session === undefined ? {} : { 'mcp-session-id': session }),
    })
  const begin = async (key: string) => {
    const response = await send(key, initialize)
    await response.text()
    return response.headers.get('mcp-session-id') ?? ''
  }
  return { url, port, one, two, mcp, ring, send, begin }
}

describe('a session', () => {
  test('belongs to the key that began it: others are told that there is none', async () => {
    const { one, two, send, begin, url } = await openService()
    const session = await begin(one)
    expect((await send(one, ping, session)).status).toBe(200)
    const [foreign, unknown] = await Promise.all([
      send(two, ping, session),
      send(two, ping, '5b0c8c1e-0000-4000-8000-000000000000'),
    ])
    expect([foreign.status, unknown.status]).toEqual([404, 404])
    const { requestId: _, ...said } = await errorOf(foreign)
    const { requestId: __, ...same } = await errorOf(unknown)
    expect(said).toEqual(same)
    for (const method of ['GET', 'DELETE']) {
      const headers = { accept: 'text/event-stream', 'x-api-key': two, 'mcp-session-id': session }
      expect((await fetch(`${url}/mcp`, { method, headers })).status).toBe(404)
    }
    expect((await send(one, ping, session)).status).toBe(200)
  })

  test.each(['', 'x', '../..', '%00', 'a'.repeat(10_000), '__proto__', '*', '0', 'null'])(
    'of the id "%.20s" is none',
    async (id) => {
      const { one, send, begin } = await openService()
      await begin(one)
      expect((await send(one, ping, id)).status).toBe(404)
    },
  )

  test('ends when its key is revoked, and when it is deleted', async () => {
    const { one, two, send, begin, ring, url, mcp } = await openService()
    const [first, second] = [await begin(one), await begin(two)]
    await ring.revoke('one')
    expect((await send(one, ping, first)).status).toBe(401)
    const headers = { 'x-api-key': two, 'mcp-session-id': second }
    expect((await fetch(`${url}/mcp`, { method: 'DELETE', headers })).status).toBe(200)
    expect((await send(two, ping, second)).status).toBe(404)
    expect(mcp.sessions).toBe(1)
  })

  test('begins with an initialize request', async () => {
    const { one, send, url } = await openService()
    for (const body of [ping, [initialize], {}, [], null, 3]) expect((await send(one, body)).status).toBe(400)
    const headers = { accept: 'text/event-stream', 'x-api-key': one }
    expect((await fetch(`${url}/mcp`, { headers })).status).toBe(400)
  })

  test('that is idle makes room for a new one', async () => {
    const { one, send, begin, mcp } = await openService({ maxSessions: 3 })
    const first = await begin(one)
    const kept = [await begin(one), await begin(one)]
    expect(mcp.sessions).toBe(3)
    const last = await begin(one)
    expect(mcp.sessions).toBe(3)
    expect((await send(one, ping, first)).status).toBe(404)
    for (const id of [...kept, last]) expect((await send(one, ping, id)).status).toBe(200)
  })

  test('sees the rights of its key', async () => {
    const { ring, url } = await openService()
    const { key } = await ring.add({ name: 'writer', scopes: ['write'] })
    await expect(connectClient(url, { 'x-api-key': key })).rejects.toThrow(/403|scope/)
    await expect(connectClient(url)).rejects.toThrow(/401|API key/)
  })
})

test('50 clients at once, 500 marked calls: each gets its own answers', async () => {
  const { url, one, two } = await openService()
  const clients = await Promise.all(
    Array.from({ length: 50 }, (_, i) => connectClient(url, { 'x-api-key': i % 2 === 0 ? one : two })),
  )
  const crossed: string[] = []
  await Promise.all(
    clients.map(async ({ client }, i) => {
      for (let round = 0; round < 1; round++) {
        const queries = Array.from(
          { length: 10 },
          (_, j) => `client ${i}, ${'x'.repeat(j)} call ${round}-${j}`,
        )
        const results = await Promise.all(queries.map((query) => callTool(client, 'search', { query })))
        for (const [j, { structuredContent }] of results.entries()) {
          const { results: hits } = structuredContent as { results: { snippet: string }[] }
          if (hits[0]?.snippet !== queries[j]) crossed.push(`${queries[j]} got ${hits[0]?.snippet}`)
        }
      }
    }),
  )
  expect(crossed).toEqual([])
}, 120_000)

test('closing the service ends open sessions and their streams', async () => {
  const ring = noKeys
  const mcp = createMcpEndpoint({ version: '1' })
  const { url, close } = await serve(echoing(ring), { mcp })
  const { client, transport } = await connectClient(url)
  expect((await callTool(client, 'search', { query: 'x' })).isError).toBeUndefined()
  expect(transport.sessionId).toEqual(expect.any(String))
  await close()
  expect(mcp.sessions).toBe(0)
})
