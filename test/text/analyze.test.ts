import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { analyze, analyzedText } from '../../src/text/analyze.js'
import { foldWord } from '../../src/text/fold-word.js'

const termsOf = (text: string) => analyze(text).map(({ term }) => term)
const wordsOf = (text: string) => analyze(text).map(({ start, end }) => text.slice(start, end))

/** Words as people write them, in the scripts that the tests below name. */
const word = fc.oneof(
  fc.stringMatching(/^[A-Za-z]{1,12}$/),
  fc.constantFrom('Straße', 'café', 'naïve', 'Ärzte', 'ÉCOLE', 'šťastný', 'Ångström', 'piñata', 'über'),
  fc.constantFrom('Ёлка', 'йод', 'договор', 'ΟΔΟΣ', 'άνθρωπος', 'ΐ', 'مدرسة', 'हिन्दी', 'שלום', '한국어'),
  fc.constantFrom('2024', '12', '½', '𝐀𝐁', 'ﬁle', 'x\u0301\u0323', '１２'),
)

describe('what is one word', () => {
  test('letters, digits and marks in a row, and nothing else', () => {
    expect(wordsOf('Mr. Fox-Trot’s e-mail: fox_2@example.com (42%)!')).toEqual(
      'Mr Fox Trot s e mail fox 2 example com 42'.split(' '),
    )
  })

  test.each(['', '   ', '-- !? …', '🦭🦭', '\u0000\u0007'])('%j holds none', (text) => {
    expect(analyze(text)).toEqual([])
  })

  test('Chinese, Japanese and Thai are cut into words by the dictionary', () => {
    expect(wordsOf('日本語の文章です')).toEqual(['日本語', 'の', '文章', 'です'])
    expect(wordsOf('นโยบายการเดินทาง')).toEqual(['นโยบาย', 'การ', 'เดิน', 'ทาง'])
    expect(wordsOf('海象吃蛤蜊')).toContain('海象')
  })

  test('Latin words within Chinese stand alone', () => {
    expect(wordsOf('使用Gemini模型')).toContain('Gemini')
  })

  test('Korean words stay whole between their spaces', () => {
    expect(wordsOf('바다코끼리는 조개를 먹는다')).toEqual(['바다코끼리는', '조개를', '먹는다'])
  })

  test('offsets are those of the word in the text, in order and apart', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
        let last = 0
        for (const { start, end } of analyze(text)) {
          expect(start).toBeGreaterThanOrEqual(last)
          expect(end).toBeGreaterThan(start)
          expect(text.slice(start, end)).toMatch(/^[\p{L}\p{N}\p{M}]+$/u)
          last = end
        }
      }),
      { numRuns: 100 },
    )
  })

  test('every word that blanks set apart is found where it stands', () => {
    fc.assert(
      fc.property(fc.array(word), fc.constantFrom(' ', ' — ', '\n', ', '), (words, between) => {
        expect(wordsOf(words.join(between))).toEqual(words)
      }),
    )
  })
})

describe('which forms are the same', () => {
  test.each([
    ['stemming', 'connecting', 'CONNECTED'],
    ['plurals', 'policy', 'policies'],
    ['accents', 'café', 'CAFE'],
    ['an umlaut', 'Ärzte', 'arzte'],
    ['ß in capitals', 'Straße', 'STRASSE'],
    ['the capital ß', 'STRAẞE', 'straße'],
    ['Greek accents and the sigma at the end', 'οδός', 'ΟΔΟΣ'],
    ['Cyrillic capitals', 'ДОГОВОР', 'договор'],
    ['ё', 'ёлка', 'елка'],
    ['the Turkish dotted capital', 'İstanbul', 'istanbul'],
    ['ligatures', 'ﬁle', 'file'],
    ['full-width letters', 'ｗａｌｒｕｓ', 'walrus'],
    ['full-width digits', '１２', '12'],
    ['Polish letters', 'Łódź', 'lodz'],
    ['Danish letters', 'ÆRØ', 'aero'],
    ['a French ligature', 'œil', 'oeil'],
    ['the Turkish dotless capital', 'IĞDIR', 'ığdır'],
    ['Arabic vowel signs and strokes', 'كِتَابٌ', 'كتـــاب'],
    ['what Arabic and Persian keyboards give', 'كتابي', 'کتابی'],
    ['Hebrew points', 'שָׁלוֹם', 'שלום'],
    ['Arabic digits', '٢٠٢٤', '2024'],
    ['Persian digits', '۲۰۲۴', '2024'],
    ['Hindi digits', '२०२४', '2024'],
    ['Thai digits', '๒๐๒๔', '2024'],
  ])('%s', (_, a, b) => {
    expect(termsOf(a)).toHaveLength(1)
    expect(termsOf(a)).toEqual(termsOf(b))
  })

  test.each([
    ['walrus', 'walnut'],
    ['カ', 'ガ'],
    ['12', '21'],
  ])('%s and %s are not', (a, b) => {
    expect(termsOf(a)).not.toEqual(termsOf(b))
  })

  test('composed and decomposed text has the same terms', () => {
    fc.assert(
      fc.property(fc.array(word, { maxLength: 20 }), (words) => {
        const text = words.join(' ')
        expect(termsOf(text.normalize('NFD'))).toEqual(termsOf(text.normalize('NFC')))
      }),
    )
  })

  test('also for words longer than a term may be', () => {
    const long = 'é'.repeat(50)
    expect(termsOf(long.normalize('NFD'))).toEqual(termsOf(long.normalize('NFC')))
  })

  test('folding twice changes nothing more', () => {
    fc.assert(
      fc.property(word, (one) => {
        expect(foldWord(foldWord(one))).toBe(foldWord(one))
      }),
    )
  })
})

describe('what a term looks like', () => {
  test('letters, digits and marks only, at most 64 characters, never half a pair', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
        for (const term of termsOf(text)) {
          expect(term).toMatch(/^[\p{L}\p{N}\p{M}]+$/u)
          expect(term.length).toBeLessThanOrEqual(64)
        }
      }),
      { numRuns: 100 },
    )
  })

  test('a cut through letters outside the basic plane keeps them whole', () => {
    // Gothic letters: two UTF-16 units each, so that 64 units end between the halves.
    expect(termsOf(`a${'𐌰'.repeat(60)}`)).toEqual([`a${'𐌰'.repeat(31)}`])
  })

  test('a fraction stays one word', () => {
    expect(termsOf('3½ eggs')).toEqual(['3½', 'egg'])
  })

  test('words are stemmed by the rules of their alphabet, or folded where there are none', () => {
    expect(termsOf('running runs naïvely договоры שלום')).toEqual(['run', 'run', 'naiv', 'договор', 'שלום'])
  })

  test.each([
    ['de', 'Häuser Häusern Haus', 'haus haus haus'],
    ['es', 'canciones canción', 'cancion cancion'],
    ['fr', 'chevaux cheval', 'cheval cheval'],
    ['ru', 'компонентов компоненты', 'компонент компонент'],
    ['el', 'πόλεις πόλη', 'πολ πολ'],
    ['hi', 'किताबें किताब', 'किताब किताब'],
    ['tr', 'kitapları kitap', 'kitap kitap'],
    ['tr', 'KAYISILAR kayısılar', 'kayisi kayisi'],
    ['tr', 'SQL API sql', 'sql api sql'],
    ['fa', 'كتاب کتاب', 'كتاب كتاب'],
    ['ro', 'orașului oraşul', 'oras oras'],
    ['vi', 'Nhà nhà nha', 'nhà nhà nha'],
    ['pl', 'książka', 'ksiazka'],
    ['de', 'компонентов walruses', 'компонент walrus'],
  ])('in %s "%s" is "%s"', (language, text, terms) => {
    expect(analyzedText(text, language)).toBe(terms)
  })

  test('analyzedText joins the terms with blanks', () => {
    expect(analyzedText('The Walrus’s keys, twice!')).toBe('the walru s kei twice')
    expect(analyzedText('…')).toBe('')
  })
})
