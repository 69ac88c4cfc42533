import { describe, expect, test } from 'vitest'
import type { GeneratePart, GenerateRequest } from '../../src/answer/generator.js'
import { paceGenerator } from '../../src/answer/pace-generator.js'
import { createCircuitBreaker } from '../../src/embed/circuit-breaker.js'
import { createPacer, UNLIMITED_PACE } from '../../src/embed/pace.js'
import type { PaceLimits } from '../../src/embed/rate-limits.js'
import { GemdexError } from '../../src/errors.js'
import { estimateTokens } from '../../src/text/estimate-tokens.js'
import { virtualClock } from '../embed/virtual-clock.js'
import { type FakeGenerator, fakeGenerator, finish, type Script, text } from './fakes.js'

const request: GenerateRequest = {
  system: 'Answer from the passages.',
  messages: [
    { role: 'user', text: 'When was the pump installed?' },
    { role: 'model', text: 'In 2021 [1].' },
    { role: 'user', text: 'By whom?' },
  ],
  grounding: { question: 'By whom?', passages: [], termWeights: new Map() },
  settings: {},
  safety: [],
}
const whole: Script = [text('By Keller '), text('[1].'), finish()]

function setUp(limits: Partial<PaceLimits>, ...scripts: readonly Script[]) {
  const clock = virtualClock()
  const assumed = { ...UNLIMITED_PACE, ...limits }
  const pacer = createPacer({ name: 'fake-model', assumed, clock })
  const breaker = createCircuitBreaker({ name: 'fake-model', clock })
  const upstream: FakeGenerator = fakeGenerator(...(scripts.length > 0 ? scripts : [whole]))
  const generator = paceGenerator(upstream, async () => ({ pacer, breaker, clock }))
  const collect = async (signal?: AbortSignal): Promise<GeneratePart[]> => {
    const parts: GeneratePart[] = []
    for await (const part of generator.generate(request, signal ? { signal } : {})) parts.push(part)
    return parts
  }
  return { clock, pacer, breaker, upstream, generator, collect }
}

describe('a paced generator', () => {
  test('passes on what the other one is, is asked and says', async () => {
    const { generator, upstream, collect } = setUp({})
    expect(generator).toMatchObject({ modelId: 'fake-model', maxInputTokens: 20_000, extractive: false })
    expect(await collect()).toEqual(whole)
    expect(upstream.requests).toEqual([request])
    expect(upstream.closed()).toBe(1)
  })

  test('passes on an answer of nothing', async () => {
    expect(await setUp({}, []).collect()).toEqual([])
  })

  test('keeps to its limit: a short wait is waited out', async () => {
    const { clock, upstream, collect } = setUp({ perMinute: 20 })
    for (let i = 0; i < 20; i++) await collect()
    expect(clock.waits).toEqual([])
    const startMs = clock.now()
    await clock.run(collect())
    expect(clock.now() - startMs).toBeCloseTo(3000, 0)
    expect(upstream.requests).toHaveLength(21)
  })

  test('keeps to its limit: a long wait is an error that says how long, and nothing is sent', async () => {
    const { upstream, collect } = setUp({ perMinute: 2 })
    await collect()
    await collect()
    await expect(collect()).rejects.toMatchObject({
      code: 'RATE_LIMITED',
      retryable: true,
      retryAfterMs: expect.closeTo(30_000, -1),
    })
    expect(upstream.requests).toHaveLength(2)
  })

  test('counts the tokens of the system instruction and of all messages', async () => {
    const texts = [request.system, ...request.messages.map((message) => message.text)]
    const tokens = texts.reduce((sum, part) => sum + estimateTokens(part), 0)
    const { upstream, collect } = setUp({ tokensPerMinute: 2 * tokens })
    await collect()
    await collect()
    await expect(collect()).rejects.toMatchObject({
      code: 'RATE_LIMITED',
      retryAfterMs: expect.closeTo(30_000, -1),
    })
    expect(upstream.requests).toHaveLength(2)
  })

  test('learns limit and wait from a 429', async () => {
    const refusal = new GemdexError('RATE_LIMITED', 'too many', {
      retryable: true,
      retryAfterMs: 3000,
      quotaLimits: [{ of: 'requests', per: 'minute', limit: 10 }],
    })
    const { clock, pacer, upstream, collect } = setUp({ perMinute: 60 }, [refusal], whole)
    await expect(collect()).rejects.toBe(refusal)
    expect(pacer.limits().perMinute).toBe(10)
    const startMs = clock.now()
    expect(await clock.run(collect())).toEqual(whole)
    expect(clock.now() - startMs).toBeGreaterThanOrEqual(3000)
    // One every six seconds from here on: nobody waits so long for an answer.
    await expect(collect()).rejects.toMatchObject({ code: 'RATE_LIMITED' })
    expect(upstream.requests).toHaveLength(2)
  })

  test('sends nothing more on a day whose quota is used up', async () => {
    const refusal = new GemdexError('QUOTA_EXHAUSTED', 'The day is over')
    const { upstream, collect } = setUp({ perDay: 100 }, [refusal], whole)
    await expect(collect()).rejects.toMatchObject({ code: 'QUOTA_EXHAUSTED', resumeAtMs: expect.any(Number) })
    await expect(collect()).rejects.toMatchObject({ code: 'QUOTA_EXHAUSTED' })
    expect(upstream.requests).toHaveLength(1)
  })

  test('calls no more for a while when the service fails', async () => {
    const down = new GemdexError('UNAVAILABLE', 'down', { retryable: true })
    const { breaker, upstream, collect } = setUp({}, [down])
    while (breaker.state === 'closed') await expect(collect()).rejects.toBe(down)
    const calls = upstream.requests.length
    await expect(collect()).rejects.toMatchObject({ code: 'UNAVAILABLE', hint: /tried again/ })
    expect(upstream.requests).toHaveLength(calls)
  })

  test('ends the upstream call when its reader leaves early', async () => {
    const { generator, upstream } = setUp({})
    for await (const part of generator.generate(request, {})) {
      expect(part).toEqual(text('By Keller '))
      expect(upstream.closed()).toBe(0)
      break
    }
    expect(upstream.closed()).toBe(1)
  })

  test('passes on a fault in the middle, after what was said before', async () => {
    const fault = new GemdexError('INCOMPLETE', 'cut')
    const { generator, upstream } = setUp({}, [text('By '), fault])
    const parts: GeneratePart[] = []
    const reading = (async () => {
      for await (const part of generator.generate(request, {})) parts.push(part)
    })()
    await expect(reading).rejects.toBe(fault)
    expect(parts).toEqual([text('By ')])
    expect(upstream.closed()).toBe(1)
  })

  test('calls nobody when it was cancelled before, nor while it waits', async () => {
    const controller = new AbortController()
    const { clock, upstream, collect } = setUp({ perMinute: 20 })
    for (let i = 0; i < 20; i++) await collect()
    const waiting = collect(controller.signal)
    const outcome = expect(waiting).rejects.toMatchObject({ code: 'CANCELLED' })
    controller.abort()
    await outcome
    await expect(collect(controller.signal)).rejects.toMatchObject({ code: 'CANCELLED' })
    await clock.pass(60_000)
    expect(upstream.requests).toHaveLength(20)
  })
})
