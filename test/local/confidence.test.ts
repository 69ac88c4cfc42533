import { describe, expect, it } from 'vitest'
import { confidenceOf, type Signals } from '../../src/local/confidence.js'

const middling: Signals = {
  coverage: 0.7,
  score: 0.5,
  lead: 0.1,
  isElsewhere: 0,
  hasNames: 1,
  logWords: Math.log1p(5),
}

describe('the confidence that passages answer', () => {
  it('lies between 0 and 1', () => {
    const least = confidenceOf({ coverage: 0, score: 0, lead: 0, isElsewhere: 1, hasNames: 0, logWords: 0 })
    const most = confidenceOf({ ...middling, coverage: 1, score: 1, lead: 1 })
    expect(least).toBeGreaterThan(0)
    expect(least).toBeLessThan(0.01)
    expect(most).toBeGreaterThan(0.99)
    expect(most).toBeLessThan(1)
  })

  it.each([
    ['more of the question', { coverage: 0.8 }, 1],
    ['a better sentence', { score: 0.6 }, 1],
    ['a greater lead', { lead: 0.2 }, 1],
    ['a longer question', { logWords: Math.log1p(8) }, 1],
    ['another passage than the first', { isElsewhere: 1 }, -1],
    ['a name that is missing', { hasNames: 0 }, -1],
  ] as const)('changes with %s', (_, changed, sign) => {
    expect(Math.sign(confidenceOf({ ...middling, ...changed }) - confidenceOf(middling))).toBe(sign)
  })
})
