import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { createGeminiClient } from '../../src/gemini/client.js'
import { listModels } from '../../src/gemini/list-models.js'
import { faults, type GeminiServer, startGeminiServer, textModel } from '../helpers/gemini-server.js'

const COUNT = 1203
let server: GeminiServer

beforeAll(async () => {
  server = await startGeminiServer({
    models: Array.from({ length: COUNT }, (_, index) => textModel(`model-${index}`)),
  })
})
afterEach(() => server.reset())
afterAll(() => server.close())

function client(options: { fetch?: typeof fetch } = {}) {
  return createGeminiClient({ apiKey: server.apiKey, baseUrl: server.url, ...options })
}

/** A fetch that answers with these bodies, one after another, the last one for ever. */
function answering(...bodies: unknown[]): typeof fetch {
  let next = 0
  return async () => Response.json(bodies[Math.min(next++, bodies.length - 1)])
}

describe('the list of models', () => {
  it('is read to its last page, with the key in a header only', async () => {
    const models = await listModels(client())
    expect(models.map(({ id }) => id)).toEqual(Array.from({ length: COUNT }, (_, index) => `model-${index}`))
    expect(models[0]).toEqual({
      id: 'model-0',
      displayName: 'Model 0',
      inputTokenLimit: 1_048_576,
      outputTokenLimit: 65_536,
      methods: ['generateContent', 'countTokens', 'createCachedContent', 'batchGenerateContent'],
    })
    expect(server.requests).toHaveLength(2)
    for (const { path, query, headers } of server.requests) {
      expect(path).toBe('/v1beta/models')
      expect(Object.keys(query).filter((name) => name !== 'pageToken')).toEqual(['pageSize'])
      expect(headers['x-goog-api-key']).toBe(server.apiKey)
    }
  })

  it('may be empty, and leaves out what has no name', async () => {
    expect(await listModels(client({ fetch: answering({}) }))).toEqual([])
    const odd = {
      models: [null, 'x', {}, { name: 'models/a' }, { name: 'models/b', inputTokenLimit: 'many' }],
    }
    expect(await listModels(client({ fetch: answering(odd) }))).toEqual([
      { id: 'a', methods: [] },
      { id: 'b', methods: [] },
    ])
  })

  it('ends even when its pages do not', async () => {
    const circle = answering({ models: [{ name: 'models/a' }], nextPageToken: 'again' })
    await expect(listModels(client({ fetch: circle }))).rejects.toMatchObject({ code: 'BAD_RESPONSE' })
  })

  it('blames the address when there is no such list', async () => {
    server.failNext(faults.htmlPage(404))
    const error = { code: 'REQUEST_REFUSED', hint: 'Check GEMINI_BASE_URL' }
    await expect(listModels(client())).rejects.toMatchObject(error)
  })

  it('does not follow a redirect, which would carry the key away', async () => {
    server.failNext({ status: 302, body: '', headers: { location: `${server.url}/elsewhere` } })
    await expect(listModels(client())).rejects.toMatchObject({ code: 'OFFLINE' })
    expect(server.requests).toHaveLength(1)
  })
})
