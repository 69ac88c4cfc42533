import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { openCallScope } from '../../src/gemini/call-scope.js'
import { createGeminiClient } from '../../src/gemini/client.js'
import { convertError } from '../../src/gemini/convert-error.js'
import { scrub } from '../../src/gemini/scrub.js'

describe('a client', () => {
  it.each(['', ' \n'])('needs a key', (apiKey) => {
    expect(() => createGeminiClient({ apiKey })).toThrow(expect.objectContaining({ code: 'KEY_MISSING' }))
  })

  it.each(['two words', 'line\nfeed', 'schlüssel', 'dots…'])(
    'refuses the key %j without saying it',
    (apiKey) => {
      const make = () => createGeminiClient({ apiKey })
      expect(make).toThrow(expect.objectContaining({ code: 'KEY_REFUSED' }))
      expect(make).not.toThrow(apiKey)
    },
  )

  it.each(['', 'localhost', 'ftp://example.org', 'file:///etc'])('refuses the address %j', (baseUrl) => {
    const make = () => createGeminiClient({ apiKey: 'k', baseUrl })
    expect(make).toThrow(expect.objectContaining({ code: 'BAD_CONFIG' }))
  })
})

describe('a call scope', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())

  it('ends at its deadline and says so', () => {
    const scope = openCallScope(undefined)
    scope.arm(1000)
    vi.advanceTimersByTime(999)
    expect(scope.signal.aborted).toBe(false)
    scope.arm(1000)
    vi.advanceTimersByTime(999)
    expect(scope.ended).toBeUndefined()
    vi.advanceTimersByTime(1)
    expect(scope.signal.aborted).toBe(true)
    expect(scope.ended).toBe('deadline')
  })

  it('ends with its caller, and remembers who was first', () => {
    const caller = new AbortController()
    const scope = openCallScope(caller.signal)
    scope.arm(1000)
    caller.abort()
    vi.advanceTimersByTime(2000)
    expect(scope.ended).toBe('caller')
    expect(scope.signal.aborted).toBe(true)
  })

  it('leaves neither timer nor listener, and ends what is under way', () => {
    const caller = new AbortController()
    const remove = vi.spyOn(caller.signal, 'removeEventListener')
    const scope = openCallScope(caller.signal)
    scope.arm(30_000)
    scope.close()
    expect(vi.getTimerCount()).toBe(0)
    expect(remove).toHaveBeenCalledOnce()
    expect(scope.signal.aborted).toBe(true)
    expect(scope.ended).toBeUndefined()
  })
})

describe('scrubbing', () => {
  it('takes out the key in every form, and what looks like another key', () => {
    const key = 'a"b/c+d'
    const text = `${key} ${encodeURIComponent(key)} ${JSON.stringify(key)} AIza${'x'.repeat(35)} AQ.${'y'.repeat(30)}`
    expect(scrub(text, key)).toBe('[key] [key] "[key]" [key] [key]')
  })
})

describe('an error of the network', () => {
  const context = { apiKey: 'canary-key', method: 'listModels' }

  it('names the innermost cause and keeps it, without the key', () => {
    const inner = Object.assign(new Error('connect ECONNREFUSED canary-key'), { code: 'ECONNREFUSED' })
    const error = convertError(new TypeError('fetch failed', { cause: inner }), context)
    expect(error).toMatchObject({ code: 'OFFLINE', retryable: true })
    expect(error.message).toContain('(ECONNREFUSED)')
    expect(error.cause).toMatchObject({ name: 'TypeError', cause: { message: 'connect ECONNREFUSED [key]' } })
  })

  it('that was thrown by nobody of ours is an unusable answer', () => {
    for (const thrown of ['text', undefined, new TypeError("Cannot read properties of null (reading 'x')")]) {
      expect(convertError(thrown, context)).toMatchObject({ code: 'BAD_RESPONSE' })
    }
  })
})
