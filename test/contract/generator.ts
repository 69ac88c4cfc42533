import { beforeAll, describe, expect, it } from 'vitest'
import type { GeneratePart, GenerateRequest, Generator } from '../../src/answer/generator.js'
import { analyze } from '../../src/text/analyze.js'

const PASSAGE = 'The heat pump warms the whole house in winter. It was installed in 2021 by a local firm.'

/** A request that any generator can answer: the prompt and, as data, the passage that holds the answer. */
export const sampleRequest: GenerateRequest = {
  system: 'Answer from the passages only and cite them like [1].',
  messages: [
    {
      role: 'user',
      text: `Passages:\n[1] Heating\n${PASSAGE}\n\nQuestion: When was the heat pump installed?`,
    },
  ],
  grounding: {
    question: 'When was the heat pump installed?',
    passages: [{ number: 1, title: 'Heating', text: PASSAGE }],
    termWeights: new Map(analyze('heat pump installed').map(({ term }) => [term, 1])),
  },
  settings: {},
  safety: [],
}

/** All parts of an answer. */
export async function collect(parts: AsyncIterable<GeneratePart>): Promise<GeneratePart[]> {
  const all: GeneratePart[] = []
  for await (const part of parts) all.push(part)
  return all
}

/** The text of one candidate. */
export function textOf(parts: readonly GeneratePart[], candidate = 0): string {
  return parts.map((part) => (part.type === 'text' && part.candidate === candidate ? part.text : '')).join('')
}

/** What every generator promises. `makeGenerator` is called once; what it needs must be up by then. */
export function describeGenerator(name: string, makeGenerator: () => Generator | Promise<Generator>): void {
  describe(`generator: ${name}`, () => {
    let generator: Generator
    beforeAll(async () => {
      generator = await makeGenerator()
    })

    it('says what it is and what it takes', () => {
      expect(generator.modelId).not.toBe('')
      expect(generator.maxInputTokens).toBeGreaterThan(0)
      expect(typeof generator.extractive).toBe('boolean')
    })

    it('yields text and ends with exactly one finish', async () => {
      const parts = await collect(generator.generate(sampleRequest, {}))
      expect(textOf(parts)).not.toBe('')
      expect(parts.filter((part) => part.type === 'finish')).toHaveLength(1)
      expect(parts.at(-1)).toMatchObject({ type: 'finish', kind: 'stop', reason: expect.stringMatching(/./) })
      for (const part of parts) if (part.type === 'text') expect(part.text).not.toBe('')
    })

    it('answers the same request again', async () => {
      expect(textOf(await collect(generator.generate(sampleRequest, {})))).not.toBe('')
      expect(textOf(await collect(generator.generate(sampleRequest, {})))).not.toBe('')
    })

    it('can be left early', async () => {
      for await (const part of generator.generate(sampleRequest, {})) {
        expect(part.type).toBe('text')
        break
      }
    })

    it('does nothing when the signal is already aborted', async () => {
      const parts = collect(generator.generate(sampleRequest, { signal: AbortSignal.abort() }))
      await expect(parts).rejects.toMatchObject({ name: 'GemdexError', code: 'CANCELLED', retryable: false })
    })

    it('stops when the signal aborts during the answer', async () => {
      const abort = new AbortController()
      const parts: GeneratePart[] = []
      const run = async () => {
        for await (const part of generator.generate(sampleRequest, { signal: abort.signal })) {
          parts.push(part)
          abort.abort()
        }
      }
      await expect(run()).rejects.toMatchObject({ code: 'CANCELLED' })
      expect(parts.map((part) => part.type)).not.toContain('finish')
    })
  })
}
