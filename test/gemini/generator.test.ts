import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import type { GenerateRequest, Generator } from '../../src/answer/generator.js'
import { createGeminiClient } from '../../src/gemini/client.js'
import { createGeminiGenerator, type GeminiGeneratorOptions } from '../../src/gemini/generator.js'
import { collect, describeGenerator, sampleRequest, textOf } from '../contract/generator.js'
import {
  answers,
  faults,
  type GeminiServer,
  type GenerateContentResponse,
  startGeminiServer,
} from '../helpers/gemini-server.js'

const MODEL = 'gemini-3.8-flash'
let server: GeminiServer

beforeAll(async () => {
  server = await startGeminiServer()
})
afterEach(() => server.reset())
afterAll(() => server.close())

function make(options: Partial<GeminiGeneratorOptions> = {}): Generator {
  const client = createGeminiClient({ apiKey: server.apiKey, baseUrl: server.url })
  return createGeminiGenerator({ client, modelId: MODEL, ...options })
}

function ask(request: Partial<GenerateRequest> = {}, options: Partial<GeminiGeneratorOptions> = {}) {
  return collect(make(options).generate({ ...sampleRequest, ...request }, {}))
}

describeGenerator('gemini, streamed', () => make())

describe('what the model is sent', () => {
  const messages = [
    { role: 'user', text: 'first' },
    { role: 'model', text: 'second' },
    { role: 'user', text: 'third \ud800' },
  ] as const

  it('is the system instruction, the turns and nothing that is not set', async () => {
    await ask({ system: 'Be brief.', messages })
    const [request] = server.requests
    expect(request?.path).toBe(`/v1beta/models/${MODEL}:streamGenerateContent`)
    expect(request?.query).toEqual({ alt: 'sse' })
    expect(request?.headers['x-goog-api-key']).toBe(server.apiKey)
    expect(request?.body).toEqual({
      systemInstruction: { role: 'system', parts: [{ text: 'Be brief.' }] },
      contents: [
        { role: 'user', parts: [{ text: 'first' }] },
        { role: 'model', parts: [{ text: 'second' }] },
        { role: 'user', parts: [{ text: 'third \ufffd' }] },
      ],
      generationConfig: {},
      safetySettings: [],
    })
  })

  it('has every setting that is set, and no empty system instruction', async () => {
    const settings = {
      maxOutputTokens: 300,
      stopSequences: ['END'],
      candidates: 1,
      temperature: 0,
      topP: 0.9,
      topK: 40,
    }
    const safety = [{ category: 'HARM_CATEGORY_HARASSMENT', threshold: 'BLOCK_ONLY_HIGH' }]
    await ask({ system: '', messages: [{ role: 'user', text: 'hello' }], settings, safety })
    expect(server.requests[0]?.body).toEqual({
      contents: [{ role: 'user', parts: [{ text: 'hello' }] }],
      generationConfig: {
        maxOutputTokens: 300,
        stopSequences: ['END'],
        candidateCount: 1,
        temperature: 0,
        topP: 0.9,
        topK: 40,
      },
      safetySettings: safety,
    })
  })
})

describe('a streamed answer', () => {
  it('comes piece by piece, with usage and ratings at the end', async () => {
    const safetyRatings = [{ category: 'HARM_CATEGORY_HARASSMENT', probability: 'LOW', blocked: false }]
    const usageMetadata = {
      promptTokenCount: 7,
      candidatesTokenCount: 5,
      thoughtsTokenCount: 3,
      totalTokenCount: 15,
    }
    server.onGenerate(() => [
      ...answers.chunked('Grüße 😀 from the documents [1].', 8).slice(0, -1),
      answers.text('End.', { safetyRatings, usageMetadata }),
    ])
    const parts = await ask()
    expect(parts.filter((part) => part.type === 'text').length).toBeGreaterThan(7)
    expect(textOf(parts)).toMatch(/^Grüße 😀 from .*End\.$/)
    expect(parts.at(-1)).toEqual({
      type: 'finish',
      kind: 'stop',
      reason: 'STOP',
      usage: { promptTokens: 7, answerTokens: 5, thinkingTokens: 3, totalTokens: 15 },
      safetyRatings,
    })
  })

  it('leaves out thoughts and empty texts', async () => {
    server.onGenerate(() => [
      answers.text('answer', { thought: 'hmm', finishReason: '' }),
      { candidates: [{ content: { role: 'model', parts: [{ text: '' }] }, finishReason: 'STOP' }] },
    ])
    const parts = await ask()
    expect(parts.slice(0, -1)).toEqual([{ type: 'text', text: 'answer', candidate: 0 }])
  })

  it.each<[string, string]>([
    ['STOP', 'stop'],
    ['MAX_TOKENS', 'length'],
    ['SAFETY', 'blocked'],
    ['RECITATION', 'blocked'],
    ['LANGUAGE', 'blocked'],
    ['BLOCKLIST', 'blocked'],
    ['PROHIBITED_CONTENT', 'blocked'],
    ['SPII', 'blocked'],
    ['IMAGE_SAFETY', 'blocked'],
    ['OTHER', 'other'],
    ['MALFORMED_FUNCTION_CALL', 'other'],
    ['SOMETHING_NEW', 'other'],
  ])('with finishReason %s ends as %s', async (finishReason, kind) => {
    server.onGenerate(() => answers.text('so far', { finishReason }))
    const parts = await ask()
    expect(textOf(parts)).toBe(kind === 'blocked' ? '' : 'so far')
    expect(parts.at(-1)).toMatchObject({ type: 'finish', kind, reason: finishReason })
  })

  it('may have no text at all', async () => {
    const ratings = [{ category: 'HARM_CATEGORY_HATE_SPEECH', probability: 'HIGH', blocked: true }]
    server.onGenerate(() => answers.safetyBlocked(ratings))
    expect(await ask()).toMatchObject([{ kind: 'blocked', reason: 'SAFETY', safetyRatings: ratings }])
    server.onGenerate(() => answers.maxTokens())
    expect(await ask()).toMatchObject([{ kind: 'length', reason: 'MAX_TOKENS' }])
    server.onGenerate(() => answers.empty())
    expect(await ask()).toMatchObject([{ kind: 'stop', reason: 'STOP' }])
  })

  it('is blocked when the prompt was', async () => {
    const ratings = [{ category: 'HARM_CATEGORY_HATE_SPEECH', probability: 'HIGH' }]
    server.onGenerate(() => answers.promptBlocked('PROHIBITED_CONTENT', ratings))
    const promptFeedback = { blockReason: 'PROHIBITED_CONTENT', safetyRatings: ratings }
    expect(await ask()).toMatchObject([
      { type: 'finish', kind: 'blocked', reason: 'PROHIBITED_CONTENT', promptFeedback },
    ])
  })

  it('is not blocked by feedback that gives no reason', async () => {
    server.onGenerate(() => ({ ...answers.text('fine'), promptFeedback: { safetyRatings: [] } }))
    const parts = await ask()
    expect(parts.at(-1)).toMatchObject({ kind: 'stop' })
    expect(parts.at(-1)).not.toHaveProperty('promptFeedback')
  })
})

describe('several candidates', () => {
  const settings = { candidates: 3 }

  it('come unstreamed, each under its number', async () => {
    server.onGenerate(() => answers.candidates(['one', 'two', 'three']))
    const parts = await ask({ settings })
    expect(server.requests.map(({ action }) => action)).toEqual(['generateContent'])
    expect([0, 1, 2].map((candidate) => textOf(parts, candidate))).toEqual(['one', 'two', 'three'])
    expect(parts.at(-1)).toMatchObject({ type: 'finish', kind: 'stop', reason: 'STOP' })
  })

  it('give nothing of those that were blocked', async () => {
    const candidate = (index: number, text: string, finishReason: string) => ({
      content: { role: 'model', parts: [{ text }] },
      finishReason,
      index,
    })
    server.onGenerate(() => ({
      candidates: [
        candidate(0, 'one', 'SAFETY'),
        candidate(1, 'two', 'STOP'),
        candidate(2, 'three', 'RECITATION'),
      ],
    }))
    const parts = await ask({ settings })
    expect([0, 1, 2].map((number) => textOf(parts, number))).toEqual(['', 'two', ''])
    expect(parts.at(-1)).toMatchObject({ type: 'finish', kind: 'blocked', reason: 'SAFETY' })
  })

  it('may be blocked, or have no end', async () => {
    server.onGenerate(() => answers.promptBlocked())
    expect(await ask({ settings })).toMatchObject([{ kind: 'blocked', reason: 'SAFETY' }])
    server.onGenerate(() => answers.noCandidates())
    await expect(ask({ settings })).rejects.toMatchObject({ code: 'INCOMPLETE' })
  })
})

/** Streams a chunk every few milliseconds until the connection is gone; `ended` tells that it is. */
function endless() {
  const state = { ended: false }
  async function* chunks(): AsyncGenerator<GenerateContentResponse> {
    try {
      for (;;) {
        yield { candidates: [{ content: { role: 'model', parts: [{ text: 'more ' }] }, index: 0 }] }
        await sleep(3)
      }
    } finally {
      state.ended = true
    }
  }
  return { state, chunks }
}

describe('an answer that is not wanted any more', () => {
  it('ends the HTTP call when the reader leaves', async () => {
    const { state, chunks } = endless()
    server.onGenerate(chunks)
    for await (const part of make().generate(sampleRequest, {})) {
      expect(part).toMatchObject({ type: 'text', text: 'more ' })
      break
    }
    await vi.waitFor(() => expect(state.ended).toBe(true))
  })

  it('ends the HTTP call when the signal aborts', async () => {
    const { state, chunks } = endless()
    server.onGenerate(chunks)
    const abort = new AbortController()
    let seen = 0
    const run = async () => {
      for await (const _ of make().generate(sampleRequest, { signal: abort.signal })) {
        seen++
        if (seen === 3) setTimeout(() => abort.abort(), 1)
      }
    }
    await expect(run()).rejects.toMatchObject({ code: 'CANCELLED' })
    await vi.waitFor(() => expect(state.ended).toBe(true))
  })
})

describe('an answer that stops', () => {
  const half = { candidates: [{ content: { role: 'model', parts: [{ text: 'half an' }] }, index: 0 }] }

  async function streamed(chunks: () => AsyncGenerator<GenerateContentResponse>, options = {}) {
    server.onGenerate(chunks)
    const texts: string[] = []
    const run = async () => {
      for await (const part of make(options).generate(sampleRequest, {})) {
        if (part.type === 'text') texts.push(part.text)
      }
    }
    const error = await run().then(
      () => undefined,
      (thrown) => thrown,
    )
    return { text: texts.join(''), error }
  }

  it('without a reason is incomplete, after its words were given', async () => {
    const { text, error } = await streamed(async function* () {
      yield half
    })
    expect(text).toBe('half an')
    expect(error).toMatchObject({ name: 'GemdexError', code: 'INCOMPLETE', retryable: true })
  })

  it('with the connection is incomplete', async () => {
    const { text, error } = await streamed(async function* () {
      yield half
      await sleep(20)
      throw new Error('cut')
    })
    expect(text).toBe('half an')
    expect(error).toMatchObject({ code: 'INCOMPLETE' })
    expect(error.message).toContain(MODEL)
  })

  it('with an error event is that error', async () => {
    const { text, error } = await streamed(async function* () {
      yield half
      yield { error: { code: 503, message: 'high demand', status: 'UNAVAILABLE' } }
    })
    expect(text).toBe('half an')
    expect(error).toMatchObject({ code: 'UNAVAILABLE', retryable: true })
    expect(error.message).toContain('high demand')
  })

  it('in silence ends after the idle time', async () => {
    const { text, error } = await streamed(
      async function* () {
        yield half
        await sleep(1000)
      },
      { idleMs: 60 },
    )
    expect(text).toBe('half an')
    expect(error).toMatchObject({ code: 'TIMEOUT', retryable: true })
    expect(error.message).toContain('did not go on within 0.06 s')
  })

  it('after its end is whole all the same', async () => {
    const { text, error } = await streamed(
      async function* () {
        yield answers.text('whole')
        await sleep(1000)
      },
      { idleMs: 60 },
    )
    expect(text).toBe('whole')
    expect(error).toBeUndefined()
  })

  it('does not run the clock while the reader is busy', async () => {
    // The server still streams when the reader's first pauses have outlasted the idle time.
    server.onGenerate(async function* () {
      for (let chunk = 1; chunk <= 5; chunk++) {
        yield { candidates: [{ content: { role: 'model', parts: [{ text: `${chunk} ` }] }, index: 0 }] }
        await sleep(40)
      }
      yield answers.text('end')
    })
    let text = ''
    for await (const part of make({ idleMs: 60 }).generate(sampleRequest, {})) {
      if (part.type === 'text') text += part.text
      await sleep(80)
    }
    expect(text).toBe('1 2 3 4 5 end')
  })

  it('in the middle of an event is incomplete, whatever was cut', async () => {
    server.onGenerate(() => answers.chunked('a long enough answer to be cut somewhere', 4))
    server.failNext(faults.cutBody())
    await expect(ask()).rejects.toMatchObject({ code: 'INCOMPLETE' })
  })
})
