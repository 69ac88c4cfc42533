import { describe, expect, test } from 'vitest'
import { TextBuilder } from '../../src/extract/text-builder.js'
import { expectSound } from './expect-sound.js'

const page = (n: number) => ({ kind: 'pages', start: n, end: n }) as const

describe('a text put together', () => {
  test('has a blank line between two blocks, and each block its place', () => {
    const builder = new TextBuilder()
    builder.addHeading(1, 'A  title\nof two lines', page(1))
    builder.add('text', 'First.', page(1))
    builder.add('text', ' \n ', page(2))
    builder.add('table', 'a | b', page(2))
    const { text, blocks } = builder.finish()
    expect(text).toBe('A  title\nof two lines\n\nFirst.\n\na | b')
    expect(builder.length).toBe(text.length)
    expect(blocks.map(({ kind, start, end }) => [kind, text.slice(start, end)])).toEqual([
      ['heading', 'A  title\nof two lines'],
      ['text', 'First.'],
      ['table', 'a | b'],
    ])
    expect(blocks[0]).toMatchObject({ level: 1, heading: 'A title of two lines', location: page(1) })
    expectSound({ text, blocks, metadata: {}, type: 'text/plain' })
  })

  test('names what follows without words in the text', () => {
    const builder = new TextBuilder()
    builder.add('text', 'Before.', page(1))
    builder.addName(9, ' Sheet\n2 ', page(2))
    builder.addName(1, ' ', page(2))
    builder.add('text', 'After.', page(2))
    const { text, blocks } = builder.finish()
    expect(text).toBe('Before.\n\nAfter.')
    expect(blocks[1]).toEqual({
      kind: 'heading',
      start: 7,
      end: 7,
      level: 6,
      heading: 'Sheet 2',
      location: page(2),
    })
    expect(blocks).toHaveLength(3)
    expectSound({ text, blocks, metadata: {}, type: 'text/plain' })
  })
})
