import { describe, expect, test } from 'vitest'
import type { CollectionState } from '../../src/engine.js'
import { GemdexError } from '../../src/errors.js'
import { createMcpEndpoint } from '../../src/mcp/http-endpoint.js'
import type { Location } from '../../src/types.js'
import { answer, document, fakeEngine, hit, summary } from '../http/fake-engine.js'
import { serve } from '../http/serve.js'
import { callTool, connectClient } from './clients.js'

async function openClient(engine = fakeEngine()) {
  const { url } = await serve(engine, { mcp: createMcpEndpoint({ version: '1.2.3' }) })
  const { client } = await connectClient(url)
  // Lists the tools first, so that the SDK holds results against their schemas.
  await client.listTools()
  return { client, engine }
}

const found = {
  id: hit.id,
  documentId: hit.documentId,
  title: hit.title,
  url: `gemdex://documents/${hit.documentId}`,
  uri: hit.uri,
  collection: hit.collection,
  relevance: hit.relevance,
  location: hit.location,
  snippet: hit.snippet,
}

describe('the tools', () => {
  test('are these, each with a description and both schemas, and change nothing', async () => {
    const { client } = await openClient()
    const { tools } = await client.listTools()
    expect(tools.map(({ name }) => name)).toEqual([
      'search',
      'fetch',
      'ask',
      'similar',
      'list_collections',
      'status',
    ])
    for (const { description, inputSchema, outputSchema, annotations } of tools) {
      expect(description?.length).toBeGreaterThan(60)
      expect(inputSchema).toMatchObject({ type: 'object', additionalProperties: false })
      expect(outputSchema).toMatchObject({ type: 'object' })
      expect(annotations).toMatchObject({ readOnlyHint: true, openWorldHint: false })
    }
  })

  test('search', async () => {
    const { client, engine } = await openClient()
    const result = await callTool(client, 'search', { query: 'laptop', limit: 3, collection: 'handbook' })
    expect(result.structuredContent).toEqual({ results: [found] })
    expect(JSON.parse(result.content[0]?.text ?? '')).toEqual(result.structuredContent)
    expect(engine.calls.at(-1)).toEqual({
      method: 'search',
      args: [{ query: 'laptop', limit: 3, collection: 'handbook', signal: expect.any(AbortSignal) }],
    })
  })

  test('a result of every kind of place fits the schema of its tool', async () => {
    const locations: readonly Location[] = [
      { kind: 'lines', start: 3, end: 9, heading: 'Leave' },
      { kind: 'pages', start: 1, end: 2 },
      { kind: 'slide', n: 4 },
      { kind: 'sheet', name: 'Budget', rows: [2, 40] },
      { kind: 'cell', n: 7 },
      { kind: 'section', path: ['Part', 'Chapter'] },
    ]
    const hits = locations.map((location) => ({ ...hit, location }))
    const { client } = await openClient(
      fakeEngine({
        async search() {
          return { query: 'x', mode: 'hybrid', tookMs: 1, hits }
        },
      }),
    )
    const { structuredContent } = await callTool(client, 'search', { query: 'x' })
    expect(structuredContent).toMatchObject({ results: locations.map((location) => ({ location })) })
  })

  test('fetch gives a document in parts', async () => {
    const { client } = await openClient()
    const { structuredContent } = await callTool(client, 'fetch', { id: summary.id, maxChars: 12 })
    expect(structuredContent).toEqual({
      id: document.id,
      title: document.title,
      text: '# Onboarding',
      url: `gemdex://documents/${document.id}`,
      uri: document.uri,
      collection: document.collection,
      metadata: document.metadata,
      totalChars: document.text.length,
      nextOffset: 12,
    })
    const rest = await callTool(client, 'fetch', { id: summary.id, offset: 12 })
    expect(rest.structuredContent?.text).toBe(document.text.slice(12))
    expect(rest.structuredContent).not.toHaveProperty('nextOffset')
    const beyond = await callTool(client, 'fetch', { id: summary.id, offset: 9_999 })
    expect(beyond.structuredContent).toMatchObject({ text: '', totalChars: document.text.length })
  })

  test('fetch begins at the passage that a result names', async () => {
    const passage = {
      ...document.passages[0],
      id: hit.id,
      start: 14,
      end: 34,
      headings: [],
      location: hit.location,
    }
    const whole = { ...document, passages: [passage] }
    const engine = fakeEngine({
      getDocument: async (reference) => {
        if (reference === summary.id) return whole
        throw new GemdexError('NOT_FOUND', `There is no document "${reference}" in the index`)
      },
      getPassage: async (id) => {
        if (id !== hit.id) throw new GemdexError('NOT_FOUND', 'no passage')
        return { document: summary } as never
      },
    })
    const { client } = await openClient(engine)
    const { structuredContent } = await callTool(client, 'fetch', { id: hit.id })
    expect(structuredContent?.text).toBe('A laptop is ordered.')
    const missing = await callTool(client, 'fetch', { id: 'nothing' })
    expect(missing).toMatchObject({
      isError: true,
      content: [{ text: 'NOT_FOUND: There is no document "nothing" in the index' }],
    })
  })

  test('errors tell what to do, in a sentence of its own', async () => {
    const engine = fakeEngine({
      async search() {
        throw new GemdexError('NOT_FOUND', 'There is no collection "x"', { hint: 'There is "handbook".' })
      },
    })
    const { client } = await openClient(engine)
    const { content } = await callTool(client, 'search', { query: 'x' })
    expect(content[0]?.text).toBe('NOT_FOUND: There is no collection "x". There is "handbook".')
  })

  test('ask', async () => {
    const { client } = await openClient()
    const { structuredContent } = await callTool(client, 'ask', { question: 'When?' })
    expect(structuredContent).toEqual({
      status: 'answered',
      answer: answer.answer,
      citations: answer.citations,
      sources: [found],
    })
  })

  test('list_collections and status', async () => {
    const { client } = await openClient()
    expect((await callTool(client, 'list_collections')).structuredContent).toEqual({
      collections: [{ name: 'handbook', documents: 1, passages: 4 }],
    })
    const { structuredContent } = await callTool(client, 'status')
    expect(structuredContent).toEqual({
      documents: 1,
      passages: 4,
      embedded: 4,
      embedder: 'hashed-words',
      generator: 'extractive',
    })
  })

  test('status tells of what is not indexed yet', async () => {
    const { status } = fakeEngine()
    const collection = { name: 'a', root: '/a', documents: 1, chunks: 4, embedded: 4 }
    const collections: CollectionState[] = [
      { ...collection, run: { state: 'stopped', beganMs: 1, files: 9, filesDone: 4 } },
      { ...collection, name: 'b', run: { state: 'running', files: 0, filesDone: 0 } },
      { ...collection, name: 'c', run: { state: 'done', beganMs: 1, endedMs: 2, files: 1, filesDone: 1 } },
    ]
    const { client } = await openClient(
      fakeEngine({ status: async () => ({ ...(await status()), collections }) }),
    )
    const { structuredContent } = await callTool(client, 'status')
    expect(structuredContent).toMatchObject({
      unfinished: [
        { collection: 'a', state: 'stopped', filesLeft: 5 },
        { collection: 'b', state: 'running' },
      ],
    })
    expect(JSON.stringify(structuredContent)).not.toContain('"/a"')
  })

  test('status tells of damage', async () => {
    const { status } = fakeEngine()
    const damage = 'a text has changed'
    const { client } = await openClient(fakeEngine({ status: async () => ({ ...(await status()), damage }) }))
    expect((await callTool(client, 'status')).structuredContent).toMatchObject({ documents: 1, damage })
  })

  test.each([
    ['search', {}, 'query'],
    ['search', { query: '' }, 'query'],
    ['search', { query: 'x', limit: 51 }, 'limit'],
    ['search', { query: 'x', colection: 'a' }, 'colection'],
    ['ask', { question: 'x', images: [] }, 'images'],
    ['fetch', { id: 3 }, 'id'],
    ['status', { verbose: true }, 'verbose'],
  ])('%s with %j names %s', async (name, args, field) => {
    const { client, engine } = await openClient()
    const { isError, content } = await callTool(client, name, args)
    expect(isError).toBe(true)
    expect(content[0]?.text).toContain(field)
    expect(engine.calls).toEqual([])
  })

  test('say nothing of where things lie on the machine', async () => {
    const thrown = new GemdexError('STORE_CORRUPT', 'The index /home/ines/secret.db is damaged')
    const search = () => Promise.reject(thrown)
    const { client } = await openClient(
      fakeEngine({ search, status: () => Promise.reject(new Error('/home')) }),
    )
    for (const name of ['search', 'status', 'list_collections']) {
      const { isError, content } = await callTool(client, name, name === 'search' ? { query: 'x' } : {})
      expect(isError).toBe(true)
      expect(content[0]?.text).not.toContain('/home')
    }
  })
})

describe('the resources', () => {
  test('are the documents, by pages', async () => {
    const asked: unknown[] = []
    const engine = fakeEngine({
      listDocuments: async (filter) => {
        asked.push(filter)
        return { items: [summary], total: 2, ...(filter.after === undefined ? { next: 'page2' } : {}) }
      },
    })
    const { client } = await openClient(engine)
    const first = await client.listResources()
    expect(first).toMatchObject({
      resources: [
        {
          uri: `gemdex://documents/${summary.id}`,
          name: 'handbook/handbook/onboarding.md',
          title: 'Onboarding',
        },
      ],
      nextCursor: 'page2',
    })
    const second = await client.listResources({ cursor: 'page2' })
    expect(second.nextCursor).toBeUndefined()
    expect(asked).toEqual([{ limit: 100 }, { limit: 100, after: 'page2' }])
    expect((await client.listResourceTemplates()).resourceTemplates).toMatchObject([
      { uriTemplate: 'gemdex://documents/{id}' },
    ])
  })

  test('are read by their id', async () => {
    const { client, engine } = await openClient()
    const uri = `gemdex://documents/${summary.id}`
    expect(await client.readResource({ uri })).toEqual({
      contents: [{ uri, mimeType: 'text/plain', text: document.text }],
    })
    expect(engine.calls.at(-1)).toEqual({ method: 'getDocument', args: [summary.id] })
  })

  test.each([
    'gemdex://documents/',
    'gemdex://documents/..%2f..%2fetc%2fpasswd',
    'gemdex://documents/../x',
    'gemdex://documents/0123/x',
    'gemdex://other/0123',
    'file:///etc/passwd',
    `gemdex://documents/${'a'.repeat(100_000)}`,
  ])('%.50s is none', async (uri) => {
    const { client, engine } = await openClient()
    await expect(client.readResource({ uri })).rejects.toMatchObject({ code: -32_002 })
    expect(engine.calls).toEqual([])
  })
})

test('the prompt tells how to answer from the documents', async () => {
  const { client } = await openClient()
  expect((await client.listPrompts()).prompts).toMatchObject([{ name: 'answer_from_documents' }])
  const { messages } = await client.getPrompt({
    name: 'answer_from_documents',
    arguments: { question: 'Who waxes the skis?', collection: 'minutes' },
  })
  expect(messages).toHaveLength(1)
  expect(messages[0]?.content).toMatchObject({ text: expect.stringContaining('Who waxes the skis?') })
  expect(messages[0]?.content).toMatchObject({ text: expect.stringContaining('"minutes"') })
})
