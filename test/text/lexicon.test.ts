import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { termOf } from '../../src/text/analyze.js'
import { foldWord } from '../../src/text/fold-word.js'
import { createLexicon, type KnownWord } from '../../src/text/lexicon.js'
import { partsOfWord } from '../../src/text/part-terms.js'
import { segmentWords } from '../../src/text/segment-words.js'
import { functionWord } from '../../src/text/stop-words.js'

const TEXTS = [
  'The walrus reads parseHttpRequest, then utf8Decoder; the walrus sleeps.',
  'Die Grüße der Häuser, 3.14 und ß',
  'Las reuniones del martes y los niños',
  '東京都の天気は晴れです。ロボット',
  `x${'a1'.repeat(60)} e\u0301te\u0301 \u0301`,
  '',
]
const LANGUAGES = ['en', 'de', 'es', 'vi']

/** What analysis makes of each word of a text, without a memory. */
function analysed(text: string, language: string) {
  return segmentWords(text).map(({ word }) => ({
    functionWord: functionWord(foldWord(word)),
    term: termOf(word, language),
    parts: partsOfWord(word, language),
  }))
}

function formsOf(words: readonly KnownWord[], language: string) {
  return words.map((word) => ({ functionWord: word.functionWord, ...word.formsIn(language) }))
}

describe('a lexicon', () => {
  test.each([50_000, 2])(
    'of %i words gives the words of texts as analysis does, whatever came before',
    (max) => {
      const lexicon = createLexicon(max)
      fc.assert(
        fc.property(
          fc.oneof(fc.constantFrom(...TEXTS), fc.string({ unit: 'binary', maxLength: 40 })),
          fc.constantFrom(...LANGUAGES),
          (text, language) => {
            expect(formsOf(lexicon.words(text), language)).toEqual(analysed(text, language))
          },
        ),
        { numRuns: 100, seed: 7 },
      )
    },
  )

  test('gives the same word for each place where it stands', () => {
    const lexicon = createLexicon()
    const [first, , again] = lexicon.words('walrus and walrus')
    expect(again).toBe(first)
    expect(lexicon.words('A walrus.')[1]).toBe(first)
  })

  test('stops after as many words as are wanted, also of a script without spaces', () => {
    const lexicon = createLexicon()
    expect(lexicon.words('one two three four', 3)).toEqual(lexicon.words('one two three'))
    const all = lexicon.words('東京都の天気は晴れです')
    expect(all.length).toBeGreaterThan(3)
    expect(lexicon.words('東京都の天気は晴れです', 2)).toEqual(all.slice(0, 2))
  })
})
