import { describe, expect, it } from 'vitest'
import { ask, fakeGenerator, finish, passages, text } from './fakes.js'

const GOOD = 'The heat pump was installed in 2021 [1].'

describe('an answer', () => {
  it('comes as sources, words, citations and the whole, in this order', async () => {
    const generator = fakeGenerator([text('The heat pump was '), text('installed in 2021 [1].'), finish()])
    const { events, shown, answer } = await ask({ generator })
    expect([...new Set(events.map(({ type }) => type))]).toEqual(['sources', 'delta', 'citation', 'done'])
    expect(events[0]).toEqual({
      type: 'sources',
      sources: passages,
      standaloneQuestion: 'When was the pump installed?',
    })
    expect(shown).toBe(GOOD)
    expect(answer).toMatchObject({
      status: 'answered',
      answer: GOOD,
      citations: [{ marker: 1, hitId: 'doc1-0', verified: true }],
      sources: passages,
      standaloneQuestion: 'When was the pump installed?',
      model: 'fake-model',
      finishReason: 'STOP',
    })
    expect(answer).not.toHaveProperty('candidates')
    expect(answer).not.toHaveProperty('degraded')
    expect(answer).not.toHaveProperty('reason')
  })

  it('looks for whole passages of the collection', async () => {
    const generator = fakeGenerator([text(GOOD), finish()])
    const { searches } = await ask({ generator, request: { collection: 'docs' } })
    expect(searches).toEqual([
      { query: 'When was the pump installed?', limit: 24, full: true, literal: true, collection: 'docs' },
    ])
  })

  it('hands prompt, passages, settings and safety to the generator; those of the request win', async () => {
    const generator = fakeGenerator([text(GOOD), finish()])
    const safety = [{ category: 'HARM_CATEGORY_HARASSMENT', threshold: 'OFF' }]
    await ask({
      generator,
      dependencies: { settings: { temperature: 1, topK: 3 }, safety: [] },
      request: { settings: { temperature: 0 }, safety },
    })
    expect(generator.requests).toHaveLength(1)
    expect(generator.requests[0]).toMatchObject({
      settings: { temperature: 0, topK: 3 },
      safety,
      grounding: {
        question: 'When was the pump installed?',
        passages: [{ number: 1, text: passages[0]?.text }, { number: 2 }],
        termWeights: new Map(),
      },
    })
    expect(generator.requests[0]?.messages[0]?.text).toContain('<<passage 1 m4rk>>')
  })

  it('weighs the words of the question for a generator that quotes', async () => {
    const generator = { ...fakeGenerator([text(GOOD), finish()]), extractive: true }
    await ask({ generator })
    expect(generator.requests[0]?.grounding?.termWeights).toEqual(new Map([['pump', 2]]))
  })

  it('carries what the model reported, and all candidates', async () => {
    const usage = { promptTokens: 1, answerTokens: 2, thinkingTokens: 3, totalTokens: 6 }
    const safetyRatings = [{ category: 'C', probability: 'LOW' }]
    const generator = fakeGenerator([
      text(GOOD),
      text('Other [2].', 1),
      finish('stop', { usage, safetyRatings }),
    ])
    const { answer, shown } = await ask({ generator, degraded: 'keywords only' })
    expect(answer).toMatchObject({
      answer: GOOD,
      candidates: [GOOD, 'Other [2].'],
      usage,
      safetyRatings,
      degraded: 'keywords only',
    })
    expect(shown).toBe(GOOD)
  })

  it('keeps the place of a first candidate that is empty', async () => {
    const generator = fakeGenerator([text('Other [2].', 1), finish()])
    const { answer, shown } = await ask({ generator })
    expect(answer).toMatchObject({ status: 'empty', answer: '' })
    expect(JSON.stringify(answer?.candidates)).toBe('["","Other [2]."]')
    expect(shown).toBe('')
  })
})

describe('a refusal', () => {
  it('costs no request when nothing was found', async () => {
    const generator = fakeGenerator()
    const { events, answer } = await ask({ generator, hits: [] })
    expect(events.map(({ type }) => type)).toEqual(['sources', 'done'])
    expect(answer).toMatchObject({ status: 'refused', answer: '', citations: [], sources: [] })
    expect(answer?.reason).toMatch(/No passage matches/)
    expect(generator.requests).toEqual([])
  })

  it.each([
    [0.29, 'refused', 0],
    [0.3, 'answered', 1],
  ])('depends on the relevance of the best passage: %f is %s', async (relevance, status, asked) => {
    const generator = fakeGenerator([text(GOOD), finish()])
    const hits = passages.map((hit) => ({ ...hit, relevance }))
    const { answer } = await ask({ generator, hits })
    expect(answer).toMatchObject({ status, sources: hits })
    expect(generator.requests).toHaveLength(asked)
  })

  it('is what an answer without any citation becomes', async () => {
    for (const said of ['It was 2021.', 'It was 2021 [3].', 'It was 2021 [here](http://x).']) {
      const { answer } = await ask({ generator: fakeGenerator([text(said), finish()]) })
      expect(answer).toMatchObject({ status: 'refused', answer: '', citations: [], sources: passages })
      expect(answer?.reason).toMatch(/named no passage/)
    }
  })

  it('is what an answer becomes of which no citation holds', async () => {
    const said = 'The heat pump was installed in 2019 [1]. Bread is baked for an hour [2].'
    const { answer, shown } = await ask({ generator: fakeGenerator([text(said), finish()]) })
    expect(shown).toBe(said)
    expect(answer).toMatchObject({ status: 'refused', answer: '', citations: [], sources: passages })
    expect(answer?.reason).toMatch(/found in the passages/)
  })

  it.each([
    ['at once', ['NOT_IN_PASSAGES']],
    ['in pieces', ['NOT', '_IN_PASS', 'AGES', '\n']],
    ['letter by letter', [...'NOT_IN_PASSAGES']],
    ['between blanks', ['\n ', 'NOT_IN_PASSAGES', ' \n']],
    ['with a full stop', ['NOT_IN_PASSAGES', '.']],
    ['with an excuse', ['NOT_IN_PASSAGES', ': the passages ', 'are about bread [2].']],
  ])('said by the model %s is never shown', async (_, pieces) => {
    const generator = fakeGenerator([...pieces.map((piece) => text(piece)), finish()])
    const { shown, answer } = await ask({ generator })
    expect(shown).toBe('')
    expect(answer).toMatchObject({ status: 'refused', answer: '', citations: [], sources: passages })
    expect(answer?.reason).toMatch(/do not hold the answer/)
  })

  it('is not what a word that begins alike is taken for', async () => {
    const generator = fakeGenerator([text('NO'), text('T'), text('HING was said but 2021 [1].'), finish()])
    const { shown, answer } = await ask({ generator })
    expect(shown).toBe('NOTHING was said but 2021 [1].')
    expect(answer).toMatchObject({ status: 'answered' })
  })
})

describe('an answer that is none', () => {
  const harm = (probability: string, blocked?: boolean) => ({
    category: `HARM_${probability}`,
    probability,
    ...(blocked === undefined ? {} : { blocked }),
  })

  it('is blocked when the question was, with reason and ratings', async () => {
    const promptFeedback = { blockReason: 'SAFETY', safetyRatings: [harm('HIGH'), harm('LOW')] }
    const { answer } = await ask({ generator: fakeGenerator([finish('blocked', { promptFeedback })]) })
    expect(answer).toMatchObject({
      status: 'blocked',
      answer: '',
      citations: [],
      promptFeedback,
      reason: 'The question was blocked (SAFETY): HARM_HIGH HIGH.',
    })
  })

  it('is blocked when the answer was, whatever had been shown of it', async () => {
    const safetyRatings = [harm('LOW', true), harm('NEGLIGIBLE')]
    const generator = fakeGenerator([text(GOOD), finish('blocked', { reason: 'SAFETY', safetyRatings })])
    const { answer, shown, events } = await ask({ generator })
    expect(GOOD.startsWith(shown)).toBe(true)
    expect(shown).not.toBe('')
    expect(events.map(({ type }) => type)).not.toContain('citation')
    expect(answer).toMatchObject({
      status: 'blocked',
      answer: '',
      citations: [],
      safetyRatings,
      reason: 'The answer was blocked (SAFETY): HARM_LOW LOW.',
    })
  })

  it('is blocked without ratings too', async () => {
    const { answer } = await ask({ generator: fakeGenerator([finish('blocked', { reason: 'RECITATION' })]) })
    expect(answer).toMatchObject({ status: 'blocked', reason: 'The answer was blocked (RECITATION).' })
  })

  it.each(['stop', 'other'] as const)('is empty when the model ends with %s and no text', async (kind) => {
    for (const said of [[], [text(' \n')]]) {
      const { answer, shown } = await ask({ generator: fakeGenerator([...said, finish(kind)]) })
      expect(answer).toMatchObject({ status: 'empty', answer: '', citations: [] })
      expect(answer?.reason).toContain(kind.toUpperCase())
      expect(shown).toBe('')
    }
  })

  it('is truncated when the limit was reached, with what there is', async () => {
    const { answer } = await ask({ generator: fakeGenerator([text(`${GOOD} The fi`), finish('length')]) })
    expect(answer).toMatchObject({
      status: 'truncated',
      answer: `${GOOD} The fi`,
      citations: [{ marker: 1 }],
    })
    expect(answer?.reason).toMatch(/output limit/)
  })

  it('is truncated when the limit was reached before any text, and names the setting', async () => {
    const { answer } = await ask({ generator: fakeGenerator([finish('length')]) })
    expect(answer).toMatchObject({ status: 'truncated', answer: '', citations: [] })
    expect(answer?.reason).toMatch(/GEMDEX_MAX_OUTPUT_TOKENS/)
  })

  it('is truncated when the model stopped for a reason of its own', async () => {
    const { answer } = await ask({ generator: fakeGenerator([text(GOOD), finish('other')]) })
    expect(answer).toMatchObject({ status: 'truncated', answer: GOOD })
    expect(answer?.reason).toMatch(/stopped early \(OTHER\)/)
  })
})
