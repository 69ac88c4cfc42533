import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { type ForecastCounts, forecastRun } from '../../src/ingest/forecast.js'

const free = { textsPerMinute: 100, tokensPerMinute: 30_000, textsPerDay: 1000 }
/** So fast that only quotas take time. */
const instant = { textsPerRequest: 100, concurrency: 4, requestMs: 0 }

function sending(texts: number, tokens: number): ForecastCounts {
  return { files: 3, chunks: texts + 10, tokens: tokens + 2000, textsToSend: texts, tokensToSend: tokens }
}

describe('what is counted', () => {
  it('is passed on, and only what is sent is paid for', () => {
    expect(forecastRun(sending(500, 200_000), { usdPerMillionTokens: 0.15 })).toMatchObject({
      files: 3,
      chunks: 510,
      texts: 500,
      tokens: 200_000,
      priceUsd: 0.03,
    })
  })

  it('has no price when the model has none', () => {
    expect(forecastRun(sending(500, 200_000)).priceUsd).toBeUndefined()
    expect(forecastRun(sending(500, 200_000), { usdPerMillionTokens: 0 }).priceUsd).toBe(0)
  })
})

describe('minutes', () => {
  test.each([
    [100, 10_000, 0, 'one full bucket passes at once'],
    [350, 10_000, 2.5, 'the texts hold it up'],
    [350, 120_000, 3, 'the tokens hold it up'],
  ])('%i texts with %i tokens take %d: %s', (texts, tokens, minutes) => {
    expect(forecastRun(sending(texts, tokens), { quota: free, speed: instant }).minutes).toBe(minutes)
  })

  it('come from the requests when no quota holds them up', () => {
    const speed = { textsPerRequest: 100, concurrency: 4, requestMs: 30_000 }
    // 9 requests in 3 rounds of at most 4.
    expect(forecastRun(sending(801, 1000), { speed }).minutes).toBe(1.5)
  })

  it('are none when nothing is sent', () => {
    expect(forecastRun(sending(0, 0), { quota: free })).toMatchObject({ minutes: 0, days: 0 })
  })
})

describe('days', () => {
  test.each([
    [1, 0, 1],
    [1000, 0, 1],
    [1001, 0, 2],
    [3000, 0, 3],
    [500, 500, 1],
    [501, 500, 2],
    [1501, 500, 3],
    // Nothing is left today, or less than nothing: a run today would do nothing.
    [10, 1000, 1],
    [1001, 1200, 2],
  ])('%i texts with %i of 1000 used take %i', (texts, usedToday, days) => {
    expect(forecastRun(sending(texts, 100), { quota: { ...free, usedToday } }).days).toBe(days)
  })

  it('are one without a limit for the day', () => {
    expect(forecastRun(sending(1_000_000, 100), { quota: { textsPerMinute: 100 } }).days).toBe(1)
  })

  it('are as many as a day-by-day run needs', () => {
    const count = (most: number) => fc.integer({ min: 0, max: most })
    fc.assert(
      fc.property(
        count(20_000),
        count(3000),
        fc.integer({ min: 1, max: 2000 }),
        (texts, usedToday, textsPerDay) => {
          let days = 0
          let quota = textsPerDay - usedToday
          for (let left = texts; left > 0; quota = textsPerDay) {
            if (quota <= 0) continue
            left -= quota
            days++
          }
          expect(forecastRun(sending(texts, 0), { quota: { textsPerDay, usedToday } }).days).toBe(days)
        },
      ),
    )
  })
})

describe('consent', () => {
  test.each([
    [1, false],
    [1.01, true],
  ])('for $%d: %s', (usd, needsConsent) => {
    const forecast = forecastRun(sending(10, 1_000_000), { usdPerMillionTokens: usd, quota: free })
    expect(forecast.needsConsent).toBe(needsConsent)
  })

  test.each([
    [900, 100, false],
    [901, 100, true],
    [0, 1000, false],
    [1, 1000, true],
  ])('for %i texts with %i of 1000 used: %s', (texts, usedToday, needsConsent) => {
    expect(forecastRun(sending(texts, 100), { quota: { ...free, usedToday } }).needsConsent).toBe(
      needsConsent,
    )
  })

  it('is not asked for when neither price nor quota is known', () => {
    expect(forecastRun(sending(1_000_000, 1_000_000_000)).needsConsent).toBe(false)
  })
})
