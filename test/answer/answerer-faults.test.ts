import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { GemdexError } from '../../src/errors.js'
import { ask, fakeGenerator, finish, type Script, text } from './fakes.js'

const GOOD: Script = [text('It was installed in 2021 [1].'), finish()]
const passing = () =>
  new GemdexError('UNAVAILABLE', 'down for a moment', { retryable: true, retryAfterMs: 1 })

describe('a fault before the first word', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())

  it('is tried again when it may pass, and nobody sees it', async () => {
    const generator = fakeGenerator([passing()], [passing()], GOOD)
    const asked = ask({ generator })
    await vi.runAllTimersAsync()
    const { answer, events } = await asked
    expect(answer?.status).toBe('answered')
    expect(events.filter(({ type }) => type === 'sources')).toHaveLength(1)
    expect(generator.requests).toHaveLength(3)
  })

  it('is given up after three tries', async () => {
    const generator = fakeGenerator([passing()])
    const asked = ask({ generator })
    const expectation = expect(asked).rejects.toMatchObject({ code: 'UNAVAILABLE' })
    await vi.runAllTimersAsync()
    await expectation
    expect(generator.requests).toHaveLength(3)
  })

  it('is not tried again when it will not pass', async () => {
    const generator = fakeGenerator([new GemdexError('KEY_REFUSED', 'no')], GOOD)
    await expect(ask({ generator })).rejects.toMatchObject({ code: 'KEY_REFUSED' })
    expect(generator.requests).toHaveLength(1)
  })

  it('is not waited out for longer than a minute', async () => {
    const later = new GemdexError('RATE_LIMITED', 'later', { retryable: true, retryAfterMs: 61_000 })
    const generator = fakeGenerator([later], GOOD)
    await expect(ask({ generator })).rejects.toMatchObject({ code: 'RATE_LIMITED' })
    expect(generator.requests).toHaveLength(1)
  })

  it('ends with an abort while it is waited out', async () => {
    const abort = new AbortController()
    const slow = new GemdexError('RATE_LIMITED', 'wait', { retryable: true, retryAfterMs: 30_000 })
    const generator = fakeGenerator([slow], GOOD)
    const asked = ask({ generator, request: { signal: abort.signal } })
    const expectation = expect(asked).rejects.toMatchObject({ code: 'CANCELLED' })
    await vi.advanceTimersByTimeAsync(10)
    abort.abort()
    await expectation
    expect(generator.requests).toHaveLength(1)
    expect(vi.getTimerCount()).toBe(0)
  })
})

describe('a fault after the first word', () => {
  it('is never tried again, since what was shown cannot be taken back', async () => {
    const generator = fakeGenerator([text('It was '), passing()], GOOD)
    const shown: string[] = []
    const onEvent = (event: { type: string }) => shown.push(event.type)
    await expect(ask({ generator, onEvent })).rejects.toMatchObject({ code: 'UNAVAILABLE' })
    expect(generator.requests).toHaveLength(1)
    expect(shown).toEqual(['sources', 'delta'])
  })

  it('is an answer without an end, too', async () => {
    const generator = fakeGenerator([text('It was 2021 [1].')])
    await expect(ask({ generator })).rejects.toMatchObject({ code: 'INCOMPLETE', retryable: true })
    await expect(ask({ generator: fakeGenerator([]) })).rejects.toMatchObject({ code: 'INCOMPLETE' })
  })
})

describe('an abort', () => {
  it('during the answer ends the generation and gives no result', async () => {
    const abort = new AbortController()
    const generator = fakeGenerator([text('It was '), text('installed in 2021 [1].'), finish()])
    const seen: string[] = []
    const asked = ask({
      generator,
      request: { signal: abort.signal },
      onEvent: ({ type }) => {
        seen.push(type)
        if (type === 'delta') abort.abort()
      },
    })
    await expect(asked).rejects.toMatchObject({ code: 'CANCELLED' })
    expect(seen).toEqual(['sources', 'delta'])
    expect(generator.closed()).toBe(1)
  })

  it('before the question reaches the generator asks nothing of it', async () => {
    const generator = fakeGenerator(GOOD)
    const asked = ask({ generator, request: { signal: AbortSignal.abort() } })
    await expect(asked).rejects.toMatchObject({ code: 'CANCELLED' })
    expect(generator.requests).toEqual([])
  })

  it('hands the signal to the search', async () => {
    const { signal } = new AbortController()
    const { searches } = await ask({ generator: fakeGenerator(GOOD), request: { signal } })
    expect(searches[0]?.signal).toBe(signal)
  })
})

it('a reader who leaves early closes the generation', async () => {
  const generator = fakeGenerator([text('It was '), text('installed in 2021 [1].'), finish()])
  const leave = () => {
    throw new Error('enough')
  }
  await expect(
    ask({ generator, onEvent: ({ type }) => (type === 'delta' ? leave() : undefined) }),
  ).rejects.toThrow('enough')
  expect(generator.closed()).toBe(1)
})
