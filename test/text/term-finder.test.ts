import fc from 'fast-check'
import { expect, test } from 'vitest'
import { analyze, termOf } from '../../src/text/analyze.js'
import { createTermFinder } from '../../src/text/term-finder.js'

const LETTERS = Array.from('abcdefghijklmnopqrstuvwxyz')

const word = fc.oneof(
  fc.stringMatching(/^[A-Za-z]{1,8}$/),
  fc.stringMatching(/^[ab][iy]?[a-z]{0,2}(?:s|ed|ing|ies|y)?$/),
  fc.constantFrom('Café', 'e\u0301t', 'naïve', 'ﬁle', 'Straße', '2024', 'x1', 'договор', '日本語', 'It', 'I'),
)

test.each(['en', 'de', 'id', 'tr'])('finds in %s what analysis gives of the terms', (language) => {
  fc.assert(
    fc.property(fc.array(word, { maxLength: 12 }), fc.array(word, { maxLength: 3 }), (words, more) => {
      const text = words.join(' ')
      const terms = [...words.slice(0, 2), ...more].map((one) => termOf(one, language))
      const expected = analyze(text, language).filter(({ term }) => terms.includes(term))
      expect(createTermFinder(terms)(text, language)).toEqual(expected)
    }),
    { numRuns: 200 },
  )
})

test('finds every English word of up to three letters by its term', () => {
  const ofLength = (length: number): string[] =>
    length === 0 ? [''] : ofLength(length - 1).flatMap((rest) => LETTERS.map((letter) => rest + letter))
  const missed = [1, 2, 3].flatMap(ofLength).filter((one) => {
    const found = createTermFinder([termOf(one, 'en')])(one.toUpperCase())
    return found.length !== 1
  })
  expect(missed).toEqual([])
})
