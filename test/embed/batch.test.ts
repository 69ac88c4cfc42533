import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type BatchLimits, countFitting, sizeOf } from '../../src/embed/batch.js'
import type { EmbedInput } from '../../src/embed/embedder.js'
import { estimateTokens } from '../../src/text/estimate-tokens.js'

const texts = (count: number, text = 'short') => Array.from({ length: count }, () => ({ text }))
const sizes = (batches: ReturnType<typeof splitIntoBatches>) => batches.map(({ inputs }) => inputs.length)

/** Fills batch after batch, as the queue does when everything is there at once. */
function splitIntoBatches(inputs: readonly EmbedInput[], limits: BatchLimits) {
  const measured = inputs.map(sizeOf)
  const batches: { start: number; inputs: readonly EmbedInput[] }[] = []
  for (let start = 0; start < inputs.length; ) {
    const end = start + countFitting(measured.slice(start, start + limits.maxCount), limits)
    batches.push({ start, inputs: inputs.slice(start, end) })
    start = end
  }
  return batches
}

describe('what fits a request', () => {
  it('splits by count', () => {
    expect(sizes(splitIntoBatches(texts(250), { maxCount: 100 }))).toEqual([100, 100, 50])
    expect(sizes(splitIntoBatches(texts(100), { maxCount: 100 }))).toEqual([100])
    expect(splitIntoBatches([], { maxCount: 100 })).toEqual([])
  })

  it('splits by estimated tokens, those of titles included', () => {
    const text = 'word '.repeat(100)
    const perBatch = Math.floor(1000 / estimateTokens(text))
    expect(splitIntoBatches(texts(50, text), { maxCount: 100, maxTokens: 1000 })[0]?.inputs).toHaveLength(
      perBatch,
    )
    const titled = texts(50).map((input) => ({ ...input, title: text }))
    expect(
      splitIntoBatches(titled, { maxCount: 100, maxTokens: 1000 })[0]?.inputs.length,
    ).toBeLessThanOrEqual(perBatch)
  })

  it('splits by bytes as JSON has them', () => {
    // A control character is one character here and six bytes in JSON.
    const batches = splitIntoBatches(texts(10, '\u0001'.repeat(1000)), { maxCount: 100, maxBytes: 13_000 })
    expect(sizes(batches)).toEqual([2, 2, 2, 2, 2])
  })

  it('sends what is too large by itself alone', () => {
    const inputs = [{ text: 'a' }, { text: 'b'.repeat(200_000) }, { text: 'c' }]
    expect(sizes(splitIntoBatches(inputs, { maxCount: 100 }))).toEqual([1, 1, 1])
  })

  it('keeps everything in order and within the limits', () => {
    const input = fc.record({ text: fc.string({ maxLength: 200 }), title: fc.string({ maxLength: 20 }) })
    fc.assert(
      fc.property(fc.array(input, { maxLength: 40 }), fc.integer({ min: 1, max: 10 }), (inputs, maxCount) => {
        const batches = splitIntoBatches(inputs, { maxCount, maxTokens: 100, maxBytes: 2000 })
        expect(batches.flatMap((batch) => batch.inputs)).toEqual(inputs)
        let start = 0
        for (const batch of batches) {
          expect(batch.start).toBe(start)
          expect(batch.inputs.length).toBeGreaterThan(0)
          expect(batch.inputs.length).toBeLessThanOrEqual(maxCount)
          if (batch.inputs.length > 1)
            expect(Buffer.byteLength(JSON.stringify(batch.inputs))).toBeLessThan(2000)
          start += batch.inputs.length
        }
      }),
    )
  })
})
