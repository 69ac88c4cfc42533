import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { contentTerms } from '../../src/text/content-terms.js'
import { foldWord } from '../../src/text/fold-word.js'
import { stopWordsFor } from '../../src/text/stop-words.js'

const wordsOf = (text: string) => contentTerms(text).map(({ start, end }) => text.slice(start, end))
const stopWordsOf = (text: string) => stopWordsFor(text.split(' ').map(foldWord))

describe('function words are left out, by the language of the text', () => {
  test.each([
    ['How do I renew my passport when it is lost?', ['renew', 'passport', 'lost']],
    ['Wie kann ich meinen Reisepass verlängern?', ['Reisepass', 'verlängern']],
    ['¿Cómo puedo renovar el pasaporte de mi hijo?', ['renovar', 'pasaporte', 'hijo']],
    ['Comment renouveler le passeport de mon enfant ?', ['renouveler', 'passeport', 'enfant']],
    ['Как и где продлить паспорт', ['продлить', 'паспорт']],
  ])('%s', (question, content) => {
    expect(wordsOf(question)).toEqual(content)
  })

  test('the same word is a function word in one language and content in another', () => {
    expect(wordsOf('Wo stehen die Regeln für den Urlaub?')).not.toContain('die')
    expect(wordsOf('Why did the plants die in the winter?')).toContain('die')
  })

  test('German nouns that common lists drop are content', () => {
    expect(wordsOf('Wie viele Tage und Jahre ist der Mensch am Ende krank?')).toEqual(
      'Tage Jahre Mensch Ende krank'.split(' '),
    )
  })

  test('accented function words count in whatever form they are written', () => {
    expect(wordsOf('¿Dónde está el faro?'.normalize('NFD'))).toEqual(['faro'])
  })
})

describe('contentTerms', () => {
  test.each(['to be or not to be', 'The Who', 'what is it', 'der die das'])('keeps all of "%s"', (text) => {
    expect(wordsOf(text)).toEqual(text.split(' '))
  })

  test('gives none for a text without words', () => {
    expect(contentTerms(' ?! ')).toEqual([])
  })

  test('gives terms as analysed, in order, with their places', () => {
    expect(contentTerms('the keys of the walruses')).toEqual([
      { term: 'kei', start: 4, end: 8 },
      { term: 'walrus', start: 16, end: 24 },
    ])
  })

  test('is never empty for a text that holds a word', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('the', 'is', 'walrus', 'die', 'und', 'el', 'の')), (words) => {
        expect(contentTerms(words.join(' ')).length > 0).toBe(words.length > 0)
      }),
    )
  })
})

describe('stopWordsFor', () => {
  test('takes the language that most words belong to', () => {
    expect(stopWordsOf('ich und der hund the').has('nicht')).toBe(true)
    expect(stopWordsOf('what the dog is der').has('about')).toBe(true)
  })

  test('takes the first language when two hold as many', () => {
    // "was" asks in German and is past tense in English.
    expect(stopWordsOf('was').has('the')).toBe(true)
  })

  test('is empty when no language knows a word', () => {
    expect(stopWordsOf('walrus quokka').size).toBe(0)
    expect(stopWordsFor([]).size).toBe(0)
  })
})
