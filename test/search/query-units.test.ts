import { describe, expect, test } from 'vitest'
import { phraseTerms, queryUnits } from '../../src/search/query-units.js'

const words = (query: string, languages: readonly string[] = []) =>
  queryUnits(query, languages)
    .filter(({ kind }) => kind === 'word')
    .map(({ terms }) => terms.join('/'))
const ofKind = (query: string, kind: string, languages: readonly string[] = []) =>
  queryUnits(query, languages)
    .filter((unit) => unit.kind === kind)
    .flatMap(({ terms }) => terms)

describe('queryUnits', () => {
  test('gives each word once, analysed, in order', () => {
    expect(words('Which keys open the gate, and which KEY opens it twice?')).toEqual([
      'kei',
      'open',
      'gate',
      'twice',
    ])
    expect(ofKind('Which keys open the gate?', 'function')).toEqual(['which', 'the'])
  })

  test('a query of function words has them for words', () => {
    expect(words('to be or not to be')).toEqual(['to', 'be', 'or', 'not'])
  })

  test('a word stands for its forms in every language of the index', () => {
    expect(words('Häuser', ['de'])).toEqual(['hauser/haus'])
    expect(words('компонентов', ['ru'])).toEqual(['компонент/компонентов'])
  })

  test('function words of a language that the index does not have need company', () => {
    expect(words('sort data', [])).toEqual(['sort', 'data'])
    expect(words('das Haus der Katze', [])).toEqual(['hau', 'katz'])
  })

  test.each([
    ['getUserById', ['get', 'user', 'by', 'id']],
    ['HTTPServer', ['http', 'server']],
    ['APIs and PDFs', []],
    ['utf8 v5', ['utf', '8']],
    ['FST_ERR_CTP_BODY_TOO_LARGE', ['fsterrctpbodytoolarge']],
    ['vec_distance_hamming', ['vecdistancehamming']],
    ['src/text/a.ts', ['src\ue000text\ue000a\ue000ts']],
    ['5.1.2', ['5\ue0001\ue0002']],
    ['content-type', ['contenttype']],
    ['数据库', ['据库']],
    ['서버를', ['서버', '버를']],
  ])('%s is also looked for by %j', (query, parts) => {
    // The stop word of a part is one of the query.
    expect(ofKind(query, 'part')).toEqual(parts.filter((part) => part !== 'by' || query === 'getUserById'))
  })

  test('a part is one thing to look for, in whichever languages the index knows it', () => {
    const parts = queryUnits('zqmark0001x', ['hu']).filter(({ kind }) => kind === 'part')
    expect(parts.map(({ terms }) => terms)).toEqual([['zqmark', 'zqmar'], ['0001x']])
  })

  test('takes the first 64 of a pasted page', () => {
    const page = Array.from({ length: 200 }, (_, i) => `w${i}`)
    expect(queryUnits(page.join(' '), []).map(({ word }) => word)).toEqual(page.slice(0, 64))
  })

  test('gives none for a query without words', () => {
    expect(queryUnits('?! "" ()', [])).toEqual([])
  })
})

describe('phraseTerms', () => {
  test('gives the words in a row, as each language has them', () => {
    expect(phraseTerms('the opened gates', [])).toEqual([['the', 'open', 'gate']])
    expect(phraseTerms('große Häuser', ['de'])).toEqual([
      ['gross', 'hauser'],
      ['gross', 'haus'],
    ])
  })

  test('gives pairs of characters where the dictionary may cut otherwise', () => {
    expect(phraseTerms('数据库', ['zh'])).toContainEqual(['数据', '据库'])
  })
})
