import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import type { GeneratePart } from '../../src/answer/generator.js'
import { createGeminiClient } from '../../src/gemini/client.js'
import { createGeminiGenerator } from '../../src/gemini/generator.js'
import { collect, sampleRequest, textOf } from '../contract/generator.js'
import { seededRandom } from '../helpers/seeded-random.js'

const TEXTS = ['Größe: 1,5 °C [1]. ', '東京は', '\u{1f600}\r\n\r\ndata: {"a":1}', ' end [2].']

/** A streamed answer as the API sends it, whose texts hold what separates events, and characters of one to four bytes. */
function bodyOf(lineBreak: string): Uint8Array {
  const events = TEXTS.map((text, i) => ({
    candidates: [
      {
        content: { role: 'model', parts: [{ text }] },
        index: 0,
        ...(i === TEXTS.length - 1 ? { finishReason: 'STOP' } : {}),
      },
    ],
    usageMetadata: { promptTokenCount: 7, candidatesTokenCount: i + 1, totalTokenCount: i + 8 },
  }))
  const lines = events.map((event) => `data: ${JSON.stringify(event)}${lineBreak}${lineBreak}`)
  return new TextEncoder().encode(lines.join(''))
}

let chunks: readonly Uint8Array[] = []

beforeEach(() => {
  vi.stubGlobal('fetch', async () => {
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        for (const chunk of chunks) controller.enqueue(chunk)
        controller.close()
      },
    })
    return new Response(body, { headers: { 'content-type': 'text/event-stream' } })
  })
})
afterEach(() => vi.unstubAllGlobals())

const generator = createGeminiGenerator({
  client: createGeminiClient({ apiKey: 'k', baseUrl: 'http://127.0.0.1:1' }),
  modelId: 'gemini-3.8-flash',
})

async function read(body: Uint8Array, cuts: readonly number[]): Promise<GeneratePart[]> {
  const bounds = [0, ...cuts, body.length]
  chunks = bounds.slice(1).map((end, i) => body.slice(bounds[i], end))
  return collect(generator.generate(sampleRequest, {}))
}

const usage = { promptTokens: 7, answerTokens: 4, thinkingTokens: 0, totalTokens: 11 }

it.each([
  ['CR LF', '\r\n'],
  ['LF', '\n'],
])('an answer whose events end with %s is the same wherever it is split', async (_, lineBreak) => {
  const body = bodyOf(lineBreak)
  const whole = await read(body, [])
  expect(textOf(whole)).toBe(TEXTS.join(''))
  expect(whole.at(-1)).toEqual({ type: 'finish', kind: 'stop', reason: 'STOP', usage })
  for (let cut = 1; cut < body.length; cut++) expect(await read(body, [cut])).toEqual(whole)
  const everyByte = Array.from({ length: body.length - 1 }, (_, i) => i + 1)
  expect(await read(body, everyByte)).toEqual(whole)
})

it('and into however many pieces', async () => {
  const random = seededRandom(7)
  const body = bodyOf('\r\n')
  const whole = await read(body, [])
  for (let run = 0; run < 200; run++) {
    const share = random()
    const cuts = Array.from({ length: body.length - 1 }, (_, i) => i + 1).filter(() => random() < share)
    expect(await read(body, cuts)).toEqual(whole)
  }
})
