import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { createAnswerChecker } from '../../src/answer/check-answer.js'
import { makeHit } from './make-hit.js'

type Pair = {
  readonly claim: string
  readonly passage: string
  readonly supported: boolean
  readonly part: string
  readonly question?: string
  readonly title?: string
}
const pairs = readFileSync(new URL('../../data/citation-pairs.jsonl', import.meta.url), 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as Pair)
  // The others were looked at when thresholds were chosen.
  .filter(({ part }) => part.endsWith('held-out'))

/** Checks an answer that comes in these pieces. */
function check(pieces: readonly string[], passages: readonly string[], question = '', title = '') {
  const checker = createAnswerChecker(
    passages.map((passage, i) => makeHit(i + 1, passage, { title })),
    question,
  )
  const streamed = [...pieces.flatMap((piece) => checker.push(piece)), ...checker.end()]
  const result = checker.result()
  expect(streamed).toEqual(result.citations)
  return result
}

describe('the check of citations', () => {
  it.each([
    ['that say all themselves', 'held-out', 0.9],
    ['of a word or two, read with their question', 'short-held-out', 0.8],
  ])('verifies what passages bear and little else, of claims %s', (_, part, leastPrecision) => {
    const judged = pairs.flatMap(({ claim, passage, supported, question, title, part: own }) => {
      if (own !== part) return []
      const { citations } = check([`${claim.replace(/[.。]$/, '')} [1].`], [passage], question, title)
      for (const { quote } of citations) expect(passage).toContain(quote)
      return [{ supported, verified: citations.length > 0 && citations.every(({ verified }) => verified) }]
    })
    const verified = judged.filter((pair) => pair.verified)
    const right = verified.filter(({ supported }) => supported).length
    expect(right / verified.length, 'precision').toBeGreaterThanOrEqual(leastPrecision)
    expect(right / judged.filter(({ supported }) => supported).length, 'recall').toBeGreaterThanOrEqual(0.9)
  })

  it.each([
    ['28. Juni 2024 [1].', true],
    ['29. Juni 2024 [1].', false],
    ['- 1. 28. Juni 2024 [1].', true],
    ['- 1. 29. Juni 2024 [1].', false],
  ])('takes the day that a line begins with for no mark of a list: %s', (answer, verdict) => {
    const { citations } = check([answer], ['Zahlbar ist sie bis 28. Juni 2024.'], 'Bis wann ist sie zahlbar?')
    expect(citations.map(({ verified }) => verified)).toEqual([verdict])
  })

  it('gives the same wherever the answer is cut', () => {
    const passages = [
      'The heat pump was installed in 2021 by the firm Keller.',
      'Bread is baked for forty minutes.',
    ]
    const answer =
      'The heat pump was installed in 2021 [1]. It was Keller. [1]\n\n- Bread is baked for 50 minutes [2].\n- Nobody knows more.'
    const whole = check([answer], passages)
    expect(whole.citations.map(({ marker, verified }) => [marker, verified])).toEqual([
      [1, true],
      [1, true],
      [2, false],
    ])
    expect(whole.unsupported.map(({ start, end }) => answer.slice(start, end))).toEqual([
      '- Bread is baked for 50 minutes [2].',
      '- Nobody knows more.',
    ])
    for (let cut = 1; cut < answer.length; cut++)
      expect(check([answer.slice(0, cut), answer.slice(cut)], passages)).toEqual(whole)
    expect(check([...answer], passages)).toEqual(whole)
  })
})
