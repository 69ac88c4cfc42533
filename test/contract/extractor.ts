import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Extractor, isSkipped } from '../../src/extract/extractor.js'
import { expectSound, extractedOf, limits } from '../extract/expect-sound.js'

/** A file that the extractor must read. Its text, or what is attached to it, has the words `contains`. */
export type ExtractorSample = { readonly name: string; readonly bytes: Uint8Array; readonly contains: string }

/** What every extractor keeps to, whatever its format. */
export function describeExtractor(name: string, extractor: Extractor, sample: ExtractorSample): void {
  describe(`${name} keeps the contract of Extractor`, () => {
    test('accepts and reads its sample, with sound blocks', async () => {
      expect(extractor.accepts({ name: sample.name, head: sample.bytes.subarray(0, 4096) })).toBe(true)
      const extracted = extractedOf(await extractor.extract(sample.bytes, { name: sample.name, limits }))
      const attached = (extracted.attachments ?? []).map(({ bytes }) => new TextDecoder().decode(bytes))
      expect([extracted.text, ...attached].join('\n')).toContain(sample.contains)
      expect(extracted.type).toMatch(/^[a-z]+\/[a-z0-9.+-]+$/)
      expect(extracted.metadata).toEqual(JSON.parse(JSON.stringify(extracted.metadata)))
      expectSound(extracted)
    })

    test('does not accept another format under its own name', () => {
      const pdf = new TextEncoder().encode('%PDF-1.7\n')
      expect(extractor.accepts({ name: sample.name, head: pdf })).toBe(extractor.format === 'PDF')
    })

    test('gives the same for the same bytes and leaves them alone', async () => {
      const bytes = Uint8Array.from(sample.bytes)
      const first = await extractor.extract(bytes, { name: sample.name, limits })
      expect(await extractor.extract(bytes, { name: sample.name, limits })).toEqual(first)
      expect(bytes).toEqual(sample.bytes)
    })

    test('throws CANCELLED when the signal is aborted', async () => {
      const signal = AbortSignal.abort()
      const cancelled = extractor.extract(sample.bytes, { name: sample.name, limits, signal })
      await expect(cancelled).rejects.toMatchObject({ code: 'CANCELLED' })
    })

    test('turns any bytes into a result, or says what is wrong with them', async () => {
      await fc.assert(
        fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), async (bytes) => {
          const result = await extractor
            .extract(bytes, { name: sample.name, limits })
            .catch((thrown) => thrown)
          if (result instanceof Error || isSkipped(result)) expect(result.message).not.toBe('')
          else expectSound(result)
        }),
        { numRuns: 100 },
      )
    })
  })
}
