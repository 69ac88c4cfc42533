import {
  type GenerateContentRequest as AnyGenerateRequest,
  type EmbedContentRequest,
  GoogleGenerativeAI,
  type GoogleGenerativeAIFetchError,
  type ModelParams,
  TaskType,
} from '@google/generative-ai'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import {
  type Action,
  ApiError,
  answers,
  defaultModels,
  type Fault,
  faults,
  type GeminiServer,
  type GenerateContentResponse,
  mutations,
  startGeminiServer,
  textModel,
} from './gemini-server.js'

const TEXT = 'gemini-3.8-flash'
const EMBED = 'gemini-embedding-001'
const EMBED_2 = 'gemini-embedding-2'

let server: GeminiServer

beforeAll(async () => {
  server = await startGeminiServer({
    models: [...defaultModels, textModel('gemini-3.7-flash'), textModel('gemini-3.5-flash')],
  })
})
afterEach(() => server.reset())
afterAll(() => server.close())

/** A model through the real SDK. */
function sdk(params: Partial<ModelParams> = {}, key = server.apiKey) {
  return new GoogleGenerativeAI(key).getGenerativeModel({ model: TEXT, ...params }, { baseUrl: server.url })
}

/** An embedding request with fields that the SDK's types do not know. */
function embedRequest(text: string, fields: Record<string, unknown> = {}): EmbedContentRequest {
  return { content: { role: 'user', parts: [{ text }] }, ...fields }
}

interface Answer {
  readonly status: number
  readonly type: string
  readonly text: string
  /** The body as JSON; `{}` when it is none. */
  readonly json: {
    readonly error?: {
      code: number
      message: string
      status: string
      details?: Record<string, unknown>[]
    }
    readonly [field: string]: unknown
  }
}

/** A request without the SDK. */
async function call(path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Answer> {
  const response = await fetch(server.url + path, {
    headers: { 'x-goog-api-key': server.apiKey, 'content-type': 'application/json', ...headers },
    ...(body !== undefined && {
      method: 'POST',
      body: typeof body === 'string' || body instanceof Uint8Array ? (body as string) : JSON.stringify(body),
    }),
  })
  const text = await response.text()
  const type = response.headers.get('content-type') ?? ''
  return { status: response.status, type, text, json: type.includes('json') && text ? JSON.parse(text) : {} }
}

function method(
  action: Action,
  body: unknown,
  model = action.startsWith('e') || action.startsWith('b') ? EMBED : TEXT,
) {
  return call(`/v1beta/models/${model}:${action}`, body)
}

function generate(fields: Record<string, unknown>, model = TEXT) {
  return method('generateContent', { contents: [user('hello')], ...fields }, model)
}

function batch(...requests: Record<string, unknown>[]) {
  return method('batchEmbedContents', {
    requests: requests.map((request) => ({ model: `models/${EMBED}`, content: user('cats'), ...request })),
  })
}

function user(text: string) {
  return { role: 'user', parts: [{ text }] }
}

function expectRefusal(answer: Answer, code: number, status: string, message: string | RegExp) {
  const { error } = answer.json
  expect(answer.status).toBe(code)
  expect(error).toMatchObject({ code, status })
  if (typeof message === 'string') expect(error?.message).toContain(message)
  else expect(error?.message).toMatch(message)
}

function norm(vector: readonly number[]): number {
  return Math.hypot(...vector)
}

function cosine(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, value, index) => sum + value * (b[index] ?? 0), 0) / (norm(a) * norm(b))
}

describe('keys and paths', () => {
  it('refuses a request without a key', async () => {
    const answer = await call('/v1beta/models', undefined, { 'x-goog-api-key': '' })
    expectRefusal(answer, 403, 'PERMISSION_DENIED', 'unregistered callers')
  })

  it('refuses a wrong key with 400 and API_KEY_INVALID', async () => {
    const refusal = await failure(sdk({}, 'wrong').generateContent('hello'))
    expect(refusal.status).toBe(400)
    expect(refusal.message).toContain('API key not valid')
    expect(refusal.errorDetails?.[0]).toMatchObject({ reason: 'API_KEY_INVALID', domain: 'googleapis.com' })
  })

  it('refuses a key that is sent as a token', async () => {
    const answer = await call('/v1beta/models', undefined, {
      'x-goog-api-key': '',
      authorization: 'Bearer x',
    })
    expectRefusal(answer, 401, 'UNAUTHENTICATED', 'OAuth 2')
  })

  it('takes the key from the query too', async () => {
    const answer = await call(`/v1beta/models?key=${server.apiKey}`, undefined, { 'x-goog-api-key': '' })
    expect(answer.status).toBe(200)
  })

  it('answers a wholly wrong path with a page', async () => {
    const answer = await call('/v2/anything')
    expect(answer).toMatchObject({ status: 404, type: 'text/html; charset=UTF-8' })
    expect(answer.text).toContain('was not found on this server')
  })

  it('refuses unknown methods and wrong verbs', async () => {
    expectRefusal(await call(`/v1beta/models/${TEXT}:write`, {}), 404, 'NOT_FOUND', 'Method not found.')
    expectRefusal(await call(`/v1beta/models/${TEXT}:generateContent`), 404, 'NOT_FOUND', 'Method not found.')
  })

  it('refuses unknown query parameters', async () => {
    expectRefusal(
      await call('/v1beta/models?limit=3'),
      400,
      'INVALID_ARGUMENT',
      'Cannot bind query parameter',
    )
  })
})

describe('models', () => {
  it('describes one', async () => {
    const { json } = await call(`/v1beta/models/${EMBED}`)
    expect(json).toMatchObject({ name: `models/${EMBED}`, inputTokenLimit: 2048 })
    expect(json.supportedGenerationMethods).toContain('embedContent')
    expect(json.supportedGenerationMethods).not.toContain('batchEmbedContents')
    expectRefusal(await call('/v1beta/models/nobody'), 404, 'NOT_FOUND', 'models/nobody')
  })

  it('lists them in pages', async () => {
    const names: string[] = []
    let token = ''
    do {
      const { json } = await call(`/v1beta/models?pageSize=2&pageToken=${token}`)
      names.push(...(json.models as { name: string }[]).map((model) => model.name))
      token = (json.nextPageToken as string | undefined) ?? ''
    } while (token)
    expect(names).toEqual([
      ...defaultModels.map((model) => model.name),
      'models/gemini-3.7-flash',
      'models/gemini-3.5-flash',
    ])
    expect(server.requests.map((request) => request.action)).toEqual(['models', 'models', 'models'])
  })

  it.each(['pageSize=x', 'pageSize=-1', 'pageToken=x'])('refuses %s', async (query) => {
    expectRefusal(await call(`/v1beta/models?${query}`), 400, 'INVALID_ARGUMENT', /page/)
  })

  it.each([
    ['nobody', 'is not found for API version v1beta, or is not supported for generateContent'],
    ['gemini-pro', 'is not found for API version v1beta'],
    ['gemini-2.0-flash', 'is no longer available. Please update'],
    ['gemini-2.5-flash', 'is no longer available to new users'],
    [EMBED, 'is not supported for generateContent'],
  ])('refuses to generate with %s', async (model, message) => {
    const refusal = await failure(sdk({ model }).generateContent('hello'))
    expect(refusal.status).toBe(404)
    expect(refusal.message).toContain(message)
  })

  it.each(['embedding-001', 'text-embedding-004', TEXT])('refuses to embed with %s', async (model) => {
    expect(await failure(sdk({ model }).embedContent('hello'))).toMatchObject({ status: 404 })
  })
})

describe('schema', () => {
  it('names every unknown field, joined, with its place', async () => {
    const requests = [{ content: user('a'), autoTruncate: true }, { content: { text: 'b' } }]
    const answer = await method('batchEmbedContents', { requests, extra: 1 })
    const lines = [
      `Invalid JSON payload received. Unknown name "autoTruncate" at 'requests[0]': Cannot find field.`,
      `Invalid JSON payload received. Unknown name "text" at 'requests[1].content': Cannot find field.`,
      'Invalid JSON payload received. Unknown name "extra": Cannot find field.',
    ]
    expectRefusal(answer, 400, 'INVALID_ARGUMENT', lines.join('\n'))
    expect(answer.json.error?.details).toEqual([
      {
        '@type': 'type.googleapis.com/google.rpc.BadRequest',
        fieldViolations: [
          { field: 'requests[0]', description: lines[0] },
          { field: 'requests[1].content', description: lines[1] },
          { description: lines[2] },
        ],
      },
    ])
  })

  it('takes snake_case, null, lower-case schema types and a lone part', async () => {
    const answer = await generate({
      system_instruction: { parts: { text: 'Be brief.' } },
      safetySettings: null,
      generation_config: {
        max_output_tokens: 5,
        response_mime_type: 'application/json',
        responseSchema: { type: 'array', items: { type: 'object', properties: { a: { type: 'string' } } } },
      },
      serviceTier: 'flex',
    })
    expect(answer.status).toBe(200)
  })

  it.each([
    [
      { systemInstruction: 'Be brief.' },
      /Invalid value at 'system_instruction' \(.*v1beta\.Content\), "Be brief\."/,
    ],
    [
      { contents: [{ role: 'user', parts: [{ text: 5 }] }] },
      /'contents\[0\]\.parts\[0\]\.text' \(TYPE_STRING\), 5/,
    ],
    [
      { contents: [{ role: 'user', parts: [{ text: ['a'] }] }] },
      'Proto field is not repeating, cannot start list.',
    ],
    [{ contents: 'hello' }, "Invalid value at 'contents'"],
    [{ generationConfig: { maxOutputTokens: 1.5 } }, 'TYPE_INT32'],
    [{ generationConfig: { temperature: 'warm' } }, 'TYPE_FLOAT'],
    [{ generationConfig: { responseLogprobs: 'yes' } }, 'TYPE_BOOL'],
    [
      { generationConfig: { thinkingConfig: { thinkingLevel: 'SOME' } } },
      "'generation_config.thinking_config.thinking_level'",
    ],
    [
      { safetySettings: [{ category: 'HARM_CATEGORY_RUDE', threshold: 'OFF' }] },
      "'safety_settings[0].category'",
    ],
    [
      { contents: [{ role: 'user', parts: [{ text: 'a', fileData: {} }] }] },
      "oneof field 'data' is already set",
    ],
    [{ contents: [{ role: 'user', parts: [{ text: 'half \ud83d' }] }] }, 'TYPE_STRING'],
    [{ contents: [{ parts: [{ inlineData: { mimeType: 'image/png', data: '%%' } }] }] }, 'TYPE_BYTES'],
    [{ tools: [{ webSearch: {} }] }, `Unknown name "webSearch" at 'tools[0]'`],
  ])('refuses %j', async (fields, message) => {
    expectRefusal(await generate(fields), 400, 'INVALID_ARGUMENT', message)
  })

  it('refuses the bare systemInstruction of a chat', async () => {
    const chat = sdk().startChat({ systemInstruction: 'Be brief.' })
    expect((await failure(chat.sendMessage('hello'))).message).toContain(
      "Invalid value at 'system_instruction'",
    )
  })

  it.each([
    ['{"contents": [', /Invalid JSON payload/],
    ['[]', /Root element/],
    [new Uint8Array([34, 255, 34]), /Invalid JSON/],
  ])('refuses a body that is no object: %s', async (body, message) => {
    expectRefusal(await method('generateContent', body), 400, 'INVALID_ARGUMENT', message)
  })
})

describe('embedding', () => {
  it('answers the SDK, one and many', async () => {
    const model = sdk({ model: EMBED })
    const one = await model.embedContent(embedRequest('a cat', { taskType: TaskType.RETRIEVAL_QUERY }))
    const many = await model.batchEmbedContents({ requests: [embedRequest('a cat'), embedRequest('dogs')] })
    expect(one.embedding.values).toHaveLength(3072)
    expect(many.embeddings).toHaveLength(2)
    expect(many.embeddings[0]?.values).toEqual(one.embedding.values)
    expect(many).toMatchObject({ usageMetadata: { promptTokenCount: 3 } })
    expect(server.embedTexts()).toEqual([
      { model: EMBED, text: 'a cat', taskType: 'RETRIEVAL_QUERY' },
      { model: EMBED, text: 'a cat' },
      { model: EMBED, text: 'dogs' },
    ])
  })

  it('records title, task type and dimensions, also of the nested form', async () => {
    const settings = { taskType: 'RETRIEVAL_DOCUMENT', title: 'Pets', outputDimensionality: 768 }
    const answer = await batch(settings, { embedContentConfig: settings })
    expect(answer.status).toBe(200)
    const expected = { model: EMBED, text: 'cats', ...settings }
    expect(server.embedTexts()).toEqual([expected, expected])
  })

  it.each([
    ['a missing model', [{ model: undefined }], 'requests[0].model'],
    ['another model', [{}, { model: `models/${EMBED_2}` }], 'requests[1].model'],
    ['an empty text', [{}, { content: user('') }], 'requests[1].content: content contains an empty Part'],
    ['no parts', [{ content: { parts: [] } }], 'content contains an empty Part'],
    ['no content', [{ content: undefined }], 'content contains an empty Part'],
    ['a title without a task', [{ title: 'Pets' }], 'title is only applicable'],
    ['a title of a query', [{ title: 'Pets', taskType: 'RETRIEVAL_QUERY' }], 'title is only applicable'],
    ['an unknown task', [{ taskType: 'SEARCH' }], `Invalid value at 'requests[0].task_type'`],
    ['too few dimensions', [{ outputDimensionality: 127 }], 'output_dimensionality must be in [128, 3072]'],
    ['too many dimensions', [{ outputDimensionality: 3073 }], 'output_dimensionality'],
    ['an empty batch', [], 'requests must not be empty'],
    ['101 requests', Array.from({ length: 101 }, () => ({})), 'at most 100 requests can be in one batch'],
  ])('refuses %s', async (_, requests, message) => {
    expectRefusal(await batch(...requests), 400, 'INVALID_ARGUMENT', message)
    expect(server.embedTexts()).toEqual([])
  })

  it('takes 100 requests and a single space', async () => {
    expect((await batch(...Array.from({ length: 100 }, () => ({ content: user(' ') })))).status).toBe(200)
  })

  it.each([{ taskType: 'RETRIEVAL_QUERY' }, { title: 'Pets' }])(
    'refuses %j for gemini-embedding-2',
    async (fields) => {
      const answer = await method('embedContent', { content: user('cats'), ...fields }, EMBED_2)
      expectRefusal(answer, 400, 'INVALID_ARGUMENT', 'is not supported by models/gemini-embedding-2')
    },
  )

  it('refuses a body above the cap', async () => {
    const long = { content: user('x'.repeat(4_194_304)) }
    expectRefusal(
      await method('embedContent', long),
      400,
      'INVALID_ARGUMENT',
      'exceeds the limit: 4194304 bytes',
    )
    const page = await method('generateContent', { contents: [user('x'.repeat(20_971_520))] })
    expect(page).toMatchObject({ status: 413, type: 'text/html; charset=UTF-8' })
  })

  it('cuts an overlong text silently and flags it', async () => {
    const start = 'cats '.repeat(2000)
    const model = sdk({ model: EMBED })
    const long = await model.embedContent(`${start} and dogs`)
    const cut = await model.embedContent(start.slice(0, 2048 * 4))
    expect(long).toEqual(cut)
    expect(server.embedTexts().map((text) => text.overlong)).toEqual([true, undefined])
  })

  it('makes unit vectors, but not with gemini-embedding-001 below 3072 dimensions', async () => {
    const lengths = async (model: string, dimensions: number) => {
      const request = embedRequest('the cat sat on the mat', { outputDimensionality: dimensions })
      const { values } = (await sdk({ model }).embedContent(request)).embedding
      expect(values).toHaveLength(dimensions)
      return norm(values)
    }
    expect(await lengths(EMBED, 3072)).toBeCloseTo(1, 5)
    expect(await lengths(EMBED, 768)).toBeCloseTo(0.585, 1)
    expect(await lengths(EMBED, 768)).toBeLessThan(0.65)
    expect(await lengths(EMBED_2, 768)).toBeCloseTo(1, 5)
    expect(await lengths(EMBED_2, 128)).toBeCloseTo(1, 5)
  })

  it.each([EMBED, EMBED_2])('puts texts that share words near each other (%s)', async (id) => {
    const model = sdk({ model: id })
    const embed = async (text: string) => {
      const request = embedRequest(text, { outputDimensionality: 768 })
      return (await model.embedContent(request)).embedding.values
    }
    const query = await embed('Wie kündige ich den Mietvertrag?')
    expect(await embed('Wie kündige ich den Mietvertrag?')).toEqual(query)
    const near = cosine(query, await embed('Der MIETVERTRAG: wie und wann kündige ich?'))
    const far = cosine(query, await embed('Bread rises because yeast makes gas.'))
    expect(near).toBeGreaterThan(0.5)
    expect(Math.abs(far)).toBeLessThan(0.2)
  })

  it('reads past the role prefixes of gemini-embedding-2', async () => {
    const embed = async (text: string) => (await sdk({ model: EMBED_2 }).embedContent(text)).embedding.values
    const bare = await embed('cats sleep')
    expect(await embed('task: search result | query: cats sleep')).toEqual(bare)
    expect(await embed('title: none | text: cats sleep')).toEqual(bare)
    expect(cosine(await embed('title: Pets | text: cats sleep'), bare)).toBeGreaterThan(0.7)
  })

  it('gives a text without words a small vector that is not zero', async () => {
    const { values } = (await sdk({ model: EMBED }).embedContent('… !')).embedding
    expect(norm(values)).toBeGreaterThan(1e-4)
    expect(norm(values)).toBeLessThan(0.01)
  })
})

describe('generation', () => {
  it('answers the SDK', async () => {
    const { response } = await sdk().generateContent('Is it so?')
    expect(response.text()).toBe('According to the documents, this is so [1].')
    expect(response.candidates?.[0]?.finishReason).toBe('STOP')
    expect(response.usageMetadata).toEqual({
      promptTokenCount: 3,
      candidatesTokenCount: 11,
      totalTokenCount: 14,
    })
    expect(response).toMatchObject({ modelVersion: TEXT })
  })

  it('counts tokens', async () => {
    expect((await sdk({ systemInstruction: 'Be brief.' }).countTokens('Is it so?')).totalTokens).toBe(6)
    expect((await method('countTokens', { contents: [user('Is it so?')] })).json.totalTokens).toBe(3)
    const both = {
      contents: [user('a')],
      generateContentRequest: { model: `models/${TEXT}`, contents: [user('a')] },
    }
    expectRefusal(await method('countTokens', both), 400, 'INVALID_ARGUMENT', 'only one of contents')
    expectRefusal(await method('countTokens', {}), 400, 'INVALID_ARGUMENT', 'contents is not specified')
    const other = { generateContentRequest: { model: 'models/other', contents: [user('a')] } }
    expectRefusal(
      await method('countTokens', other),
      400,
      'INVALID_ARGUMENT',
      'must be the same as in the URL',
    )
  })

  it.each([
    [{ contents: [] }, 'GenerateContentRequest.contents: contents is not specified'],
    [{ contents: [{ role: 'user', parts: [] }] }, 'contents[0].parts: contents.parts must not be empty.'],
    [{ contents: [{ role: 'user' }] }, 'contents[0].parts'],
    [{ contents: [user('')] }, "contents[0].parts[0].data: required oneof field 'data'"],
    [{ contents: [{ parts: [{}] }] }, "required oneof field 'data'"],
    [{ systemInstruction: { parts: [{ text: '' }] } }, 'system_instruction.parts[0].data'],
    [{ contents: [{ role: 'assistant', parts: [{ text: 'a' }] }] }, 'Please use a valid role: user, model.'],
    [{ contents: [user('a'), { parts: [{ text: 'b' }] }] }, 'Please use a valid role'],
    [{ contents: [{ role: 'system', parts: [{ text: 'a' }] }, user('a')] }, 'system role is not supported'],
    [{ contents: [user('a'), { role: 'model', parts: [{ text: 'b' }] }] }, 'end with a user role'],
    [
      { contents: [{ parts: [{ inlineData: { mimeType: 'image/bmp', data: 'AAAA' } }] }] },
      'Unsupported MIME type',
    ],
    [{ safetySettings: [{ category: 'HARM_CATEGORY_MEDICAL', threshold: 'OFF' }] }, 'predicate failed'],
    [{ safetySettings: [{ category: 'HARM_CATEGORY_HARASSMENT' }] }, 'safety_settings[0].threshold'],
    [
      { safetySettings: Array(2).fill({ category: 'HARM_CATEGORY_HARASSMENT', threshold: 'OFF' }) },
      'more than one setting',
    ],
    [{ generationConfig: { candidateCount: 9 } }, 'candidate_count must be in the range [1, 8]'],
    [{ generationConfig: { candidateCount: 0 } }, 'candidate_count'],
    [{ generationConfig: { temperature: 2.1 } }, 'temperature'],
    [{ generationConfig: { topK: 0 } }, 'top_k'],
    [{ generationConfig: { topP: 1.1 } }, 'top_p'],
    [{ generationConfig: { maxOutputTokens: 0 } }, 'max_output_tokens'],
    [{ generationConfig: { stopSequences: ['1', '2', '3', '4', '5', '6'] } }, 'at most 5 stop sequences'],
    [{ generationConfig: { responseMimeType: 'text/html' } }, 'allowed mimetypes'],
    [{ generationConfig: { responseSchema: { type: 'STRING' } } }, 'application/json'],
    [{ generationConfig: { thinkingConfig: { thinkingLevel: 'MINIMAL' } } }, 'MINIMAL is not supported'],
    [
      { generationConfig: { thinkingConfig: { thinkingLevel: 'LOW', thinkingBudget: 0 } } },
      'You can only set one',
    ],
    [{ model: 'models/other' }, 'must be the same as in the URL'],
  ])('refuses %j', async (fields, message) => {
    expectRefusal(await generate(fields), 400, 'INVALID_ARGUMENT', message)
  })

  it('refuses MINIMAL thinking only where the model does', async () => {
    const fields = { generationConfig: { thinkingConfig: { thinkingLevel: 'MINIMAL' } } }
    expect((await generate(fields, 'gemini-3.7-flash')).status).toBe(400)
    expect((await generate(fields, 'gemini-3.5-flash')).status).toBe(200)
  })

  it('takes a request that uses every common field', async () => {
    const request = {
      systemInstruction: 'Be brief.',
      contents: [user('a'), { role: 'model', parts: [{ text: 'b' }] }, user('c')],
      safetySettings: [{ category: 'HARM_CATEGORY_HARASSMENT', threshold: 'OFF' }],
      generationConfig: {
        candidateCount: 8,
        stopSequences: ['END'],
        maxOutputTokens: 1,
        temperature: 0,
        topP: 1,
        topK: 1,
        seed: 7,
        thinkingConfig: { includeThoughts: false, thinkingLevel: 'low' },
      },
      tools: [{ functionDeclarations: [{ name: 'f', parameters: { type: 'object', properties: {} } }] }],
      toolConfig: { functionCallingConfig: { mode: 'NONE' } },
    }
    await sdk().generateContent(request as unknown as AnyGenerateRequest)
    expect(server.requests).toMatchObject([
      {
        method: 'POST',
        path: `/v1beta/models/${TEXT}:generateContent`,
        model: TEXT,
        action: 'generateContent',
        headers: { 'x-goog-api-key': server.apiKey },
        body: { contents: [user('a'), {}, user('c')] },
        status: 200,
      },
    ])
  })

  it('lets the test answer, with the request in camelCase', async () => {
    server.onGenerate((body, { model, stream }) =>
      answers.text(`${body.systemInstruction?.parts?.[0]?.text} ${model} ${stream}`),
    )
    const answer = await generate({ system_instruction: { parts: [{ text: 'Hm:' }] } })
    expect(answer.text).toContain(`Hm: ${TEXT} false`)
  })

  it('sends the refusal that a handler throws', async () => {
    server.onGenerate(() => {
      throw new ApiError(400, 'The input token count exceeds the maximum.')
    })
    expectRefusal(await generate({}), 400, 'INVALID_ARGUMENT', 'exceeds the maximum')
  })

  it('builds the answers that are not plain text', async () => {
    const say = async (answer: GenerateContentResponse) => {
      server.onGenerate(() => answer)
      return (await sdk().generateContent('hello')).response
    }
    const rating = { category: 'HARM_CATEGORY_HARASSMENT', probability: 'HIGH', blocked: true }
    expect(await say(answers.promptBlocked('PROHIBITED_CONTENT', [rating]))).toMatchObject({
      promptFeedback: { blockReason: 'PROHIBITED_CONTENT', safetyRatings: [rating] },
    })
    expect((await say(answers.promptBlocked())).candidates).toBeUndefined()
    const blocked = await say(answers.safetyBlocked([rating]))
    expect(blocked.candidates).toEqual([{ finishReason: 'SAFETY', index: 0, safetyRatings: [rating] }])
    expect(() => blocked.text()).toThrow('SAFETY')
    const thinking = await say(answers.maxTokens())
    expect(thinking.candidates?.[0]).toMatchObject({ finishReason: 'MAX_TOKENS', content: { role: 'model' } })
    expect((await say(answers.maxTokens('half'))).text()).toBe('half')
    expect((await say(answers.empty())).text()).toBe('')
    expect((await say(answers.noCandidates())).candidates).toBeUndefined()
    expect((await say(answers.candidates(['a', 'b']))).candidates).toHaveLength(2)
    expect(await say(answers.text('a', { usageMetadata: null }))).not.toHaveProperty('usageMetadata')
    const thought = await say(answers.text('a', { thought: 'hm', finishReason: 'OTHER' }))
    expect(thought.candidates?.[0]?.content.parts).toEqual([{ text: 'hm', thought: true }, { text: 'a' }])
  })
})

describe('streams', () => {
  async function streamed() {
    const { stream, response } = await sdk().generateContentStream('hello')
    response.catch(() => undefined)
    const texts: string[] = []
    for await (const chunk of stream) texts.push(chunk.text())
    return texts
  }

  it('sends a whole answer as one chunk, in server-sent events without [DONE]', async () => {
    expect(await streamed()).toEqual(['According to the documents, this is so [1].'])
    const path = `/v1beta/models/${TEXT}:streamGenerateContent?alt=sse`
    const { text, type } = await call(path, { contents: [user('hello')] })
    expect(type).toBe('text/event-stream')
    expect(text).toMatch(/^data: \{.*\}\r\n\r\n$/)
  })

  it('sends chunks with growing usage and finishReason on the last', async () => {
    server.onGenerate(() => answers.chunked('One two 😀 four.', 4))
    expect((await streamed()).join('')).toBe('One two 😀 four.')
    const path = `/v1beta/models/${TEXT}:streamGenerateContent`
    const chunks = JSON.parse(
      (await call(path, { contents: [user('hello')] })).text,
    ) as GenerateContentResponse[]
    expect(chunks.map((chunk) => chunk.candidates?.[0]?.finishReason)).toEqual([
      undefined,
      undefined,
      undefined,
      'STOP',
    ])
    expect(chunks.map((chunk) => chunk.usageMetadata?.candidatesTokenCount)).toEqual([1, 2, 3, 4])
  })

  it('merges chunks for a request that is not streamed', async () => {
    server.onGenerate(async function* () {
      yield* answers.chunked('One two three.', 3)
    })
    const { response } = await sdk().generateContent('hello')
    expect(response.candidates).toEqual([
      { content: { role: 'model', parts: [{ text: 'One two three.' }] }, finishReason: 'STOP', index: 0 },
    ])
  })

  it('cuts the connection where the chunks fail', async () => {
    let seen = () => {}
    const firstSeen = new Promise<void>((resolve) => {
      seen = resolve
    })
    server.onGenerate(async function* () {
      yield* answers.chunked('One two', 2).slice(0, 1)
      await firstSeen
      throw new Error('cut here')
    })
    const { stream, response } = await sdk().generateContentStream('hello')
    response.catch(() => undefined)
    const first = await stream.next()
    expect(first.value?.text()).toBe('One')
    seen()
    await expect(stream.next()).rejects.toThrow()
  })

  it('passes on an error in the middle of a stream', async () => {
    server.onGenerate(() => [
      ...answers.chunked('One two', 2).slice(0, 1),
      answers.error(new ApiError(503, 'Overloaded')),
    ])
    const path = `/v1beta/models/${TEXT}:streamGenerateContent?alt=sse`
    const events = (await call(path, { contents: [user('hello')] })).text.split('\r\n\r\n')
    expect(events[1]).toBe('data: {"error":{"code":503,"message":"Overloaded","status":"UNAVAILABLE"}}')
  })

  it('refuses as an ordinary error before the first chunk, in a list without alt=sse', async () => {
    expect(await failure(sdk({ model: 'nobody' }).generateContentStream('hello'))).toMatchObject({
      status: 404,
    })
    const { json } = await call(`/v1beta/models/${TEXT}:streamGenerateContent`, {})
    expect(json).toMatchObject([{ error: { code: 400 } }])
  })
})

describe('faults', () => {
  const ask = () => sdk().generateContent('hello')

  it.each<[string, Fault, number, string]>([
    ['bareRateLimit', faults.bareRateLimit(), 429, 'Resource has been exhausted'],
    ['unavailable', faults.unavailable(), 503, 'high demand'],
    ['internal', faults.internal(), 500, 'internal error'],
    ['deadline', faults.deadline(), 504, 'Deadline expired'],
    ['invalidKey', faults.invalidKey(), 400, 'API key not valid'],
    ['permissionDenied', faults.permissionDenied(), 403, 'disabled'],
    ['modelNotFound', faults.modelNotFound(), 404, `models/${TEXT} is not found`],
    ['htmlPage', faults.htmlPage(), 502, ''],
    ['a bare status', { status: 408 }, 408, 'Request Timeout'],
  ])('answers with %s once, then well', async (_, fault, status, message) => {
    server.failNext(fault)
    const refusal = await failure(ask())
    expect(refusal.status).toBe(status)
    expect(refusal.message).toContain(message)
    expect((await ask()).response.text()).toContain('this is so')
  })

  it('tells the quota and the delay of a rate limit', async () => {
    server.failNext(faults.rateLimited())
    server.failNext(faults.rateLimited({ perDay: true, retryDelaySeconds: 0.5 }))
    const perMinute = await failure(sdk({ model: EMBED }).embedContent('cats'))
    expect(perMinute).toMatchObject({ status: 429 })
    expect(perMinute.message).toContain('Please retry in 37.482713951s.')
    expect(perMinute.errorDetails).toMatchObject([
      { '@type': 'type.googleapis.com/google.rpc.Help' },
      { violations: [{ quotaId: 'EmbedContentRequestsPerMinutePerUserPerProjectPerModel-FreeTier' }] },
      { '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: '37s' },
    ])
    const perDay = await failure(ask())
    expect(perDay.errorDetails).toMatchObject([
      {},
      {
        violations: [
          { quotaId: 'GenerateRequestsPerDayPerProjectPerModel-FreeTier', quotaDimensions: { model: TEXT } },
        ],
      },
      { retryDelay: '0.5s' },
    ])
  })

  it('sends own bodies and headers', async () => {
    server.failNext({ status: 418, body: 'tea', contentType: 'text/plain', headers: { 'retry-after': '3' } })
    const response = await fetch(`${server.url}/anything`)
    expect(await response.text()).toBe('tea')
    expect(response.status).toBe(418)
    expect(response.headers.get('retry-after')).toBe('3')
  })

  it('strikes as often and where it was told to', async () => {
    const isLong = ({ body }: { body: unknown }) => JSON.stringify(body).includes('long')
    server.failNext(faults.unavailable(), { times: 2, match: 'embedContent' })
    server.failNext(faults.internal(), { times: Number.POSITIVE_INFINITY, match: isLong })
    expect((await ask()).response.text()).toContain('this is so')
    const model = sdk({ model: EMBED })
    expect(await failure(model.embedContent('cats'))).toMatchObject({ status: 503 })
    expect(await failure(model.embedContent('cats'))).toMatchObject({ status: 503 })
    await model.embedContent('cats')
    expect(await failure(model.embedContent('a long one'))).toMatchObject({ status: 500 })
    expect(await failure(model.embedContent('a long one'))).toMatchObject({ status: 500 })
    expect(server.requests.map((request) => request.status)).toEqual([200, 503, 503, 200, 500, 500])
    expect(server.embedTexts()).toHaveLength(1)
    server.reset()
    await model.embedContent('a long one')
    expect(server.requests).toHaveLength(1)
  })

  it.each([faults.emptyBody(), faults.brokenJson(), faults.htmlPage(200)])(
    'answers 200 without JSON: %j',
    async (fault) => {
      server.failNext(fault)
      await expect(ask()).rejects.toThrow(SyntaxError)
    },
  )

  it('drops the connection', async () => {
    server.failNext(faults.dropConnection())
    await expect(ask()).rejects.toThrow('fetch failed')
  })

  it('cuts the body of an answer and of a stream', async () => {
    server.failNext(faults.cutBody(), { times: 2 })
    await expect(sdk({ model: EMBED }).embedContent('cats')).rejects.toThrow('terminated')
    expect(server.embedTexts()).toEqual([])
    const response = await fetch(`${server.url}/v1beta/models/${TEXT}:streamGenerateContent?alt=sse`, {
      method: 'POST',
      headers: { 'x-goog-api-key': server.apiKey },
      body: JSON.stringify({ contents: [user('hello')] }),
    })
    expect(response.status).toBe(200)
    await expect(response.text()).rejects.toThrow('terminated')
  })

  it.each(['hang', 'headersThenSilence'] as const)('%s: nothing comes, and close() ends it', async (kind) => {
    const own = await startGeminiServer()
    own.failNext(faults[kind]())
    const arrived = fetch(`${own.url}/v1beta/models?alt=sse`)
    const body = arrived.then((response) => response.text())
    const outcome = body.then(
      () => 'answered',
      () => 'ended',
    )
    if (kind === 'headersThenSilence') expect((await arrived).status).toBe(200)
    while (own.requests.length === 0) await new Promise(setImmediate)
    await own.close()
    expect(await outcome).toBe('ended')
    await own.close()
  })

  it.each<[keyof typeof mutations, unknown]>([
    ['fewer', [{ values: [1, 2] }]],
    ['more', [{ values: [1, 2] }, { values: [1, 2] }, { values: [1, 2] }]],
    ['none', undefined],
    ['fused', [{ values: [1, 2] }]],
    ['nullEmbedding', [null, { values: [1, 2] }]],
    ['noValues', [{}, { values: [1, 2] }]],
    ['nullValue', [{ values: [null, 2] }, { values: [1, 2] }]],
    ['nanString', [{ values: ['NaN', 2] }, { values: [1, 2] }]],
    ['huge', [{ values: [1e39, 2] }, { values: [1, 2] }]],
    ['zero', [{ values: [0, 0] }, { values: [1, 2] }]],
    ['wrongLength', [{ values: [1] }, { values: [1, 2] }]],
  ])('spoils vectors: %s', async (name, expected) => {
    const own = await startGeminiServer({ embed: () => [1, 2] })
    try {
      own.failNext(faults.mutateEmbeddings(mutations[name]))
      const model = new GoogleGenerativeAI(own.apiKey).getGenerativeModel(
        { model: EMBED },
        { baseUrl: own.url },
      )
      const requests = [embedRequest('a'), embedRequest('b')]
      await failure(model.generateContent('no embedding request: must not meet the fault'))
      expect((await model.batchEmbedContents({ requests })).embeddings).toEqual(expected)
      expect((await model.batchEmbedContents({ requests })).embeddings).toHaveLength(2)
    } finally {
      await own.close()
    }
  })
})

describe('options', () => {
  it('waits, pages and limits as told', async () => {
    const own = await startGeminiServer({ latencyMs: 20, pageSize: 1, maxBodyBytes: 10 })
    try {
      const headers = { 'x-goog-api-key': own.apiKey }
      const before = performance.now()
      const page = (await (await fetch(`${own.url}/v1beta/models`, { headers })).json()) as {
        models: unknown[]
      }
      expect(performance.now() - before).toBeGreaterThan(15)
      expect(page.models).toHaveLength(1)
      const long = { method: 'POST', headers, body: JSON.stringify({ content: user('cats') }) }
      expect((await fetch(`${own.url}/v1beta/models/${EMBED}:embedContent`, long)).status).toBe(400)
    } finally {
      await own.close()
    }
  })
})

/** The error of an SDK call that has to fail. */
async function failure(promise: Promise<unknown>): Promise<GoogleGenerativeAIFetchError> {
  return promise.then(
    () => {
      throw new Error('the call succeeded')
    },
    (error: GoogleGenerativeAIFetchError) => error,
  )
}
