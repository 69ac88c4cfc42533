import { describe, expect, it } from 'vitest'
import { GemdexError } from '../../src/errors.js'
import { ask, fakeGenerator, finish, passages, text } from './fakes.js'

const GOOD = [text('The heat pump was installed in 2021 [1].'), finish()]
const usage = { promptTokens: 10, answerTokens: 5, thinkingTokens: 0, totalTokens: 15 }
const images = [{ mimeType: 'image/png', data: 'iVBORw0KGgoA' }]
const pumpsOnly = (query: string) => (query.includes('pump') ? passages : [])

describe('a question with an image', () => {
  const shown = [text('a heat pump'), finish('stop', { usage })]

  it('has it described when its text finds nothing near, and costs that too', async () => {
    const generator = fakeGenerator(shown, [...GOOD.slice(0, 1), finish('stop', { usage })])
    const { answer, searches } = await ask({
      generator,
      search: pumpsOnly,
      request: { question: 'What is this?', images },
    })
    expect(searches.map(({ query }) => query)).toEqual(['What is this?', 'What is this?\na heat pump'])
    expect(answer).toMatchObject({ status: 'answered', usage: { totalTokens: 30 } })
    const sent = generator.requests.map(({ messages }) => messages.at(-1))
    expect(sent).toMatchObject([
      { text: 'It is for the question: What is this?', images },
      { text: expect.stringMatching(/<<passage 1 .*Question: What is this\?$/s), images },
    ])
  })

  it('is searched for by what the image shows alone when it has no text', async () => {
    const generator = fakeGenerator(shown, GOOD)
    const { searches } = await ask({ generator, search: pumpsOnly, request: { question: '', images } })
    expect(searches.map(({ query }) => query)).toEqual(['a heat pump'])
  })

  it('is not described when its text finds something', async () => {
    const generator = fakeGenerator(GOOD)
    const { searches } = await ask({
      generator,
      request: { question: 'When was the pump installed?', images },
    })
    expect(searches).toHaveLength(1)
    expect(generator.requests).toHaveLength(1)
  })

  it('is refused when what the image shows is nothing either', async () => {
    const generator = fakeGenerator([finish('blocked')])
    const { answer } = await ask({ generator, search: pumpsOnly, request: { question: 'This?', images } })
    expect(answer).toMatchObject({ status: 'refused', sources: [] })
    expect(generator.requests).toHaveLength(1)
  })

  it('is bad input for a generator that cannot look at it', async () => {
    const generator = { ...fakeGenerator(GOOD), seesImages: false }
    await expect(ask({ generator, request: { images } })).rejects.toMatchObject({
      code: 'BAD_INPUT',
      field: 'images',
    })
  })
})

describe('a follow-up', () => {
  const past = [{ question: 'Who installed the heat pump?', answer: 'The firm Keller installed it [1].' }]
  const followUp = { question: 'When did they install it?', past }
  const rewritten = (said: string) =>
    ask({ generator: fakeGenerator([text(said), finish()], GOOD), request: followUp })

  it('is looked for, and asked, as the model makes it stand alone', async () => {
    const alone = 'When did the firm Keller install the heat pump?'
    const generator = fakeGenerator([text(alone), finish('stop', { usage })], GOOD)
    const { answer, searches, events } = await ask({ generator, request: followUp })
    expect(searches.map(({ query }) => query)).toEqual([alone])
    expect(events[0]).toMatchObject({ type: 'sources', standaloneQuestion: alone })
    expect(answer).toMatchObject({ standaloneQuestion: alone, usage })
    expect(generator.requests[1]?.messages.map((message) => message.text)).toEqual([
      past[0]?.question,
      'The firm Keller installed it.',
      expect.stringContaining(`Question: ${alone}`),
    ])
  })

  it.each([
    ['an answer', 'They installed it in 2021.'],
    ['several lines', 'When did the firm Keller\ninstall the heat pump?'],
    ['a marker', 'When did the firm Keller install the heat pump [1]?'],
    ['words from nowhere', 'When did the secret password server publish its database?'],
    ['nothing', ' '],
    ['too much', `When ${'did they '.repeat(200)}install it?`],
  ])('is rewritten by rules when the model gives %s', async (_, said) => {
    const { answer, searches } = await rewritten(said)
    expect(answer?.standaloneQuestion).toMatch(/^When did they install it\? \(.*\)$/)
    expect(searches.map(({ query }) => query)).toEqual([answer?.standaloneQuestion])
  })

  it('is rewritten by rules when the model fails, but not when the reader leaves', async () => {
    const failing = new GemdexError('UNAVAILABLE', 'down', { retryable: true })
    const { answer } = await ask({ generator: fakeGenerator([failing], GOOD), request: followUp })
    expect(answer).toMatchObject({ status: 'answered', standaloneQuestion: expect.stringContaining('(') })
    const gone = new GemdexError('CANCELLED', 'left')
    await expect(ask({ generator: fakeGenerator([gone], GOOD), request: followUp })).rejects.toBe(gone)
  })
})
