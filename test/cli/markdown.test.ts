import { describe, expect, it } from 'vitest'
import { createMarkdownRenderer, renderMarkdown } from '../../src/cli/markdown/render-markdown.js'
import { displayWidth } from '../../src/cli/markdown/split-units.js'
import { styleFor } from '../../src/cli/style.js'

const terminal = { write: () => {}, isTerminal: true }
const plain = styleFor(terminal, { NO_COLOR: '1' })
const coloured = styleFor(terminal, {})
const render = (text: string, columns = 40) => renderMarkdown(text, columns, plain)

const SAMPLE = `## The **heat pump**

It was *installed* in 2021 by \`the firm\` Keller [1]; 2*3*4 and snake_case stay.

- an item that is long enough to be broken at forty columns [2]
  - another one below it
12. a number

> A quotation that is long enough to be broken, too.

| Model | Volume |
|---|---:|
| Marmot 4 | **1,250** l |
| 東京 | 5 |

\`\`\`js
if (a) b("| no table |")
\`\`\`
---
東京本社は午前九時から午後六時まで営業しています。土曜日と日曜日は休業です。「お問い合わせ」はこちら。
`

describe('Markdown on a terminal', () => {
  it('shows blocks by signs of its own, broken at the width', () => {
    expect(render(SAMPLE)).toBe(
      [
        'The heat pump',
        '',
        'It was installed in 2021 by the firm',
        'Keller [1]; 2*3*4 and snake_case stay.',
        '',
        '• an item that is long enough to be',
        '  broken at forty columns [2]',
        '  • another one below it',
        '12. a number',
        '',
        '│ A quotation that is long enough to be',
        '│ broken, too.',
        '',
        'Model     Volume',
        '────────  ───────',
        'Marmot 4  1,250 l',
        '東京      5',
        '',
        '    if (a) b("| no table |")',
        '─'.repeat(40),
        '東京本社は午前九時から午後六時まで営業し',
        'ています。土曜日と日曜日は休業です。「お',
        '問い合わせ」はこちら。',
        '',
      ].join('\n'),
    )
  })

  it('gives the same however the text was cut', () => {
    const whole = renderMarkdown(SAMPLE, 33, coloured)
    for (let size = 1; size < 20; size++) {
      const renderer = createMarkdownRenderer(33, coloured)
      let out = ''
      for (let at = 0; at < SAMPLE.length; at += size) out += renderer.push(SAMPLE.slice(at, at + size))
      expect(out + renderer.end()).toBe(whole)
    }
  })

  it('shows words before their line is whole', () => {
    const renderer = createMarkdownRenderer(40, plain)
    expect(renderer.push('The heat pump was inst')).toBe('The heat pump was')
    expect(renderer.push('alled ')).toBe(' installed')
    const wide = createMarkdownRenderer(40, plain)
    expect(wide.push('東京本社は午前')).toBe('東京本社は午')
  })

  it.each([10, 25, 40, 80])('keeps to %i columns, but for code', (columns) => {
    const lines = render(SAMPLE, columns)
      .split('\n')
      .filter((line) => !line.includes('no table'))
    for (const line of lines) expect(displayWidth(line)).toBeLessThanOrEqual(Math.max(columns, 14))
  })

  it('breaks words and cells that are longer than a line', () => {
    expect(render('x'.repeat(25), 10)).toBe('xxxxxxxxxx\nxxxxxxxxxx\nxxxxx\n')
    expect(render('| a | b |\n|---|---|\n| one two three four | five six seven eight |', 20)).toBe(
      'a          b\n─────────  ─────────\none two    five six\nthree      seven\nfour       eight\n',
    )
  })

  it('styles what is emphasised, and lets no style go on into the next line', () => {
    expect(renderMarkdown('a **bold** *slanted* `code`', 40, coloured)).toBe(
      'a \u001b[1mbold\u001b[22m \u001b[3mslanted\u001b[23m \u001b[36mcode\u001b[39m\n',
    )
    expect(renderMarkdown('an **open\nline', 40, coloured)).toBe('an \u001b[1mopen\u001b[22m\nline\n')
  })

  it('lets no control sequence of the text through, wherever it stands', () => {
    const attacks = [
      '\u001b]0;owned\u0007',
      '\u001b[2J',
      '\u009b31m',
      '\u0007',
      '\r',
      '\u202e',
      '\u0000',
      '\b',
    ]
    for (const attack of attacks) {
      const text = [...SAMPLE].map((character, i) => (i % 9 === 0 ? attack : '') + character).join('')
      expect(render(text)).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/)
      const bare = renderMarkdown(text, 40, coloured).replace(/\u001b\[\d+m/g, '')
      expect(bare).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/)
    }
  })

  it.each([
    ['a table without an end', '| a | b |', 'a     b\n'],
    ['a fence without an end', '```\ncode', '    code\n'],
    ['signs that close nothing', '**', '**\n'],
    ['signs among blanks', '2 * 3 * 4', '2 * 3 * 4\n'],
    ['escaped signs', '\\*no\\* \\_no\\_', '*no* _no_\n'],
    ['signs within code', '`**x**` `a_b`', '**x** a_b\n'],
    ['a markup of three', '***both***', 'both\n'],
    ['empty lines', '\n\na\n\n\n\nb\n\n', 'a\n\nb\n'],
    ['nothing', '', ''],
    ['an escaped bar', '| a \\| b |\n|---|\n| c |', 'a | b\n─────\nc\n'],
  ])('copes with %s', (_, text, expected) => {
    expect(render(text)).toBe(expected)
  })
})
