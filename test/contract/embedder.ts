import { beforeAll, describe, expect, it } from 'vitest'
import type { Embedder } from '../../src/embed/embedder.js'
import type { EmbedRole } from '../../src/types.js'

const ROLES: readonly EmbedRole[] = [
  'document',
  'query',
  'question',
  'fact',
  'code',
  'similarity',
  'classification',
  'clustering',
]

const TEXTS = [
  'The heat pump warms the whole house in winter and needs little electricity.',
  'Minutes of the annual meeting of the football club, taken by the secretary.',
  'Bake the bread for forty minutes until the crust is brown.',
].map((text) => ({ text }))

/** The cosine of two unit-length vectors. */
export function cosine(a: Float32Array | undefined, b: Float32Array | undefined): number {
  if (!a || !b) throw new Error('a vector is missing')
  return a.reduce((sum, value, index) => sum + value * (b[index] ?? 0), 0)
}

/** What every embedder promises. `makeEmbedder` is called once; what it needs must be up by then. */
export function describeEmbedder(name: string, makeEmbedder: () => Embedder | Promise<Embedder>): void {
  describe(`embedder: ${name}`, () => {
    let embedder: Embedder
    beforeAll(async () => {
      embedder = await makeEmbedder()
    })

    it('says what it is and what it takes', () => {
      expect(embedder.identity.modelId).not.toBe('')
      expect(embedder.identity.dimensions).toBeGreaterThan(0)
      expect(embedder.identity.roles).toMatch(/^[a-z-]+\/\d+$/)
      expect(embedder.maxBatch).toBeGreaterThan(0)
      expect(embedder.maxInputTokens).toBeGreaterThan(0)
      const { unrelated, related } = embedder.relevanceRange
      expect(related).toBeGreaterThan(unrelated)
      expect(related).toBeLessThanOrEqual(1)
    })

    it.each(ROLES)('gives one unit-length vector per text in the role %s', async (role) => {
      const vectors = await embedder.embed(TEXTS, { role })
      expect(vectors).toHaveLength(TEXTS.length)
      for (const vector of vectors) {
        expect(vector).toBeInstanceOf(Float32Array)
        expect(vector).toHaveLength(embedder.identity.dimensions)
        expect(Math.hypot(...vector)).toBeCloseTo(1, 3)
      }
    })

    it('keeps the order: a text has its vector wherever it stands', async () => {
      const forwards = await embedder.embed(TEXTS, { role: 'document' })
      const backwards = await embedder.embed([...TEXTS].reverse(), { role: 'document' })
      forwards.forEach((vector, index) => {
        expect(cosine(vector, backwards[TEXTS.length - 1 - index])).toBeGreaterThan(0.999)
      })
    })

    it('gives the same vector for the same text', async () => {
      const [first, second] = await embedder.embed(
        [TEXTS[0], TEXTS[0]].flatMap((text) => text ?? []),
        {
          role: 'query',
        },
      )
      const [alone] = await embedder.embed(TEXTS.slice(0, 1), { role: 'query' })
      expect(first).toEqual(second)
      expect(first).toEqual(alone)
    })

    it('takes titles', async () => {
      const titled = TEXTS.map(({ text }, index) => ({ text, title: `Document ${index}` }))
      for (const role of ROLES) {
        expect(await embedder.embed(titled, { role })).toHaveLength(TEXTS.length)
      }
    })

    it('takes a whole batch, and nothing at all', async () => {
      const many = Array.from({ length: embedder.maxBatch }, (_, index) => ({ text: `text number ${index}` }))
      expect(await embedder.embed(many, { role: 'document' })).toHaveLength(embedder.maxBatch)
      expect(await embedder.embed([], { role: 'document' })).toEqual([])
    })

    it('puts a query nearer to the text that answers it', async () => {
      const documents = await embedder.embed(TEXTS, { role: 'document' })
      const [query] = await embedder.embed([{ text: 'heat pump for the house in winter' }], { role: 'query' })
      const [near, ...far] = documents.map((document) => cosine(query, document))
      expect(near).toBeGreaterThan(Math.max(...far))
    })

    it('does nothing when the signal is already aborted', async () => {
      const signal = AbortSignal.abort()
      await expect(embedder.embed(TEXTS, { role: 'document', signal })).rejects.toMatchObject({
        name: 'GemdexError',
        code: 'CANCELLED',
        retryable: false,
      })
    })
  })
}
