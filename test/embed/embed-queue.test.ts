import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { BadVectorsError } from '../../src/embed/check-vectors.js'
import { createEmbedQueue, type EmbedQueueOptions } from '../../src/embed/embed-queue.js'
import type { Embedder, EmbedInput } from '../../src/embed/embedder.js'
import { createPacer, EMBEDDING_PACE, UNLIMITED_PACE } from '../../src/embed/pace.js'
import { GemdexError } from '../../src/errors.js'
import { type VirtualClock, virtualClock } from './virtual-clock.js'

type Answer = (texts: readonly EmbedInput[]) => Promise<void> | void

/** An embedder that takes 200 ms, and notes what it was sent and how many requests were under way. */
function slowEmbedder(clock: VirtualClock, answer: Answer = () => {}, maxBatch = 100) {
  const log = { sent: [] as number[], inFlight: 0, samples: [] as { atMs: number; inFlight: number }[] }
  const note = (change: number) => {
    log.inFlight += change
    log.samples.push({ atMs: clock.now(), inFlight: log.inFlight })
  }
  const embedder: Embedder = {
    identity: { provider: 'local', modelId: 'slow', dimensions: 1, roles: 'none/1' },
    maxBatch,
    maxInputTokens: 100,
    semantic: false,
    relevanceRange: { unrelated: 0, related: 1 },
    async embed(texts) {
      log.sent.push(texts.length)
      note(1)
      await clock.sleep(200, undefined)
      note(-1)
      await answer(texts)
      return texts.map(({ text }) => new Float32Array([Number(text)]))
    },
  }
  return { embedder, log }
}

function setUp(options: Partial<EmbedQueueOptions> & { answer?: Answer; maxBatch?: number } = {}) {
  const { answer, maxBatch, ...rest } = options
  const clock = virtualClock({ random: 0.5 })
  const { embedder, log } = slowEmbedder(clock, answer, maxBatch)
  const queue = createEmbedQueue({ embedder, role: 'document', clock, ...rest })
  return { clock, log, queue }
}

const input = (index: number) => ({ text: String(index) })
const inputs = (count: number) => Array.from({ length: count }, (_, index) => input(index))
const refusal = (facts = {}) => new GemdexError('REQUEST_REFUSED', 'HTTP 400', facts)

describe('a queue of texts', () => {
  it('sends full batches as texts arrive, and what is left when it is told to', async () => {
    const { clock, log, queue } = setUp()
    const outcomes = inputs(250).map((text) => queue.push(text))
    await clock.pass(1000)
    expect(log.sent).toEqual([100, 100])
    const late = queue.push(input(250))
    await clock.run(queue.flush())
    expect(log.sent).toEqual([100, 100, 51])
    const vectors = await Promise.all([...outcomes, late])
    expect(vectors).toEqual(inputs(251).map(({ text }) => ({ vector: new Float32Array([Number(text)]) })))
    expect(queue.stats).toEqual({ requests: 3, retries: 0, texts: 251, tokens: 251, refused: 0 })
  })

  it('keeps four requests under way as long as texts are pushed', async () => {
    const { clock, log, queue } = setUp({ onBatch: () => clock.sleep(50, undefined) })
    const startMs = clock.now()
    const push = async () => {
      for (let document = 0; document < 570; document++) {
        await queue.ready()
        for (const text of inputs(7)) void queue.push(text)
      }
      await queue.flush()
    }
    await clock.run(push())
    // 3990 texts in 40 requests, four at a time, 200 ms each, and 50 ms to keep the last ones.
    expect(clock.now() - startMs).toBeLessThanOrEqual(10 * 200 + 50)
    const later = log.samples.filter(({ atMs }) => atMs > startMs && atMs < startMs + 9 * 200 - 1)
    // Between the samples of one moment, some have ended and the next have not begun.
    const atEnds = new Map(later.map(({ atMs, inFlight }) => [atMs, inFlight]))
    expect([...new Set(atEnds.values())]).toEqual([4])
  })

  it('holds back whoever pushes faster than it sends', async () => {
    const { clock, log, queue } = setUp({ concurrency: 2 })
    let pushed = 0
    const push = async () => {
      for (; pushed < 3000; pushed++) {
        await queue.ready()
        void queue.push(input(pushed))
      }
    }
    const run = push()
    await clock.pass(100)
    expect(log.sent).toHaveLength(2)
    expect(pushed).toBeLessThanOrEqual(500)
    await clock.run(run)
    await clock.run(queue.flush())
    expect(queue.stats.texts).toBe(3000)
  })

  it('hands nothing out before it is kept', async () => {
    const events: string[] = []
    const { clock, queue } = setUp({
      onBatch: async (batch) => {
        await clock.sleep(1000, undefined)
        events.push(
          ...batch.map(({ index, input: { text }, vector: [value] }) => `${index} ${text} ${value}`),
        )
      },
    })
    void queue.push(input(7)).then(() => events.push('pushed 7'))
    await clock.run(queue.flush().then(() => events.push('flushed')))
    expect(events).toEqual(['0 7 7', 'pushed 7', 'flushed'])
  })

  it('makes batches no larger than the limits allow, and rests within them', async () => {
    const clock = virtualClock()
    const pacer = createPacer({ name: 'm', assumed: { ...EMBEDDING_PACE, perMinute: 30 }, clock })
    const { embedder, log } = slowEmbedder(clock)
    const queue = createEmbedQueue({ embedder, role: 'document', pacer, clock })
    const startMs = clock.now()
    for (const text of inputs(90)) void queue.push(text)
    await clock.run(queue.flush())
    expect(log.sent).toEqual([30, 30, 30])
    expect(clock.now() - startMs).toBeCloseTo(120_200, 0)
  })

  it('splits by half a minute of tokens', async () => {
    const clock = virtualClock()
    const pacer = createPacer({ name: 'm', assumed: { ...UNLIMITED_PACE, tokensPerMinute: 100 }, clock })
    const { embedder, log } = slowEmbedder(clock)
    const queue = createEmbedQueue({ embedder, role: 'document', pacer, clock })
    for (const text of inputs(120)) void queue.push(text)
    await clock.run(queue.flush())
    expect(log.sent).toEqual([50, 50, 20])
  })

  it('uses up what is left of the day, and says when it goes on', async () => {
    const clock = virtualClock()
    const usedToday = { day: '2026-11-22', requests: 850 }
    const pacer = createPacer({
      name: 'm',
      told: { perMinute: 1e6 },
      assumed: EMBEDDING_PACE,
      usedToday,
      clock,
    })
    const { embedder } = slowEmbedder(clock)
    const kept: number[] = []
    const queue = createEmbedQueue({
      embedder,
      role: 'document',
      pacer,
      clock,
      onBatch: (batch) => void kept.push(...batch.map(({ index }) => index)),
    })
    for (const text of inputs(400)) void queue.push(text)
    const error = await clock.run(queue.flush().catch((thrown) => thrown))
    expect(error).toMatchObject({ code: 'QUOTA_EXHAUSTED', resumeAtMs: Date.UTC(2026, 10, 23, 8) })
    expect(kept.length).toBeGreaterThanOrEqual(140)
    expect(pacer.usage().requests).toBe(850 + kept.length)
  })
})

describe('a text that cannot be embedded', () => {
  it('is found by halving wherever it is, and the others are kept', async () => {
    for (let bad = 0; bad < 100; bad++) {
      const answer: Answer = (texts) => {
        if (texts.some(({ text }) => Number(text) === bad)) throw refusal()
      }
      const { clock, log, queue } = setUp({ answer })
      const outcomes = inputs(100).map((text) => queue.push(text))
      const settled = await clock.run(Promise.all(outcomes))
      expect(settled.flatMap((outcome, index) => ('refused' in outcome ? [index] : []))).toEqual([bad])
      expect(log.sent.length).toBeLessThanOrEqual(9)
      expect(queue.stats).toMatchObject({ texts: 99, refused: 1 })
    }
  })

  it('is refused at once when the service names it', async () => {
    const answer: Answer = (texts) => {
      const inputIndex = texts.findIndex(({ text }) => ['17', '60', '61', '99'].includes(text))
      if (inputIndex >= 0) throw refusal({ inputIndex })
    }
    const { clock, log, queue } = setUp({ answer })
    const settled = await clock.run(Promise.all(inputs(100).map((text) => queue.push(text))))
    expect(settled.flatMap((outcome, index) => ('refused' in outcome ? [index] : []))).toEqual([
      17, 60, 61, 99,
    ])
    expect(log.sent).toEqual([100, 99, 98, 97, 96])
  })

  it('may be one of several, of any kind, and every other one is embedded once', async () => {
    const kind = fc.constantFrom('good', 'good', 'good', 'good', 'refused', 'no vector', 'empty')
    await fc.assert(
      fc.asyncProperty(
        fc.array(kind, { maxLength: 60 }),
        fc.integer({ min: 1, max: 20 }),
        async (rest, maxBatch) => {
          const kinds = ['good', ...rest]
          const kindOf = ({ text }: EmbedInput) => kinds[Number(text)]
          const answer: Answer = (texts) => {
            if (texts.some((text) => kindOf(text) === 'refused')) throw refusal()
            const vectors = texts.map((text) =>
              kindOf(text) === 'no vector' ? undefined : new Float32Array([Number(text.text)]),
            )
            if (vectors.includes(undefined)) throw new BadVectorsError('null', vectors)
          }
          const embedded: number[] = []
          const { clock, queue } = setUp({
            answer,
            maxBatch,
            concurrency: 1,
            onBatch: (batch) => {
              for (const { index, vector } of batch) expect(vector[0]).toBe(index)
              embedded.push(...batch.map(({ index }) => index))
            },
          })
          void queue.push(input(0))
          await clock.run(queue.flush())
          const outcomes = kinds
            .slice(1)
            .map((each, index) => queue.push(each === 'empty' ? { text: '' } : input(index + 1)))
          await clock.run(queue.flush())
          const settled = await Promise.all(outcomes)
          const fates = settled.map((outcome) => ('vector' in outcome ? 'good' : 'refused'))
          expect(fates).toEqual(rest.map((each) => (each === 'good' ? 'good' : 'refused')))
          expect(embedded.sort((a, b) => a - b)).toEqual(
            kinds.flatMap((each, index) => (each === 'good' ? [index] : [])),
          )
        },
      ),
      { numRuns: 150 },
    )
  })

  it('is not to blame when the request is too large: the batch is cut until it fits', async () => {
    const answer: Answer = (texts) => {
      if (texts.length > 30) throw refusal({ field: 'payload' })
    }
    const { clock, log, queue } = setUp({ answer })
    await clock.run(Promise.all(inputs(100).map((text) => queue.push(text))))
    expect(log.sent).toEqual([100, 50, 25, 25, 50, 25, 25])
    expect(queue.stats).toMatchObject({ texts: 100, refused: 0 })
  })

  it('is not to blame when a refusal was chance: nothing is refused that went through before', async () => {
    let refused = false
    const answer: Answer = () => {
      if (refused) return
      refused = true
      throw refusal()
    }
    const { clock, queue } = setUp({ answer })
    await clock.run(Promise.all(inputs(100).map((text) => queue.push(text))))
    expect(queue.stats).toMatchObject({ texts: 100, refused: 0 })
  })

  it.each<[string, Answer, number]>([
    ['a refusal of every text', () => Promise.reject(refusal()), 9],
    ['a refusal of the request itself', () => Promise.reject(refusal({ field: 'output_dimensionality' })), 1],
    [
      'no good vector at all',
      (texts) =>
        Promise.reject(
          new BadVectorsError(
            'null',
            texts.map(() => undefined),
          ),
        ),
      4,
    ],
  ])('is not to blame for %s: that is fatal', async (_, answer, calls) => {
    const { clock, log, queue } = setUp({ answer, concurrency: 1 })
    for (const text of inputs(100)) void queue.push(text)
    const error = await clock.run(queue.flush().catch((thrown) => thrown))
    expect(['REQUEST_REFUSED', 'BAD_RESPONSE']).toContain(error.code)
    expect(log.sent.length).toBeLessThanOrEqual(calls)
  })
})

describe('a queue that fails', () => {
  it('rejects all that is pending and to come, and lets requests under way reach onBatch', async () => {
    const kept: number[] = []
    let requests = 0
    const { clock, queue } = setUp({
      concurrency: 3,
      answer: async () => {
        if (++requests === 1) throw new GemdexError('KEY_REFUSED', 'no')
        await clock.sleep(500, undefined)
      },
      onBatch: (batch) => void kept.push(batch.length),
    })
    const outcomes = inputs(1000).map((text) => queue.push(text))
    const settled = await clock.run(Promise.allSettled(outcomes))
    expect(settled.filter(({ status }) => status === 'fulfilled')).toHaveLength(200)
    expect(kept).toEqual([100, 100])
    for (const each of settled) if (each.status === 'rejected') expect(each.reason.code).toBe('KEY_REFUSED')
    await expect(queue.push(input(1))).rejects.toMatchObject({ code: 'KEY_REFUSED' })
    await expect(queue.ready()).rejects.toMatchObject({ code: 'KEY_REFUSED' })
    await expect(queue.flush()).rejects.toMatchObject({ code: 'KEY_REFUSED' })
    await queue.close()
    expect(requests).toBe(3)
  })

  it('gives up after five attempts, and on 429s after ten minutes', async () => {
    const down = setUp({
      answer: () => Promise.reject(new GemdexError('UNAVAILABLE', '503', { retryable: true })),
    })
    void down.queue.push(input(1))
    await expect(down.clock.run(down.queue.flush())).rejects.toMatchObject({ code: 'UNAVAILABLE' })
    expect(down.log.sent).toHaveLength(5)
    expect(down.queue.stats).toMatchObject({ requests: 5, retries: 4 })

    const facts = { retryable: true, retryAfterMs: 50_000 }
    const told: string[] = []
    const busy = setUp({
      answer: () => Promise.reject(new GemdexError('RATE_LIMITED', '429', facts)),
      onWait: ({ reason }) => void told.push(reason),
    })
    const startMs = busy.clock.now()
    void busy.queue.push(input(1))
    await expect(busy.clock.run(busy.queue.flush())).rejects.toMatchObject({ code: 'RATE_LIMITED' })
    expect(busy.log.sent.length).toBeGreaterThan(8)
    expect(busy.clock.now() - startMs).toBeLessThanOrEqual(601_000)
    expect(new Set(told)).toEqual(new Set(['rate-limit']))
  })

  it('is closed: what waits is given up, what is under way is kept', async () => {
    const kept: number[] = []
    const { clock, log, queue } = setUp({ concurrency: 1, onBatch: (batch) => void kept.push(batch.length) })
    const outcomes = inputs(350).map((text) => queue.push(text))
    await clock.pass(100)
    await clock.run(queue.close())
    const settled = await Promise.allSettled(outcomes)
    expect(settled.filter(({ status }) => status === 'fulfilled')).toHaveLength(100)
    expect([kept, log.sent]).toEqual([[100], [100]])
    await expect(queue.push(input(1))).rejects.toMatchObject({ code: 'CANCELLED' })
  })

  it('fails when a batch cannot be kept', async () => {
    const full = new GemdexError('STORE_FULL', 'disk full')
    for (const onBatch of [
      () => Promise.reject(full),
      () => {
        throw full
      },
    ]) {
      const { clock, queue } = setUp({ concurrency: 1, onBatch })
      for (const text of inputs(1000)) void queue.push(text)
      await expect(clock.run(queue.flush())).rejects.toBe(full)
      expect(queue.stats.texts).toBe(0)
      expect(queue.stats.requests).toBeLessThanOrEqual(2)
    }
  })
})
