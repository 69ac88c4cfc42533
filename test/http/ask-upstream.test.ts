import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { openEngine } from '../../src/compose.js'
import { loadConfig } from '../../src/config.js'
import type { SearchEngine } from '../../src/engine.js'
import {
  type GeminiServer,
  type GenerateContentRequest,
  type GenerateContentResponse,
  startGeminiServer,
} from '../helpers/gemini-server.js'
import { parseEvents, post, serve } from './serve.js'

/** The whole way of an answer by real HTTP: a client, the service, an index, the API. */

const TEXT = 'The heat pump was installed in 2021 by the firm Keller. It is quiet.'
const question = 'Who installed the heat pump?'
const accept = { accept: 'text/event-stream' }

let gemini: GeminiServer
let folder: string
let engine: SearchEngine

beforeAll(async () => {
  gemini = await startGeminiServer()
  folder = mkdtempSync(join(tmpdir(), 'gemdex-upstream-'))
  const env = {
    GOOGLE_API_KEY: gemini.apiKey,
    GEMINI_BASE_URL: gemini.url,
    GEMDEX_DB: join(folder, 'index.db'),
  }
  engine = await openEngine(loadConfig({ env, cwd: folder }), { ifMissing: 'create', threads: false })
  await engine.push({ uri: 'heating.md', title: 'Heating', bytes: Buffer.from(TEXT) })
})
beforeEach(() => gemini.reset())
afterAll(async () => {
  await engine.close()
  await gemini.close()
  rmSync(folder, { recursive: true })
})

const chunk = (text: string, finishReason?: string): GenerateContentResponse => ({
  candidates: [
    { content: { role: 'model', parts: [{ text }] }, index: 0, ...(finishReason && { finishReason }) },
  ],
})

/** A model that says `first`, and goes on when it is let. */
function holding(first: string, rest: string) {
  let release = () => {}
  const released = new Promise<void>((resolve) => {
    release = resolve
  })
  gemini.onGenerate(async function* () {
    yield chunk(first)
    await released
    yield chunk(rest, 'STOP')
  })
  return { release }
}

/** A model that never ends; `hasEnded` tells that nobody listens to it any more. */
function endless() {
  const state = { hasBegun: false, hasEnded: false }
  gemini.onGenerate(async function* () {
    try {
      for (;;) {
        state.hasBegun = true
        yield chunk('The heat pump ')
        await new Promise((resolve) => setTimeout(resolve, 3))
      }
    } finally {
      state.hasEnded = true
    }
  })
  return state
}

test.each(['The heat pump was', '**In 2021** by', 'Die Wärmepumpe', '熱ポンプは', 'The'])(
  'what the model says first ("%s") is there before it says more',
  async (first) => {
    const model = holding(first, ' installed by the firm Keller [1].')
    const { url } = await serve(engine)
    const response = await post(`${url}/v1/ask`, { question }, accept)
    const reader = response.body?.getReader()
    const decoder = new TextDecoder()
    let seen = ''
    // Would wait for ever if the service did.
    while (!/event: delta\n.*\n\n/.test(seen)) {
      const { value, done } = (await reader?.read()) ?? { done: true }
      if (done) throw new Error(`It ended without a word: ${seen}`)
      seen += decoder.decode(value, { stream: true })
    }
    const [sources, delta] = parseEvents(seen.slice(0, seen.lastIndexOf('\n\n') + 2))
    expect(sources).toMatchObject({ event: 'sources', data: { sources: [{ uri: 'heating.md' }] } })
    const said = (delta?.data as { text?: string } | undefined)?.text ?? ''
    expect(said).not.toBe('')
    expect(first.startsWith(said)).toBe(true)
    model.release()
    await reader?.cancel()
  },
)

test.each([
  ['a stream', accept],
  ['JSON', {}],
])(
  'a client that leaves %s stops the call to the model, and its turn is kept as stopped',
  async (_, headers) => {
    const { url } = await serve(engine)
    const { id } = (await (await post(`${url}/v1/sessions`, {})).json()) as { id: string }
    const model = endless()
    const abort = new AbortController()
    const leaving = fetch(`${url}/v1/ask`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify({ question, sessionId: id }),
      signal: abort.signal,
    }).then((response) => response.text())
    await expect.poll(() => model.hasBegun).toBe(true)
    abort.abort()
    await expect(leaving).rejects.toThrow()
    await expect.poll(() => model.hasEnded).toBe(true)
    const turns = async () => (await engine.sessions.get(id)).turns
    await expect.poll(turns).toMatchObject([{ status: 'failed', errorCode: 'CANCELLED' }])
  },
)

test('what a request sets of generation and safety is sent, for that request alone', async () => {
  const bodies: GenerateContentRequest[] = []
  gemini.onGenerate((body) => {
    bodies.push(body)
    return chunk('The firm Keller installed the heat pump [1].', 'STOP')
  })
  const { url } = await serve(engine)
  const asked = {
    question,
    generation: { maxOutputTokens: 99, stopSequences: ['END'], temperature: 0, topP: 0.5, topK: 4 },
    safety: [{ category: 'HARASSMENT', threshold: 'BLOCK_ONLY_HIGH' }],
  }
  expect(await (await post(`${url}/v1/ask`, asked)).json()).toMatchObject({ status: 'answered' })
  await post(`${url}/v1/ask`, { question })
  expect(
    bodies.map(({ generationConfig, safetySettings }) => ({ generationConfig, safetySettings })),
  ).toEqual([
    {
      generationConfig: asked.generation,
      safetySettings: [{ category: 'HARM_CATEGORY_HARASSMENT', threshold: 'BLOCK_ONLY_HIGH' }],
    },
    { generationConfig: {}, safetySettings: [] },
  ])
})

test('all candidates that were asked for are in the answer, the first one as the answer', async () => {
  const said = ['The firm Keller installed the heat pump [1].', 'Keller [1][7]. https://collector.example']
  gemini.onGenerate(() => ({
    candidates: said.map((text, index) => ({ ...chunk(text, 'STOP').candidates?.[0], index })),
  }))
  const { url } = await serve(engine)
  const response = await post(`${url}/v1/ask`, { question, generation: { candidates: 2 } })
  expect(await response.json()).toMatchObject({
    status: 'answered',
    answer: said[0],
    candidates: [said[0], 'Keller [1]. ‹link removed›'],
  })
})
