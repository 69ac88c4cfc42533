import { describe, expect, test } from 'vitest'
import { findNewlines, locateRange } from '../../src/chunk/locate-range.js'
import type { Location } from '../../src/types.js'
import { documentOf, type Piece } from './documents.js'

/** Where the stretch from one text to the end of another is said to be. */
function locate(pieces: readonly Piece[], from: string, to: string, heading?: string): Location {
  const { text, blocks } = documentOf(pieces)
  const range = { start: text.indexOf(from), end: text.indexOf(to) + to.length }
  return locateRange(findNewlines(text), blocks, range, heading)
}

const at = (text: string, location: Location): Piece => ({ text, location })

describe('lines', () => {
  const pieces = [{ text: 'one\ntwo\nthree' }, { text: 'five\nsix\nseven' }]

  test.each([
    ['one', 'three', 1, 3],
    ['two', 'two', 2, 2],
    ['two', 'six', 2, 6],
    ['wo', 'thre', 2, 3],
    ['five', 'seven', 5, 7],
    ['seven', 'seven', 7, 7],
  ])('from "%s" to "%s"', (from, to, start, end) => {
    expect(locate(pieces, from, to)).toEqual({ kind: 'lines', start, end })
  })

  test('are the block’s own when its text is not laid out as its source is', () => {
    const wrapped = [at('one two\nthree', { kind: 'lines', start: 10, end: 30 }), { text: 'four' }]
    expect(locate(wrapped, 'three', 'three')).toEqual({ kind: 'lines', start: 10, end: 30 })
  })

  test('count from where the block stands in the source, not in the text', () => {
    const moved = [at('one\ntwo\nthree', { kind: 'lines', start: 10, end: 12 })]
    expect(locate(moved, 'two', 'two')).toEqual({ kind: 'lines', start: 11, end: 11 })
  })
})

describe('other kinds', () => {
  test('pages span from the first block to the last', () => {
    const pages = [1, 2, 5].map((n) => at(`text ${n}`, { kind: 'pages', start: n, end: n + 1 }))
    expect(locate(pages, 'text 1', 'text 2')).toEqual({ kind: 'pages', start: 1, end: 3 })
    expect(locate(pages, 'text 2', 'text 5')).toEqual({ kind: 'pages', start: 2, end: 6 })
  })

  test('rows span as long as they are of one sheet', () => {
    const sheet = (name: string, from: number, to: number) =>
      at(`${name} ${from}`, { kind: 'sheet', name, rows: [from, to] })
    const sheets = [sheet('Costs', 1, 9), sheet('Costs', 10, 19), sheet('Staff', 1, 4)]
    expect(locate(sheets, 'Costs 1', 'Costs 10')).toEqual({ kind: 'sheet', name: 'Costs', rows: [1, 19] })
    expect(locate(sheets, 'Costs 10', 'Staff 1')).toEqual({ kind: 'sheet', name: 'Costs', rows: [10, 19] })
  })

  test('sections span to the one that holds both', () => {
    const section = (...path: string[]) => at(path.join(' '), { kind: 'section', path })
    const sections = [section('A', 'B', 'C'), section('A', 'B', 'D'), section('A', 'E')]
    expect(locate(sections, 'A B C', 'A B D')).toEqual({ kind: 'section', path: ['A', 'B'] })
    expect(locate(sections, 'A B C', 'A E')).toEqual({ kind: 'section', path: ['A'] })
  })

  test.each<[Location, Location]>([
    [
      { kind: 'slide', n: 3 },
      { kind: 'slide', n: 4 },
    ],
    [
      { kind: 'cell', n: 1 },
      { kind: 'cell', n: 2 },
    ],
    [
      { kind: 'section', path: ['A'] },
      { kind: 'section', path: ['B'] },
    ],
    [
      { kind: 'pages', start: 1, end: 1 },
      { kind: 'lines', start: 4, end: 4 },
    ],
  ])('%j followed by %j is the first of them', (first, second) => {
    expect(locate([at('one', first), at('two', second)], 'one', 'two')).toEqual(first)
  })
})

describe('the heading', () => {
  test('is added to whatever kind it is', () => {
    expect(locate([{ text: 'one' }], 'one', 'one', 'Gate')).toEqual({
      kind: 'lines',
      start: 1,
      end: 1,
      heading: 'Gate',
    })
    expect(locate([at('one', { kind: 'slide', n: 2 })], 'one', 'one', 'Gate')).toEqual({
      kind: 'slide',
      n: 2,
      heading: 'Gate',
    })
  })

  test('is the place when there is no block', () => {
    const range = { start: 0, end: 1 }
    expect(locateRange([], [], range, 'Gate')).toEqual({ kind: 'section', path: ['Gate'] })
    expect(locateRange([], [], range)).toEqual({ kind: 'section', path: [] })
  })

  test('is the place, too, between two blocks', () => {
    const { text, blocks } = documentOf([{ text: 'one' }, { text: 'two' }])
    expect(locateRange(findNewlines(text), blocks, { start: 3, end: 5 })).toEqual({
      kind: 'section',
      path: [],
    })
  })
})

test('findNewlines gives every line break', () => {
  expect(findNewlines('')).toEqual([])
  expect(findNewlines('\na\n\nb')).toEqual([0, 2, 3])
})
