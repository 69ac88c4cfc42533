import { expect, it } from 'vitest'
import { readPassage } from '../../src/text/read-passage.js'

function rowsOf(passage: string) {
  return readPassage(passage, '').parts.flatMap(({ row }) =>
    row === undefined
      ? []
      : [
          {
            table: row.table,
            heads: row.heads.map(({ text }) => text),
            cells: row.cells.map(({ text }) => text),
          },
        ],
  )
}

it('names the columns of a table by its first row', () => {
  expect(rowsOf('| Hut | Beds |\n|---|---|\n| Griesalm | 24 |\n| Harrow | |')).toEqual([
    { table: 0, heads: ['Hut', 'Beds'], cells: ['Griesalm', '24'] },
    { table: 0, heads: ['Hut', 'Beds'], cells: ['Harrow', ''] },
  ])
})

it('names the columns of a row that carries their names by itself, the first row too', () => {
  expect(rowsOf('No.: L-01 | Since: 2024-06-03\nNo.: L-02 | Lent to: Joss | At: 10:30')).toEqual([
    { table: 0, heads: ['No.', 'Since'], cells: ['L-01', '2024-06-03'] },
    { table: 0, heads: ['No.', 'Lent to', 'At'], cells: ['L-02', 'Joss', '10:30'] },
  ])
})

it('reads names of columns that are long, and a first cell without one', () => {
  const name = 'x'.repeat(120)
  expect(rowsOf(`0 | Hut: Griesalm | ${name}: 24\n1 | Hut: Harrow | ${name}: 16`)).toEqual([
    { table: 0, heads: ['', 'Hut', name], cells: ['0', 'Griesalm', '24'] },
    { table: 0, heads: ['', 'Hut', name], cells: ['1', 'Harrow', '16'] },
  ])
})

it('leaves a cell with a colon under the head of its table', () => {
  expect(rowsOf('| Hut | Remark |\n|---|---|\n| Harrow | Note: closed |')).toEqual([
    { table: 0, heads: ['Hut', 'Remark'], cells: ['Harrow', 'Note: closed'] },
  ])
})

it.each([
  ['Depth [cm]: 158 | Note: dry', { values: [1.58], dimension: 'length' }],
  ['| Days with cover | Note |\n| 8 | dry |', { values: [8 * 86_400], dimension: 'time' }],
  ['| Depth | Note |\n| 8 | dry |', undefined],
  ['| Temp. min | Note |\n| 8 | dry |', undefined],
  ['| Depth [cm] | Note |\n| 8 mm | dry |', { values: [0.008], dimension: 'length' }],
])('gives a bare number the unit of its column: %s', (passage, measured) => {
  const statement = readPassage(passage, '').parts.at(-1)?.statement
  const [found] = statement?.quantities.filter(({ dimension }) => dimension !== undefined) ?? []
  if (measured === undefined) expect(found).toBeUndefined()
  else expect(found).toMatchObject(measured)
})
