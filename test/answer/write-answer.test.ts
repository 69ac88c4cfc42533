import { describe, expect, it } from 'vitest'
import { ask, fakeGenerator, finish, text } from './fakes.js'

const usage = (thinkingTokens: number, answerTokens = 0) => ({
  promptTokens: 100,
  answerTokens,
  thinkingTokens,
  totalTokens: 100 + thinkingTokens + answerTokens,
})
const GOOD = 'The heat pump was installed in 2021 [1].'
const limited = (maxOutputTokens: number) => ({ request: { settings: { maxOutputTokens, temperature: 0 } } })

describe('an answer whose whole limit went into thinking', () => {
  it('is asked for once more with room for that, and costs both', async () => {
    const generator = fakeGenerator(
      [finish('length', { usage: usage(300) })],
      [text(GOOD), finish('stop', { usage: usage(250, 12) })],
    )
    const { answer, shown, events } = await ask({ generator, ...limited(300) })
    expect(generator.requests.map(({ settings }) => settings)).toEqual([
      { maxOutputTokens: 300, temperature: 0 },
      { maxOutputTokens: 900, temperature: 0 },
    ])
    expect(answer).toMatchObject({
      status: 'answered',
      usage: { promptTokens: 200, answerTokens: 12, thinkingTokens: 550, totalTokens: 762 },
    })
    expect(shown).toBe(GOOD)
    expect(events.filter(({ type }) => type === 'sources')).toHaveLength(1)
  })

  it('is truncated when that was not enough either', async () => {
    const generator = fakeGenerator([finish('length', { usage: usage(300) })])
    const { answer } = await ask({ generator, ...limited(300) })
    expect(generator.requests).toHaveLength(2)
    expect(answer).toMatchObject({ status: 'truncated', answer: '', usage: { thinkingTokens: 600 } })
  })

  it('gets no more than the model can give', async () => {
    const generator = fakeGenerator([finish('length', { usage: usage(7_900) })])
    await ask({ generator, ...limited(7_950) })
    expect(generator.requests.map(({ settings }) => settings.maxOutputTokens)).toEqual([7_950, 8_000])
  })
})

it.each([
  ['has words', [text(GOOD), finish('length', { usage: usage(280, 20) })], limited(300)],
  ['had no limit', [finish('length', { usage: usage(300) })], {}],
  ['was not thought about', [finish('length', { usage: usage(0, 300) })], limited(300)],
  ['has the greatest limit there is', [finish('length', { usage: usage(8_000) })], limited(8_000)],
])('an answer that was cut and %s is not asked for again', async (_, script, request) => {
  const generator = fakeGenerator(script)
  expect((await ask({ generator, ...request })).answer?.status).toBe('truncated')
  expect(generator.requests).toHaveLength(1)
})
