import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseBlocks } from '../../src/web/shared/markdown/parse-blocks.js'
import { readText } from '../../src/web/shared/read-text.js'

const shapes = (text: string) =>
  parseBlocks(text).map((block) => {
    switch (block.kind) {
      case 'heading':
        return `h${block.level} ${block.line.text}`
      case 'list':
        return block.items.map(
          ({ depth, number = '-', lines }) =>
            `${depth} ${number} ${lines.map((line) => line.text).join('|')}`,
        )
      case 'table':
        return block.rows.map((cells) => cells.map((cell) => cell.text.trim()))
      case 'rule':
        return '---'
      default:
        return `${block.kind} ${block.lines.map((line) => line.text).join('|')}`
    }
  })

describe('blocks', () => {
  it.each([
    ['two\nlines\n\nand a paragraph', ['paragraph two|lines', 'paragraph and a paragraph']],
    ['# One\ntext\n### Three', ['h1 One', 'paragraph text', 'h3 Three']],
    ['- a\n  more\n- b\n  - c\n\n- d', [['0 - a|  more', '0 - b', '1 - c', '0 - d']]],
    ['1. a\n2) b\n      - deep', [['0 1 a', '0 2 b', '1 - deep']]],
    ['> quoted\n> on\nnot', ['quote quoted|on', 'paragraph not']],
    ['```js\n# no heading\n```\nafter', ['code # no heading', 'paragraph after']],
    ['```\nnever ended', ['code never ended']],
    ['```npm ci``` sets it up\n# Next', ['paragraph ```npm ci``` sets it up', 'h1 Next']],
    [
      '| a | b |\n|---|:-:|\n| 1 | 2\\|3 |',
      [
        [
          ['a', 'b'],
          ['1', '2\\|3'],
        ],
      ],
    ],
    ['a\n***\nb', ['paragraph a', '---', 'paragraph b']],
    ['<b>x</b>\n[a]: https://e.example', ['paragraph <b>x</b>|[a]: https://e.example']],
    ['2024. was a year\n-5 degrees\n#hashtag', [['0 2024 was a year'], 'paragraph -5 degrees|#hashtag']],
  ])('of %j', (text, expected) => expect(shapes(text)).toEqual(expected))

  it('know where each of their words stands', () => {
    const text = '# Head\n\n- one [1]\n\n> two [2]\n\n| a [3] | b |'
    const places = (value: unknown): [string, number][] => {
      if (typeof value !== 'object' || value === null) return []
      if ('text' in value && 'start' in value) return [[String(value.text), Number(value.start)]]
      return Object.values(value).flatMap(places)
    }
    const found = places(parseBlocks(text))
    expect(found).toHaveLength(5)
    for (const [words, start] of found) expect(text.slice(start, start + words.length)).toBe(words)
  })

  it('of any text are read in one go, and lose no line', () => {
    const line = fc.oneof(
      fc.constantFrom('- a', '  - b', '1. c', '> d', '| e | f |', '', '```', '# g', '---', '    h', '***'),
      fc.string(),
    )
    fc.assert(
      fc.property(fc.array(line, { maxLength: 30 }), (lines) => {
        const text = lines.join('\n').replace(/[\r\u2028\u2029]/g, '')
        const kept = JSON.stringify(parseBlocks(text))
        for (const [word] of text.matchAll(/[a-z]{3,}/g)) expect(kept).toContain(word)
      }),
      { seed: 3, numRuns: 200 },
    )
  })
})

describe('words', () => {
  const marked = (text: string) =>
    readText(text)
      .map(({ text: words, bold, italic, code }) => {
        const signs = `${bold ? 'B' : ''}${italic ? 'I' : ''}${code ? 'C' : ''}`
        return signs === '' ? words : `${signs}<${words}>`
      })
      .join('')

  it.each([
    ['plain  words', 'plain  words'],
    ['**bold words** and *slanted*', 'B<bold words> and I<slanted>'],
    ['`code * here` 2*3 snake_case', 'C<code * here> 2*3 snake_case'],
    ['[text](https://e.example) ![x](y) <b>', '[text](https://e.example) ![x](y) <b>'],
    ['5 * 3 * 2', '5 * 3 * 2'],
  ])('%s', (text, expected) => expect(marked(text)).toBe(expected))
})
