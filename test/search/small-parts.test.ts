import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Candidate, cosine, diversify } from '../../src/search/diversify.js'
import { editDistance } from '../../src/search/edit-distance.js'
import { findDates } from '../../src/search/find-dates.js'
import { parseQuery } from '../../src/search/parse-query.js'
import { recencyOf } from '../../src/search/recency.js'

describe('parseQuery', () => {
  test.each([
    ['plain words', 'plain words', [], []],
    ['"ice gate" walrus', 'ice gate walrus', ['ice gate'], []],
    ['“ice gate” „Tor“', 'ice gate Tor', ['ice gate', 'Tor'], []],
    ['walrus -tusk', 'walrus', [], ['tusk']],
    ['well-known walrus --flag -5 -v', 'well-known walrus --flag -5 -v', [], []],
    ['"-tusk" walrus', 'tusk walrus', ['-tusk'], []],
    ['-tusk', '-tusk', [], []],
    ['walrus -"ice gate"', 'walrus', [], ['ice gate']],
    ['walrus-"ice gate"', 'walrus- ice gate', ['ice gate'], []],
    ['苹果 -手机', '苹果', [], ['手机']],
    ['walrus "', 'walrus "', [], []],
    ['"" walrus', '"" walrus', [], []],
  ])('%s', (query, text, phrases, excluded) => {
    expect(parseQuery(query)).toEqual({ text, phrases, excluded })
  })
})

describe('editDistance', () => {
  test.each([
    ['walrus', 'walrus', 0],
    ['wallrus', 'walrus', 1],
    ['warlus', 'walrus', 1],
    ['walrs', 'walrus', 1],
    ['wolrus', 'walrus', 1],
    ['wlarsu', 'walrus', 2],
    ['', 'ab', 2],
    ['abcdef', 'uvwxyz', 3],
  ])('from %s to %s is %d, or more than 2', (from, to, distance) => {
    expect(editDistance(from, to, 2)).toBe(distance)
  })

  test('is the same both ways and 0 for equal texts alone', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 7 })
    fc.assert(
      fc.property(text, text, (a, b) => {
        expect(editDistance(a, b, 9)).toBe(editDistance(b, a, 9))
        expect(editDistance(a, b, 9) === 0).toBe(a === b)
      }),
    )
  })
})

describe('findDates', () => {
  const now = new Date('2025-06-15T12:00:00Z')
  const day = (date: string) => Date.parse(`${date}T00:00:00Z`)

  test.each([
    ['notes from last month', 'notes', '2025-05-01', '2025-06-01'],
    ['budget in March 2024', 'budget', '2024-03-01', '2024-04-01'],
    ['what changed this week', 'what changed', '2025-06-09', '2025-06-16'],
    ['incidents in the past 30 days', 'incidents', '2025-05-16', '2025-06-16'],
    ['minutes in 2023', 'minutes', '2023-01-01', '2024-01-01'],
    ['mails yesterday', 'mails', '2025-06-14', '2025-06-15'],
    ['mails of the day before yesterday', 'mails', '2025-06-13', '2025-06-14'],
    ['notes between 2020 and 2022', 'notes', '2020-01-01', '2023-01-01'],
    ['notes between January and March 2023', 'notes', '2023-01-01', '2023-04-01'],
    ['notes from 2023-05 to 2023-07', 'notes', '2023-05-01', '2023-08-01'],
    ['notes from 2023-05', 'notes', '2023-05-01', '2023-06-01'],
    ['notes on 5 March 2023', 'notes', '2023-03-05', '2023-03-06'],
    ['notes of March 5th, 2023', 'notes', '2023-03-05', '2023-03-06'],
    ['Notiz vom 12.03.2023', 'Notiz', '2023-03-12', '2023-03-13'],
    ['Q1 2024 revenue', 'revenue', '2024-01-01', '2024-04-01'],
    ['revenue of last quarter', 'revenue', '2025-01-01', '2025-04-01'],
    ['what was decided in August', 'what was decided', '2024-08-01', '2024-09-01'],
    ['changes of the past two weeks', 'changes', '2025-06-01', '2025-06-16'],
    ['changes in the past year', 'changes', '2024-06-15', '2025-06-16'],
    ['report two weeks ago', 'report', '2025-05-26', '2025-06-02'],
    ['mail of last Friday', 'mail', '2025-06-13', '2025-06-14'],
    ['Protokoll im letzten Jahr', 'Protokoll', '2024-01-01', '2025-01-01'],
    ['Protokoll vor zwei Wochen', 'Protokoll', '2025-05-26', '2025-06-02'],
    ['rapports du mois dernier', 'rapports', '2025-05-01', '2025-06-01'],
    ['rapports de mars 2024', 'rapports', '2024-03-01', '2024-04-01'],
    ['informes del año pasado', 'informes', '2024-01-01', '2025-01-01'],
    ['informes de los últimos 3 meses', 'informes', '2025-03-15', '2025-06-16'],
    ['actas de hace dos semanas', 'actas', '2025-05-26', '2025-06-02'],
    ['отчёты за прошлый месяц', 'отчёты', '2025-05-01', '2025-06-01'],
    ['2024年3月会议', '会议', '2024-03-01', '2024-04-01'],
    ['先月の報告', 'の報告', '2025-05-01', '2025-06-01'],
    ['rapports en mars', 'rapports', '2025-03-01', '2025-04-01'],
    ['notes \n from   last  month', 'notes', '2025-05-01', '2025-06-01'],
    ['the last week of May 2024 in notes', 'the last week in notes', '2024-05-01', '2024-06-01'],
    ['relatórios no ano passado', 'relatórios', '2024-01-01', '2025-01-01'],
  ])('%s', (query, rest, since, before) => {
    expect(findDates(query, now)).toMatchObject({ rest, range: { since: day(since), before: day(before) } })
  })

  test.each([
    ['reports since March 2023', { since: day('2023-03-01') }],
    ['reports after 2023', { since: day('2024-01-01') }],
    ['reports before 2023', { before: day('2023-01-01') }],
    ['reports until 2023', { before: day('2024-01-01') }],
    ['reports since last week', { since: day('2025-06-02') }],
    ['reports since Monday', { since: day('2025-06-09') }],
    ['rapports depuis 2022', { since: day('2022-01-01') }],
    ['informes antes de mayo de 2022', { before: day('2022-05-01') }],
  ])('%s', (query, range) => {
    expect(findDates(query, now)?.range).toEqual(range)
  })

  test.each([
    'the last walrus',
    'last month',
    'room 2023',
    'march of progress',
    'notes of 2023-02-31',
    'ich bin hier',
    'life on Mars',
    'the moons of Mars',
    'the last day to enrol',
    'letzter Tag der Anmeldung',
    'the last year of the contract',
    'over 2000 employees',
    'there is no 2020 report',
    'version 1.2.3.2024',
  ])('%s names none', (query) => {
    expect(findDates(query, now)).toBeUndefined()
  })
})

describe('recencyOf', () => {
  test('falls from 1 by half of what age can cost in each half-life', () => {
    const day = 86_400_000
    expect(recencyOf(0, 0, 10)).toEqual({ ageDays: 0, factor: 1 })
    expect(recencyOf(0, 10 * day, 10)).toEqual({ ageDays: 10, factor: 0.75 })
    expect(recencyOf(0, 20 * day, 10).factor).toBe(0.625)
    expect(recencyOf(0, 1e6 * day, 10).factor).toBe(0.5)
    expect(recencyOf(5 * day, 0, 10).factor).toBe(1)
  })
})

describe('diversify', () => {
  const candidate = (item: string, score: number, ...vector: readonly number[]): Candidate<string> => ({
    item,
    score,
    vector: vector.length === 0 ? undefined : Float32Array.from(vector),
  })
  const three = [candidate('a', 3, 1, 0), candidate('b', 2.9, 1, 0), candidate('c', 1, 0, 1)]
  const names = (diversity: number, limit = 3) => diversify(three, limit, diversity).map(({ item }) => item)

  test('keeps the order of scores at 0 and parts the alike above', () => {
    expect(names(0)).toEqual(['a', 'b', 'c'])
    expect(names(0.6)).toEqual(['a', 'c', 'b'])
    expect(names(0.6, 2)).toEqual(['a', 'c'])
  })

  test('tells the greatest likeness to those before', () => {
    expect(diversify(three, 3, 0).map(({ similarity }) => similarity)).toEqual([0, 1, 0])
  })

  test('of nothing is nothing, and what has no vector is like nothing', () => {
    expect(diversify([], 3, 0.5)).toEqual([])
    expect(cosine(undefined, Float32Array.from([1]))).toBe(0)
  })
})
