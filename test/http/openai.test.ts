import OpenAI from 'openai'
import { describe, expect, test } from 'vitest'
import type { AnswerEvent } from '../../src/engine.js'
import { GemdexError } from '../../src/errors.js'
import type { Answer } from '../../src/types.js'
import { answer, events, fakeEngine, hit, summary } from './fake-engine.js'
import { errorOf, post, serve } from './serve.js'

async function openClient(engine = fakeEngine()) {
  const { url } = await serve(engine)
  const client = new OpenAI({ baseURL: `${url}/v1`, apiKey: 'any', maxRetries: 0 })
  return { client, url, engine }
}

const ask = { model: 'gemdex', messages: [{ role: 'user' as const, content: 'When is the laptop ordered?' }] }

describe('embeddings', () => {
  test('as the official client asks for them, packed and as numbers', async () => {
    const { client, engine } = await openClient()
    for (const encoding of [undefined, 'float', 'base64'] as const) {
      const format = encoding === undefined ? {} : { encoding_format: encoding }
      const { data, model, usage } = await client.embeddings.create({
        model: 'hashed-words',
        input: ['one', 'two'],
        ...format,
      })
      expect(model).toBe('hashed-words')
      expect(data.map(({ index }) => index)).toEqual([0, 1])
      if (encoding === 'base64') expect(data[0]?.embedding).toEqual(expect.any(String))
      else
        for (const { embedding } of data)
          expect(embedding.map((x) => x.toFixed(5))).toEqual(['0.60000', '-0.80000'])
      expect(usage.total_tokens).toBeGreaterThan(0)
    }
    const embedded = engine.calls.filter(({ method }) => method === 'embed')
    expect(embedded[0]?.args).toEqual([
      { inputs: [{ text: 'one' }, { text: 'two' }], role: 'document', signal: expect.any(AbortSignal) },
    ])
  })

  test('with role and title', async () => {
    const { url, engine } = await openClient()
    const body = { model: 'gemdex', input: ['a', 'b'], role: 'document', title: ['A', 'B'] }
    expect((await post(`${url}/v1/embeddings`, body)).status).toBe(200)
    expect((await post(`${url}/v1/embeddings`, { model: 'gemdex', input: 'q', role: 'query' })).status).toBe(
      200,
    )
    const inputs = engine.calls.filter(({ method }) => method === 'embed').map(({ args }) => args[0])
    expect(inputs).toMatchObject([
      {
        inputs: [
          { text: 'a', title: 'A' },
          { text: 'b', title: 'B' },
        ],
        role: 'document',
      },
      { inputs: [{ text: 'q' }], role: 'query' },
    ])
  })

  test.each([
    [{ input: 'x' }, 400, 'model'],
    [{ model: 'text-embedding-3-small', input: 'x' }, 404, 'model'],
    [{ model: 'gemdex', input: [] }, 400, 'input'],
    [{ model: 'gemdex', input: '' }, 400, 'input'],
    [{ model: 'gemdex', input: [1, 2] }, 400, 'input'],
    [{ model: 'gemdex', input: 'x', dimensions: 1024 }, 400, 'dimensions'],
    [{ model: 'gemdex', input: 'x', role: 'query', title: 'T' }, 400, 'title'],
    [{ model: 'gemdex', input: ['x', 'y'], title: ['T'] }, 400, 'title'],
    [{ model: 'gemdex', input: 'x', role: 'reader' }, 400, 'role'],
    [{ model: 'gemdex', input: 'x', modell: 'x' }, 400, 'modell'],
  ])('%j names %3$s', async (body, status, field) => {
    const { url } = await openClient()
    const response = await post(`${url}/v1/embeddings`, body)
    expect(response.status).toBe(status)
    expect(await errorOf(response)).toMatchObject({ field, param: field, type: 'invalid_request_error' })
  })
})

describe('chat completions', () => {
  test('whole: the checked answer, its citations as annotations', async () => {
    const { client, engine, url } = await openClient()
    const completion = await client.chat.completions.create({
      ...ask,
      model: 'extractive',
      temperature: 0.2,
      top_p: 0.9,
      max_tokens: 500,
      stop: 'END',
    })
    expect(completion).toMatchObject({
      object: 'chat.completion',
      model: 'extractive',
      created: expect.any(Number),
      gemdex: { status: 'answered', citations: answer.citations, sources: [hit] },
    })
    expect(completion.choices).toEqual([
      {
        index: 0,
        finish_reason: 'stop',
        logprobs: null,
        message: {
          role: 'assistant',
          content: answer.answer,
          refusal: null,
          annotations: [
            {
              type: 'url_citation',
              url_citation: {
                start_index: answer.answer.indexOf('['),
                end_index: answer.answer.indexOf(']') + 1,
                title: 'Onboarding',
                url: `${url}/v1/documents/${summary.id}/content`,
              },
            },
          ],
        },
      },
    ])
    const settings = { temperature: 0.2, topP: 0.9, maxOutputTokens: 500, stopSequences: ['END'] }
    expect(engine.calls.find(({ method }) => method === 'answer')?.args).toEqual([
      'When is the laptop ordered?',
      { settings, owner: null, signal: expect.any(AbortSignal) },
    ])
  })

  test('as a stream: the same, in chunks', async () => {
    const usage = { promptTokens: 10, answerTokens: 5, thinkingTokens: 2, totalTokens: 17 }
    const engine = fakeEngine({
      async *ask() {
        for (const event of events)
          yield event.type === 'done' ? { ...event, answer: { ...event.answer, usage } } : event
      },
    })
    const { client } = await openClient(engine)
    const stream = await client.chat.completions.create({
      ...ask,
      stream: true,
      stream_options: { include_usage: true },
    })
    const chunks = []
    for await (const chunk of stream) chunks.push(chunk)
    expect(new Set(chunks.map(({ id }) => id)).size).toBe(1)
    expect(chunks[0]?.choices[0]?.delta).toEqual({ role: 'assistant', content: '' })
    const text = chunks.map(({ choices }) => choices[0]?.delta.content ?? '').join('')
    // What the model wrote differs from the checked answer by its white space: that one comes last.
    expect(text.endsWith(answer.answer)).toBe(true)
    const last = chunks.findLast(({ choices }) => choices.length > 0)
    expect(last).toMatchObject({ gemdex: { status: 'answered', citations: answer.citations } })
    expect(last?.choices[0]).toMatchObject({
      finish_reason: 'stop',
      delta: { annotations: [{ url_citation: { title: 'Onboarding' } }] },
    })
    expect(chunks.at(-1)).toMatchObject({
      choices: [],
      usage: { prompt_tokens: 10, completion_tokens: 7, total_tokens: 17 },
    })
  })

  test.each<[string, Partial<Answer>, string, string]>([
    [
      'refused',
      { status: 'refused', answer: '', citations: [], reason: 'No passage is close enough.' },
      'The documents do not answer this. No passage is close enough.',
      'stop',
    ],
    ['truncated', { status: 'truncated' }, answer.answer, 'length'],
    ['blocked', { status: 'blocked', answer: '', citations: [] }, '', 'content_filter'],
    ['empty', { status: 'empty', answer: '', citations: [] }, '', 'stop'],
  ])('%s', async (_, changed, content, reason) => {
    const final = { ...answer, ...changed }
    const deltas = [{ type: 'delta', text: 'Something unchecked [7]' } as const]
    const engine = fakeEngine({
      answer: async () => final,
      async *ask(): AsyncGenerator<AnswerEvent> {
        yield { type: 'sources', sources: [], standaloneQuestion: '' }
        if (content !== '') yield* deltas
        yield { type: 'done', answer: final }
      },
    })
    const { client } = await openClient(engine)
    const whole = await client.chat.completions.create(ask)
    expect(whole.choices[0]).toMatchObject({ finish_reason: reason, message: { content } })
    let text = ''
    for await (const { choices } of await client.chat.completions.create({ ...ask, stream: true })) {
      text += choices[0]?.delta.content ?? ''
      if (choices[0]?.finish_reason) expect(choices[0].finish_reason).toBe(reason)
    }
    expect(text.endsWith(content)).toBe(true)
  })

  test('the last message is the question; the parts of it that are text', async () => {
    const { client, engine } = await openClient()
    await client.chat.completions.create({
      model: 'gemdex',
      messages: [
        { role: 'system', content: 'Be a pirate.' },
        { role: 'user', content: 'first' },
        { role: 'assistant', content: 'Aye.' },
        { role: 'user', content: [{ type: 'text', text: 'second' }] },
      ],
    })
    expect(engine.calls.find(({ method }) => method === 'answer')?.args[0]).toBe('second')
  })

  test('what clients send by habit is taken where it changes nothing', async () => {
    const { client } = await openClient()
    const habits = {
      frequency_penalty: 0,
      presence_penalty: 0,
      n: 1,
      response_format: { type: 'text' as const },
      tools: [],
      user: 'somebody',
    }
    expect((await client.chat.completions.create({ ...ask, ...habits })).choices).toHaveLength(1)
  })

  test.each([
    [{ ...ask, model: 'gpt-4o' }, 404, 'model'],
    [{ ...ask, n: 2 }, 400, 'n'],
    [{ ...ask, tools: [{ type: 'function' }] }, 400, 'tools'],
    [{ ...ask, frequency_penalty: 0.5 }, 400, 'frequency_penalty'],
    [{ ...ask, response_format: { type: 'json_object' } }, 400, 'response_format.type'],
    [{ ...ask, logprobs: true }, 400, 'logprobs'],
    [{ model: 'gemdex', messages: [] }, 400, 'messages'],
    [{ model: 'gemdex', messages: [{ role: 'user', content: ' ' }] }, 400, 'messages'],
    [{ model: 'gemdex', messages: [{ role: 'assistant', content: 'x' }] }, 400, 'messages'],
    [{ model: 'gemdex', messages: [{ role: 'user', content: 'x'.repeat(8_001) }] }, 400, 'messages'],
    [{ model: 'gemdex', messages: [{ role: 'tool', content: 'x' }] }, 400, 'messages.0.role'],
    [
      { model: 'gemdex', messages: [{ role: 'user', content: [{ type: 'image_url', image_url: {} }] }] },
      400,
      'messages.0.content',
    ],
  ])('%#: names %3$s', async (body, status, field) => {
    const { url, engine } = await openClient()
    const response = await post(`${url}/v1/chat/completions`, body)
    expect(response.status).toBe(status)
    expect((await errorOf(response)).field).toBe(field)
    expect(engine.calls.filter(({ method }) => method !== 'modelsInUse')).toEqual([])
  })

  test('errors are those that the official client knows', async () => {
    const thrown = new GemdexError('RATE_LIMITED', 'Too many requests', { retryAfterMs: 2_000 })
    const reject = () => Promise.reject(thrown)
    const { client } = await openClient(fakeEngine({ answer: reject, embed: reject }))
    await expect(client.chat.completions.create(ask)).rejects.toBeInstanceOf(OpenAI.RateLimitError)
    await expect(client.embeddings.create({ model: 'gemdex', input: 'x' })).rejects.toMatchObject({
      status: 429,
      code: 'RATE_LIMITED',
      type: 'rate_limit_error',
    })
    await expect(client.chat.completions.create({ ...ask, model: 'x' })).rejects.toBeInstanceOf(
      OpenAI.NotFoundError,
    )
  })

  test('an error in the middle of a stream ends it with an error', async () => {
    const engine = fakeEngine({
      async *ask(): AsyncGenerator<AnswerEvent> {
        yield { type: 'sources', sources: [], standaloneQuestion: '' }
        throw new GemdexError('INCOMPLETE', 'The answer broke off')
      },
    })
    const { client } = await openClient(engine)
    const stream = await client.chat.completions.create({ ...ask, stream: true })
    const read = async () => {
      for await (const _ of stream);
    }
    await expect(read()).rejects.toThrow(/broke off/)
  })
})

test('models are listed for clients of both kinds', async () => {
  const { client, url } = await openClient()
  const names: string[] = []
  for await (const { id, object } of client.models.list()) {
    expect(object).toBe('model')
    names.push(id)
  }
  expect(names).toEqual(['extractive', 'hashed-words'])
  const models = async () =>
    ((await (await fetch(`${url}/v1/models`)).json()) as { models: unknown[] }).models
  expect(await models()).toHaveLength(2)
})

test('without a key the built-in models are listed', async () => {
  const models = () => Promise.reject(new GemdexError('KEY_MISSING', 'no key'))
  const { url } = await openClient(fakeEngine({ models }))
  const response = await fetch(`${url}/v1/models?method=embedContent`)
  expect(await response.json()).toMatchObject({
    models: [{ id: 'hashed-words', methods: ['embedContent'] }],
    data: [{ id: 'extractive' }, { id: 'hashed-words' }],
  })
})
