import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { Embedder } from '../../src/embed/embedder.js'
import { createGeminiClient } from '../../src/gemini/client.js'
import { createGeminiEmbedder, type GeminiEmbedderOptions } from '../../src/gemini/embedder.js'
import type { EmbedRole } from '../../src/types.js'
import { describeEmbedder } from '../contract/embedder.js'
import {
  defaultModels,
  embeddingModel,
  faults,
  type GeminiServer,
  mutations,
  startGeminiServer,
} from '../helpers/gemini-server.js'

let server: GeminiServer

beforeAll(async () => {
  const models = [...defaultModels, embeddingModel('text-embedding-004'), embeddingModel('embedding-001')]
  server = await startGeminiServer({ models })
})
afterEach(() => server.reset())
afterAll(() => server.close())

function make(modelId: string, options: Partial<GeminiEmbedderOptions> = {}): Embedder {
  const client = createGeminiClient({ apiKey: server.apiKey, baseUrl: `${server.url}/` })
  return createGeminiEmbedder({ client, modelId, ...options })
}

describeEmbedder('gemini-embedding-001 at 768', () => make('gemini-embedding-001'))
describeEmbedder('gemini-embedding-001 at 3072', () => make('gemini-embedding-001', { dimensions: 3072 }))
describeEmbedder('gemini-embedding-2', () => make('gemini-embedding-2', { dimensions: 256 }))

function content(text: string) {
  return { role: 'user', parts: [{ text }] }
}

describe('what gemini-embedding-001 is sent', () => {
  it('is one batch with task type, title and size per text, and the key in a header only', async () => {
    const inputs = [{ text: 'one', title: 'First' }, { text: 'two' }, { text: 'three', title: ' \n' }]
    await make('gemini-embedding-001').embed(inputs, { role: 'document' })

    expect(server.requests).toHaveLength(1)
    const [request] = server.requests
    expect(request?.path).toBe('/v1beta/models/gemini-embedding-001:batchEmbedContents')
    expect(request?.query).toEqual({})
    expect(request?.headers['x-goog-api-key']).toBe(server.apiKey)
    const each = {
      model: 'models/gemini-embedding-001',
      taskType: 'RETRIEVAL_DOCUMENT',
      outputDimensionality: 768,
    }
    expect(request?.body).toEqual({
      requests: [
        { ...each, content: content('one'), title: 'First' },
        { ...each, content: content('two') },
        { ...each, content: content('three') },
      ],
    })
  })

  it.each<[EmbedRole, string]>([
    ['query', 'RETRIEVAL_QUERY'],
    ['question', 'QUESTION_ANSWERING'],
    ['fact', 'FACT_VERIFICATION'],
    ['code', 'CODE_RETRIEVAL_QUERY'],
    ['similarity', 'SEMANTIC_SIMILARITY'],
    ['classification', 'CLASSIFICATION'],
    ['clustering', 'CLUSTERING'],
  ])('says the role %s as %s, without a title', async (role, taskType) => {
    await make('gemini-embedding-001').embed([{ text: 'one', title: 'First' }], { role })
    expect(server.requests[0]?.body).toEqual({
      requests: [
        {
          model: 'models/gemini-embedding-001',
          content: content('one'),
          taskType,
          outputDimensionality: 768,
        },
      ],
    })
  })
})

describe('what gemini-embedding-2 is sent', () => {
  it.each<[EmbedRole, string]>([
    ['document', 'title: My title | text: one'],
    ['query', 'task: search result | query: one'],
    ['question', 'task: question answering | query: one'],
    ['fact', 'task: fact checking | query: one'],
    ['code', 'task: code retrieval | query: one'],
    ['similarity', 'task: sentence similarity | query: one'],
    ['classification', 'task: classification | query: one'],
    ['clustering', 'task: clustering | query: one'],
  ])('says the role %s in the text', async (role, text) => {
    await make('gemini-embedding-2').embed([{ text: 'one', title: ' My\n title ' }], { role })
    expect(server.requests[0]?.body).toEqual({
      requests: [{ model: 'models/gemini-embedding-2', content: content(text), outputDimensionality: 768 }],
    })
  })

  it('says that a document has no title', async () => {
    await make('gemini-embedding-2').embed([{ text: 'one' }, { text: 'two', title: '' }], {
      role: 'document',
    })
    expect(server.embedTexts().map(({ text }) => text)).toEqual([
      'title: none | text: one',
      'title: none | text: two',
    ])
  })
})

describe('model names and sizes', () => {
  it.each([
    ['gemini-embedding-001', 768, 2048, 'task-type/1'],
    ['gemini-embedding-2', 768, 8192, 'text-prefix/1'],
    ['gemini-embedding-2-preview', 768, 8192, 'text-prefix/1'],
    ['text-embedding-004', 768, 2048, 'task-type/1'],
    ['embedding-001', 768, 2048, 'task-type/1'],
    ['some-embedder-of-tomorrow', 768, 2048, 'task-type/1'],
  ])('knows %s', (modelId, dimensions, maxInputTokens, roles) => {
    const embedder = make(modelId)
    expect(embedder.identity).toEqual({ provider: 'gemini', modelId, dimensions, roles })
    expect(embedder).toMatchObject({ maxInputTokens, maxBatch: 100, semantic: true })
  })

  it('does not ask embedding-001 for a size: it has one only', async () => {
    const [vector] = await make('embedding-001').embed([{ text: 'one' }], { role: 'query' })
    expect(vector).toHaveLength(768)
    expect(server.embedTexts()[0]).not.toHaveProperty('outputDimensionality')
    expect(() => make('embedding-001', { dimensions: 256 })).toThrow(/cannot give vectors of 256 dimensions/)
  })

  it.each([0, 127, 3073, 768.5, Number.NaN])('refuses %d dimensions', (dimensions) => {
    expect(() => make('gemini-embedding-001', { dimensions })).toThrow(
      expect.objectContaining({ code: 'BAD_CONFIG', hint: 'Choose a whole number from 128 to 3072' }),
    )
  })

  it.each(['', 'a/../b', 'x?key=1', 'x#y', 'models/', 'x:embedContent'])(
    'refuses %j as a name',
    (modelId) => {
      expect(() => make(modelId)).toThrow(expect.objectContaining({ code: 'BAD_CONFIG' }))
    },
  )

  it('takes a name with its "models/"', async () => {
    const embedder = make('models/gemini-embedding-001')
    expect(embedder.identity.modelId).toBe('gemini-embedding-001')
    await embedder.embed([{ text: 'one' }], { role: 'query' })
    expect(server.requests[0]?.model).toBe('gemini-embedding-001')
  })
})

describe('inputs', () => {
  it('sends nothing for an empty list', async () => {
    await make('gemini-embedding-001').embed([], { role: 'document' })
    expect(server.requests).toHaveLength(0)
  })

  it('names the empty text, and refuses more than a request holds, without sending', async () => {
    const embedder = make('gemini-embedding-001')
    const empty = embedder.embed([{ text: 'one' }, { text: '' }], { role: 'document' })
    await expect(empty).rejects.toMatchObject({
      code: 'BAD_INPUT',
      message: expect.stringContaining('Text 1'),
    })
    const many = embedder.embed(Array(101).fill({ text: 'one' }), { role: 'document' })
    await expect(many).rejects.toMatchObject({ code: 'BAD_INPUT' })
    expect(server.requests).toHaveLength(0)
  })

  it('replaces half characters, which the API refuses', async () => {
    await make('gemini-embedding-001').embed([{ text: 'a\ud800b 😀', title: '\udc00' }], { role: 'document' })
    expect(server.embedTexts()[0]).toMatchObject({ text: 'a\ufffdb 😀', title: '\ufffd' })
  })
})

describe('the vectors that come back', () => {
  it.each(Object.entries(mutations))('are refused when spoilt: %s', async (_, mutate) => {
    server.failNext(faults.mutateEmbeddings(mutate))
    const inputs = [{ text: 'one' }, { text: 'two' }, { text: 'three' }]
    const error = await make('gemini-embedding-001')
      .embed(inputs, { role: 'document' })
      .catch((thrown) => thrown)
    expect(error).toMatchObject({ name: 'GemdexError', code: 'BAD_RESPONSE', retryable: true })
    expect(error.message).toMatch(/vectors came for 3 texts|vector 0 of the answer/)
  })

  it('are refused when they have the size of another model', async () => {
    server.failNext(faults.mutateEmbeddings((vectors) => vectors.map((vector) => [...vector, ...vector])))
    const embedding = make('gemini-embedding-001').embed([{ text: 'one' }], { role: 'query' })
    await expect(embedding).rejects.toMatchObject({
      code: 'BAD_RESPONSE',
      message: expect.stringContaining('1536 dimensions instead of 768'),
    })
  })
})
