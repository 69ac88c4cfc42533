import fc from 'fast-check'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { mayEndSentence, splitSentences } from '../../src/text/split-sentences.js'
import { expectNoSplitPair, textWithPairs } from './surrogates.js'

const WINDOW = 4096
const sentencesOf = (text: string) => splitSentences(text).map(({ start, end }) => text.slice(start, end))

function expectCovered(text: string): void {
  let at = 0
  for (const { start, end } of splitSentences(text)) {
    expect(start).toBe(at)
    expect(end).toBeGreaterThan(start)
    expectNoSplitPair(text, start)
    at = end
  }
  expect(at).toBe(text.length)
}

afterEach(() => {
  vi.restoreAllMocks()
})

describe('splitSentences', () => {
  test('cuts at the ends of sentences; blanks belong to the one before', () => {
    expect(sentencesOf('One is here. Two?  Three! “Four.” Five')).toEqual([
      'One is here. ',
      'Two?  ',
      'Three! ',
      '“Four.” ',
      'Five',
    ])
  })

  test('cuts nothing that has no end of a sentence in it', () => {
    const piece = fc.oneof(
      fc.constantFrom('. A', '\n', '。', '؟ ب', '։ Ա', '\u2028', '\x85', '… B'),
      fc.string({ unit: 'binary' }),
    )
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 4 }), (pieces) => {
        const text = pieces.join('')
        if (!mayEndSentence(text)) expect(sentencesOf(text).length).toBeLessThanOrEqual(1)
      }),
      { numRuns: 500 },
    )
  })

  test('knows the full stops of other scripts', () => {
    expect(sentencesOf('海象吃蛤蜊。它们很大。')).toEqual(['海象吃蛤蜊。', '它们很大。'])
    expect(sentencesOf('वह आया। वह गया।')).toEqual(['वह आया। ', 'वह गया।'])
  })

  test.each([
    'Dr. Brown came.',
    'See Fig. 3 and No. 7.',
    'Fruit (e.g. Apples) counts.',
    'Das gilt z.B. Montags.',
    'Siehe (vgl. Abs. 2 und Art. 5) oben.',
    'La Sra. García vino.',
    'By J. R. R. Tolkien.',
    'Acme Inc. Berlin pays.',
    'Dr.          Brown came.',
  ])('does not cut behind the abbreviation in "%s"', (sentence) => {
    expect(sentencesOf(`${sentence} Next.`)).toEqual([`${sentence} `, 'Next.'])
  })

  test('an ending that looks like an abbreviation only when the word is cut is none', () => {
    expect(sentencesOf('We went to the casino. Then home.')).toHaveLength(2)
    expect(sentencesOf('He was vast. Then he left.')).toHaveLength(2)
    // Ten blanks: counted from the end, only the last letter of "end." would be looked at.
    expect(sentencesOf(`The end.${' '.repeat(10)}Next one.`)).toHaveLength(2)
  })

  test('an abbreviation at the very end is the end', () => {
    expect(sentencesOf('Apples, pears etc.')).toEqual(['Apples, pears etc.'])
  })

  test('of the empty text are none', () => {
    expect(splitSentences('')).toEqual([])
  })

  test('cover any text without gaps and never cut a pair', () => {
    fc.assert(fc.property(textWithPairs({ maxLength: 300 }), expectCovered), { numRuns: 100 })
  })

  test('cover long texts too, wherever the windows end', () => {
    const piece = fc.constantFrom(
      'Walruses swim. ',
      '🦭🦭🦭',
      'Mr. X said so. ',
      'no end here ',
      '\n\n',
      '海象。',
      'x',
    )
    const long = fc
      .array(fc.tuple(piece, fc.integer({ min: 1, max: 500 })), { minLength: 3, maxLength: 12 })
      .map((parts) => parts.map(([text, times]) => text.repeat(times)).join(''))
    fc.assert(fc.property(long, expectCovered), { numRuns: 15 })
  })

  test('a window that ends within a sentence does not cut it', () => {
    const sentence = `${'Walruses swim far out. '.repeat(177)}This one lies across the border of two windows. `
    expect(sentence.length).toBeGreaterThan(WINDOW)
    expect(sentence.indexOf('This')).toBeLessThan(WINDOW)
    expect(sentencesOf(`${sentence}End.`).slice(-2)).toEqual([
      'This one lies across the border of two windows. ',
      'End.',
    ])
  })

  test('a long text has the sentences of its parts', () => {
    const part = 'Walruses use two keys. Dr. Otto said so! Is it true? '
    expect(sentencesOf(part.repeat(400))).toEqual(Array.from({ length: 400 }, () => sentencesOf(part)).flat())
  })

  test('a stretch without an end is cut after 4,096 characters, and not within a pair', () => {
    expect(sentencesOf('x'.repeat(10_000)).map((part) => part.length)).toEqual([
      WINDOW,
      WINDOW,
      10_000 - 2 * WINDOW,
    ])
    const [first] = sentencesOf(`x${'🦭'.repeat(4_000)}`)
    expect(first).toBe(`x${'🦭'.repeat(2_047)}`)
  })

  test('ICU, whose cost grows with the square, is never given more than a window, nor the text more than twice', () => {
    const segment = vi.spyOn(Intl.Segmenter.prototype, 'segment')
    const lengths = (text: string) => {
      segment.mockClear()
      splitSentences(text)
      return segment.mock.calls.map(([part]) => part.length)
    }
    for (const text of [
      'x'.repeat(200_000),
      'A sentence. '.repeat(15_000),
      `${'y'.repeat(4_000)}. `.repeat(50),
    ]) {
      const given = lengths(text)
      expect(Math.max(...given)).toBeLessThanOrEqual(WINDOW)
      expect(given.reduce((sum, length) => sum + length, 0)).toBeLessThanOrEqual(2 * text.length + WINDOW)
    }
  })
})
