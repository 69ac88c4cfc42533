import { describe, expect, test } from 'vitest'
import {
  type FlowItem,
  type ParagraphStyle,
  paragraphOf,
  tableOf,
  tidyText,
} from '../../src/extract/flow/flow.js'
import { FlowBuilder } from '../../src/extract/flow/flow-builder.js'
import { FlowWriter } from '../../src/extract/flow/flow-writer.js'
import { expectSound } from './expect-sound.js'

function written(...items: readonly FlowItem[]): string[] {
  const writer = new FlowWriter()
  for (const item of items) writer.write(item)
  const { text, blocks } = writer.finish()
  expectSound({ text, blocks, metadata: {}, type: 'text/plain' })
  return blocks.map(({ kind, start, end }) => `${kind} ${text.slice(start, end)}`)
}
const noted = (text: string, style: ParagraphStyle, note: string): FlowItem => ({
  ...paragraphOf(text, style),
  notes: [note],
})
const item = (level: number, label: string): ParagraphStyle => ({ list: { level, label } })

describe('paragraphs', () => {
  test('of a list or of code make one block each, with their notes', () => {
    expect(
      written(
        noted('one', item(0, '1.'), '[note]'),
        paragraphOf('two\nlines', item(1, '-')),
        paragraphOf(' a', { isCode: true }),
        noted(' b', { isCode: true }, '[why]'),
        paragraphOf('text'),
      ),
    ).toEqual(['list 1. one\n[note]\n  - two\n    lines', 'code  a\n b', 'text [why]', 'text text'])
  })

  test('are left out when they are empty, their notes are not', () => {
    expect(written(paragraphOf(' '), noted('', {}, '[note]'), paragraphOf('\u200b', { heading: 1 }))).toEqual(
      ['text [note]'],
    )
  })

  test('with a typed bullet are items', () => {
    expect(written(paragraphOf('•\tone'), paragraphOf('● two'), paragraphOf('•three'))).toEqual([
      'list - one\n- two',
      'text •three',
    ])
  })

  test('lie at most eight levels deep', () => {
    expect(written(paragraphOf('x', item(99, '-')))).toEqual([`list ${' '.repeat(16)}- x`])
    expect(written(paragraphOf('x', item(-1, '-')))).toEqual(['list - x'])
  })
})

test('headings are the places of what follows them', () => {
  const writer = new FlowWriter()
  writer.write(paragraphOf('One', { heading: 1, ...item(0, 'I') }))
  writer.write(paragraphOf('Two', { heading: 2 }))
  writer.write(paragraphOf('x'))
  writer.name(2, 'Three')
  writer.write(paragraphOf('y'))
  writer.name(1, '')
  writer.write(paragraphOf('z'))
  const paths = writer
    .finish()
    .blocks.map(({ location }) => location.kind === 'section' && location.path.join('/'))
  expect(paths).toEqual(['I One', 'I One/Two', 'I One/Two', 'I One/Three', 'I One/Three', ''])
})

test('a table has a line for each row that holds words', () => {
  expect(
    written(
      tableOf([
        ['a', 'b'],
        ['', ''],
        ['c', ''],
      ]),
    ),
  ).toEqual(['table a | b\nc'])
  expect(written(tableOf([['a'], ['b']]))).toEqual(['text a', 'text b'])
})

test('text that covers rows is repeated when it is short', () => {
  const cell = (text: string, merge: 'own' | 'above') => ({ items: [paragraphOf(text)], merge, span: 1 })
  const rows = ['x', 'x'.repeat(200)].map((text) => [
    [cell(text, 'own'), cell('1', 'own')],
    [cell('', 'above'), cell('2', 'own')],
  ])
  expect(written({ kind: 'table', rows: rows.flat() })).toEqual([
    `table x | 1\nx | 2\n${'x'.repeat(200)} | 1\n | 2`,
  ])
})

test('calls that do not fit what is open lose nothing and break nothing', () => {
  const items: FlowItem[] = []
  const flow = new FlowBuilder((each) => items.push(each))
  flow.closeTable()
  flow.closeRow()
  flow.openCell()
  flow.openParagraph()
  flow.text('in no table')
  flow.closeParagraph({})
  flow.closeCell()
  flow.openParagraph()
  flow.text('before ')
  flow.openBox()
  flow.text('nowhere')
  flow.note('[in the box]')
  flow.closeBox()
  flow.closeCell()
  flow.text('after')
  flow.closeParagraph({})
  flow.note('[alone]')
  expect(items.map((each) => each.kind === 'paragraph' && [each.text, ...each.notes])).toEqual([
    ['before after', '[in the box]'],
    ['', '[alone]'],
  ])
})

test.each([
  ['a\u00a0 b\t c \n\n d', 'a b c\nd'],
  ['soft\u00adhyphen zero\u200bwidth\ufeff', 'softhyphen zerowidth'],
  ['bell\u0007 half\ud800', 'bell half'],
  ['😀', '😀'],
])('%j is put in order', (given, expected) => expect(tidyText(given)).toBe(expected))
