import { describe, expect, it } from 'vitest'
import { fitHistory } from '../../src/answer/history.js'
import { estimateTokens } from '../../src/text/estimate-tokens.js'

const turns = Array.from({ length: 12 }, (_, i) => ({
  question: `What is said of pump ${i + 1}?`,
  answer: `Pump ${i + 1} is quiet [1]. ${'It has been looked at every year since it came. '.repeat(4)}[2, 3]`,
}))
const tokensOf = ({ turns: verbatim, summary = '' }: ReturnType<typeof fitHistory>) =>
  verbatim.reduce(
    (sum, { question, answer }) => sum + estimateTokens(question) + estimateTokens(answer),
    estimateTokens(summary),
  )

describe('what of a conversation goes with the next question', () => {
  it('is all of it, without markers, when it fits', () => {
    expect(fitHistory([{ question: 'Is it quiet?', answer: 'Very [1]. So they say [2, 3].' }], 500)).toEqual({
      turns: [{ question: 'Is it quiet?', answer: 'Very. So they say.' }],
    })
  })

  it('is the last turns as they were and those before in a line each, within the budget', () => {
    const history = fitHistory(turns, 300)
    expect(history.turns.at(-1)?.question).toBe('What is said of pump 12?')
    const verbatim = history.turns.length
    expect(verbatim).toBeGreaterThan(0)
    const lines = history.summary?.split('\n') ?? []
    const before = turns.length - verbatim
    expect(lines.at(-1)).toBe(`Q: What is said of pump ${before}? A: Pump ${before} is quiet.`)
    expect(lines.length).toBeGreaterThan(1)
    expect(verbatim + lines.length).toBeLessThan(turns.length)
  })

  it.each([0, 10, 60, 150, 300, 600, 5_000])('has %i tokens at most', (budget) => {
    expect(tokensOf(fitHistory(turns, budget))).toBeLessThanOrEqual(budget)
  })

  it('leaves out what was not answered', () => {
    expect(fitHistory([{ question: 'What of the boats?', answer: '' }], 500)).toEqual({ turns: [] })
  })

  it('shortens a long line of the summary', () => {
    const [long, last] = [
      { question: 'x'.repeat(400), answer: 'Yes.' },
      turns[0] ?? { question: '', answer: '' },
    ]
    const { summary = '' } = fitHistory([long, last], 200)
    expect(summary).toBe(`Q: ${'x'.repeat(237)}…`)
  })
})
