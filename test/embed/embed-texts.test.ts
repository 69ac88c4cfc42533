import { describe, expect, it } from 'vitest'
import { type EmbeddedText, embedTexts } from '../../src/embed/embed-texts.js'
import type { Embedder, EmbedInput } from '../../src/embed/embedder.js'
import { createPacer, UNLIMITED_PACE } from '../../src/embed/pace.js'
import { GemdexError, throwIfAborted } from '../../src/errors.js'
import { createGeminiClient } from '../../src/gemini/client.js'
import { createGeminiEmbedder } from '../../src/gemini/embedder.js'
import { faults, startGeminiServer } from '../helpers/gemini-server.js'
import { virtualClock } from './virtual-clock.js'

const inputs = Array.from({ length: 10 }, (_, index) => ({ text: String(index) }))

/** The vector of text "7" is [7]: enough to see whose it is. */
function fakeEmbedder(before: (texts: readonly EmbedInput[]) => Promise<void> = async () => {}): Embedder {
  return {
    identity: { provider: 'local', modelId: 'fake', dimensions: 1, roles: 'none/1' },
    maxBatch: 2,
    maxInputTokens: 100,
    semantic: false,
    relevanceRange: { unrelated: 0, related: 1 },
    async embed(texts, { signal }) {
      throwIfAborted(signal)
      await before(texts)
      return texts.map(({ text }) => new Float32Array([Number(text)]))
    },
  }
}

/** Promises that are settled by hand, by the first text of the batch that waits for them. */
function gates() {
  const waiting = new Map<string, { open: () => void; fail: (error: unknown) => void }>()
  return {
    waiting: () => [...waiting.keys()],
    at: (first: string) => {
      const gate = waiting.get(first)
      if (!gate) throw new Error(`nobody waits at ${first}`)
      waiting.delete(first)
      return gate
    },
    wait: ([first]: readonly EmbedInput[]) =>
      new Promise<void>((open, fail) => void waiting.set(first?.text ?? '', { open, fail })),
  }
}

const settle = () => new Promise<void>((resolve) => setImmediate(resolve))

describe('embedTexts', () => {
  it('gives the vectors in the order of the texts though batches end in another', async () => {
    const gate = gates()
    const arrived: EmbeddedText[][] = []
    const run = embedTexts(fakeEmbedder(gate.wait), inputs, {
      role: 'document',
      concurrency: 5,
      onBatch: (batch) => void arrived.push([...batch]),
    })
    await settle()
    for (const first of ['8', '2', '0', '6', '4']) {
      gate.at(first).open()
      await settle()
    }
    expect((await run).map(([value]) => value)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
    expect(arrived.map((batch) => batch.map(({ index }) => index))).toEqual([
      [8, 9],
      [2, 3],
      [0, 1],
      [6, 7],
      [4, 5],
    ])
    for (const { index, vector } of arrived.flat()) expect(vector[0]).toBe(index)
  })

  it('runs no more requests at a time than it may', async () => {
    const gate = gates()
    const run = embedTexts(fakeEmbedder(gate.wait), inputs, { role: 'document', concurrency: 2 })
    const seen: string[][] = []
    for (const first of ['0', '2', '4', '6', '8']) {
      await settle()
      seen.push(gate.waiting())
      gate.at(first).open()
    }
    await run
    expect(seen).toEqual([['0', '2'], ['2', '4'], ['4', '6'], ['6', '8'], ['8']])
  })

  it('gives nothing for nothing', async () => {
    expect(await embedTexts(fakeEmbedder(), [], { role: 'document' })).toEqual([])
  })

  it('tries a batch again, and hands it over once', async () => {
    let failures = 2
    const embedder = fakeEmbedder(async () => {
      if (failures-- > 0) throw new GemdexError('UNAVAILABLE', 'busy', { retryable: true })
    })
    const indices: number[] = []
    const onBatch = (batch: readonly EmbeddedText[]) => void indices.push(...batch.map(({ index }) => index))
    const clock = virtualClock()
    const vectors = await clock.run(embedTexts(embedder, inputs, { role: 'document', clock, onBatch }))
    expect(vectors.map(([value]) => value)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
    expect(indices.sort()).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
  })

  it('lets begun batches finish when one fails for good, and begins no other', async () => {
    const gate = gates()
    const kept: number[] = []
    const run = embedTexts(fakeEmbedder(gate.wait), inputs, {
      role: 'document',
      concurrency: 3,
      onBatch: async (batch) => {
        await settle()
        kept.push(...batch.map(({ index }) => index))
      },
    })
    const outcome = run.catch((error) => error)
    await settle()
    const quota = new GemdexError('QUOTA_EXHAUSTED', 'used up')
    gate.at('2').fail(quota)
    await settle()
    gate.at('0').open()
    gate.at('4').open()
    expect(await outcome).toMatchObject({ code: 'QUOTA_EXHAUSTED', message: 'used up' })
    expect(kept.sort()).toEqual([0, 1, 4, 5])
    expect(gate.waiting()).toEqual([])
  })

  it('ends the waits of other batches when one fails for good', async () => {
    const embedder = fakeEmbedder(async ([first]) => {
      if (first?.text === '0')
        throw new GemdexError('RATE_LIMITED', 'wait', { retryable: true, retryAfterMs: 60_000 })
      await settle()
      throw new GemdexError('KEY_REFUSED', 'no')
    })
    await expect(embedTexts(embedder, inputs, { role: 'document' })).rejects.toMatchObject({
      code: 'KEY_REFUSED',
    })
  })

  it('fails when a batch cannot be kept, without sending it again', async () => {
    let requests = 0
    const embedder = fakeEmbedder(async () => void requests++)
    const full = new GemdexError('STORE_BUSY', 'busy', { retryable: true })
    const onBatch = () => {
      throw full
    }
    const run = embedTexts(embedder, inputs, { role: 'document', concurrency: 1, onBatch })
    await expect(run).rejects.toBe(full)
    expect(requests).toBe(1)
  })

  it('names a text that cannot be embedded by its beginning, or tells of it and goes on', async () => {
    const bad = { text: `8${'\n'}${'long '.repeat(30)}` }
    const embedder = fakeEmbedder(async (texts) => {
      if (texts.includes(bad)) throw new GemdexError('REQUEST_REFUSED', 'no such text')
    })
    const mixed = [...inputs.slice(0, 5), bad, { text: '' }, ...inputs.slice(5)]
    const error = await embedTexts(embedder, mixed, { role: 'document' }).catch((thrown) => thrown)
    expect(error).toMatchObject({ code: 'REQUEST_REFUSED', inputIndex: 6 })
    const named = await embedTexts(embedder, [bad], { role: 'document' }).catch((thrown) => thrown)
    expect(/"(.*)"/.exec(named.message)?.[1]).toMatch(/^8 long long .{1,49}…$/)

    const refused: (readonly [number, string])[] = []
    const vectors = await embedTexts(embedder, mixed, {
      role: 'document',
      onRefused: (index, reason) => void refused.push([index, reason]),
    })
    expect(vectors.map(([value]) => value)).toEqual([0, 1, 2, 3, 4, undefined, undefined, 5, 6, 7, 8, 9])
    expect(refused.sort()).toEqual([
      [5, 'no such text'],
      [6, 'it is empty'],
    ])
  })

  it('is cancelled before and during', async () => {
    const before = embedTexts(fakeEmbedder(), inputs, { role: 'document', signal: AbortSignal.abort() })
    await expect(before).rejects.toMatchObject({ code: 'CANCELLED' })

    const abort = new AbortController()
    let requests = 0
    const embedder = fakeEmbedder(async () => {
      if (++requests === 2) abort.abort()
    })
    const during = embedTexts(embedder, inputs, { role: 'document', signal: abort.signal, concurrency: 1 })
    await expect(during).rejects.toMatchObject({ code: 'CANCELLED' })
    expect(requests).toBe(2)
  })
})

describe('embedTexts over HTTP', () => {
  it('brings 250 texts through faults, in three batches', async () => {
    const server = await startGeminiServer()
    try {
      server.failNext(faults.unavailable())
      server.failNext(faults.rateLimited({ retryDelaySeconds: 2 }))
      server.failNext(faults.brokenJson())
      const client = createGeminiClient({ apiKey: server.apiKey, baseUrl: server.url })
      const embedder = createGeminiEmbedder({ client, modelId: 'gemini-embedding-001' })
      const clock = virtualClock({ random: 0.5, idleTurns: Number.POSITIVE_INFINITY })
      const pacer = createPacer({ name: 'm', assumed: UNLIMITED_PACE, clock })
      const many = Array.from({ length: 250 }, (_, index) => ({ text: `text number ${index}` }))

      const vectors = await clock.run(embedTexts(embedder, many, { role: 'document', pacer, clock }))
      expect(vectors).toHaveLength(250)
      expect(Math.max(...clock.waits)).toBeGreaterThanOrEqual(2000)
      expect(pacer.limits().perMinute).toBe(100)
      expect(server.requests).toHaveLength(6)
      expect(server.embedTexts()).toHaveLength(250)
      const [again] = await embedder.embed([{ text: 'text number 142' }], { role: 'document' })
      expect(vectors[142]).toEqual(again)
    } finally {
      await server.close()
    }
  })
})
