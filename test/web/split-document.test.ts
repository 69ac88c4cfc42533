import { describe, expect, it } from 'vitest'
import type { DocumentContent } from '../../src/api/client.js'
import {
  findFocus,
  outlineOf,
  partName,
  readTable,
  splitPieces,
} from '../../src/web/reader/split-document.js'

const location = { kind: 'lines', start: 1, end: 1 } as const
const TEXT = 'Before it.\n\nThe pump  is\nquiet. It is new.\n\nAfter: the pump is quiet.'
const passage = { start: TEXT.indexOf('The pump'), end: TEXT.indexOf('\n\nAfter') }
const content: DocumentContent = {
  id: 'd',
  uri: 'a.md',
  title: 'A',
  text: TEXT,
  blocks: [],
  passages: [{ id: 'd-0', ...passage, headings: [], location }],
}

describe('what is shown of a document', () => {
  it('is its passage, and in it the quoted words however they are broken', () => {
    const { quote } = findFocus(content, 'd-0', 'The pump is quiet.')
    expect(TEXT.slice(quote?.start, quote?.end)).toBe('The pump  is\nquiet.')
    expect(findFocus(content, 'd-0').passage).toMatchObject(passage)
  })

  it('is the quote wherever it stands when the passage does not hold it', () => {
    const { quote } = findFocus(content, 'd-0', 'After: the pump …')
    expect(TEXT.slice(quote?.start, quote?.end)).toBe('After: the pump')
  })

  it.each([
    ['d-7', undefined],
    [undefined, 'nowhere to be found'],
    [undefined, '   '],
    [undefined, '(((['],
  ])('is nothing for passage %s and quote %s', (id, quote) =>
    expect(findFocus(content, id, quote)).toEqual({ passage: undefined, quote: undefined }),
  )

  it('cuts a block where passage and quote begin and end, and loses nothing', () => {
    const pieces = splitPieces(TEXT, { start: 0, end: TEXT.length }, findFocus(content, 'd-0', 'is quiet.'))
    expect(pieces.map(({ text }) => text).join('')).toBe(TEXT)
    expect(pieces.map(({ mark }) => mark)).toEqual(['none', 'passage', 'quote', 'passage', 'none'])
  })
})

describe('tables', () => {
  const rows = (text: string) => readTable(text, { start: 0, end: text.length })

  it('of Markdown lose their rule and keep escaped bars', () => {
    expect(rows('| a | b |\n|---|---|\n| 1 | 2\\|3 |').map(({ cells }) => cells)).toEqual([
      ['a', 'b'],
      ['1', '2|3'],
    ])
  })

  it('whose rows carry the names of columns are put into these columns', () => {
    const text = 'Date | Snow | Remark\nDate: 01.11. | Snow: 5\nDate: 02.11. | Remark: fog'
    expect(rows(text).map(({ cells }) => cells)).toEqual([
      ['Date', 'Snow', 'Remark'],
      ['01.11.', '5', ''],
      ['02.11.', '', 'fog'],
    ])
  })

  it('know where each row stands', () => {
    const text = 'a | b\nc | d'
    for (const { start, end, cells } of rows(text)) expect(text.slice(start, end)).toBe(cells.join(' | '))
  })
})

describe('parts and outline', () => {
  it('are named by pages, slides, sheets and cells', () => {
    expect(partName({ kind: 'pages', start: 3, end: 3 })).toBe('Page 3')
    expect(partName({ kind: 'slide', n: 2 })).toBe('Slide 2')
    expect(partName({ kind: 'sheet', name: 'Count', rows: [1, 2] })).toBe('Sheet Count')
    expect(partName({ kind: 'cell', n: 5 })).toBe('Cell 5')
    expect(partName(location)).toBe('')
  })

  it('leave out headings without words', () => {
    const heading = { kind: 'heading', start: 0, end: 0, location } as const
    const blocks = [
      { ...heading, level: 2, heading: 'One' },
      { ...heading, heading: ' ' },
    ]
    expect(outlineOf({ ...content, blocks })).toEqual([{ block: 0, level: 2, text: 'One' }])
  })
})
