import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { partsOfWord, partTerms } from '../../src/text/part-terms.js'

describe('parts of words', () => {
  test.each([
    ['הבצק', ['בצק']],
    ['ולבצק', ['בצק']],
    ['ושוק', ['שוק']],
    ['לחם', []],
    ['walrus', []],
    ['parseHttpRequest', ['pars', 'http', 'request']],
  ])('of %s are %j', (word, parts) => {
    expect(partsOfWord(word, 'en')).toEqual(parts)
  })

  test('Vietnamese is found without its tones and strokes', () => {
    expect(partTerms('Đường Trần Phú', 'vi')).toEqual(['duong', 'tran', 'phu'])
  })

  test('are the same whether a text is all ASCII or not', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^(?:[a-zA-Z]{0,3}[0-9]{0,2} ?){1,4}$/), (text) => {
        expect(partTerms(text, 'en')).toEqual(partTerms(`${text} ü`, 'en'))
      }),
      { numRuns: 500 },
    )
  })
})
