import { describe, expect, test } from 'vitest'
import { pdfExtractor } from '../../src/extract/pdf/pdf.js'
import type { Extracted } from '../../src/types.js'
import { buildPdf, linesAt, type PdfPage, textAt } from './build-pdf.js'
import { expectSound, extractedOf, limits, textOf } from './expect-sound.js'

async function read(...contents: readonly string[]): Promise<Extracted> {
  const pages: PdfPage[] = contents.map((content) => ({ content }))
  const extracted = extractedOf(await pdfExtractor.extract(buildPdf({ pages }), { name: 'a.pdf', limits }))
  expectSound(extracted)
  return extracted
}

/** `kind page: text` of each block. */
async function outlineOf(...contents: readonly string[]): Promise<string[]> {
  const extracted = await read(...contents)
  return extracted.blocks.map(({ kind, level, location, start, end }) => {
    const page = location.kind === 'pages' ? location.start : 0
    return `${kind}${level ?? ''} ${page}: ${extracted.text.slice(start, end)}`
  })
}

const left = [
  'The keeper of the lamp writes down',
  'the height of the water at dawn and',
  'at dusk, in a book that lies beside',
  'the stairs, and reads the numbers of',
  'the day before to whoever comes up.',
  'On days of fog the bell is rung too.',
]
const right = [
  'Ships that leave the harbour at ebb',
  'take the northern channel, which is',
  'marked by four red buoys and a light',
  'that can be seen from the old mill.',
  'Those that come in wait for the flood',
  'behind the long wall of the fishery.',
]

describe('columns', () => {
  const title = textAt(120, 740, 'A full line above both columns of the page, from edge to edge')
  const expected = [
    'A full line above both columns of the page, from edge to edge',
    left.join(' '),
    right.join(' '),
    'A full line below both columns of the page, from edge to edge',
  ]
  const foot = textAt(120, 560, 'A full line below both columns of the page, from edge to edge')

  test('are read one after the other', async () => {
    const page = title + linesAt(72, 700, left) + linesAt(330, 700, right) + foot
    expect(textOf(await read(page))).toEqual(expected)
  })

  test('are read one after the other also when they were drawn line by line', async () => {
    const rows = left.map(
      (line, i) => textAt(72, 700 - 14 * i, line) + textAt(330, 700 - 14 * i, right[i] ?? ''),
    )
    expect(textOf(await read(title + rows.join('') + foot))).toEqual(expected)
  })

  test('three of them, and lines that are not level with one another', async () => {
    const words = (name: string) =>
      Array.from({ length: 8 }, (_, i) => `${name} column line ${'abcdefgh'[i]} text${i === 7 ? '.' : ''}`)
    const page =
      linesAt(60, 700, words('first')) +
      linesAt(240, 695, words('second')) +
      linesAt(420, 690, words('third'))
    expect(textOf(await read(page))).toEqual([
      words('first').join(' '),
      words('second').join(' '),
      words('third').join(' '),
    ])
  })

  test('put a sentence together that goes on in the next one, past a footnote', async () => {
    const broken = [...left.slice(0, 5), 'On days of fog the bell is also']
    const rest = ['rung by those who live in the mill,', ...right]
    const note = textAt(72, 600, '1 See the book of the keeper.', { size: 8 })
    expect(textOf(await read(linesAt(72, 700, broken) + note + linesAt(330, 700, rest)))).toEqual([
      [...broken, ...rest].join(' '),
      '1 See the book of the keeper.',
    ])
  })

  test('are not found in a date beside the head of a letter', async () => {
    const page = textAt(400, 740, '12 May 1931') + linesAt(72, 700, left) + linesAt(72, 600, right)
    expect(textOf(await read(page))).toEqual(['12 May 1931', left.join(' '), right.join(' ')])
  })
})

describe('tables', () => {
  const rows = [
    ['Month', 'High water', 'Low water', 'Days of fog'],
    ['January', '4.2', '0.9', '11'],
    ['February', '4.4', '0.8', '9'],
    ['March', '4.9', '0.4', '6'],
  ]
  const table = rows
    .map((row, i) => row.map((cell, j) => textAt(72 + 120 * j, 600 - 16 * i, cell)).join(''))
    .join('')

  test('are kept row by row', async () => {
    expect(await outlineOf(linesAt(72, 700, left) + table)).toEqual([
      `text 1: ${left.join(' ')}`,
      `table 1: ${rows.map((row) => row.join(' | ')).join('\n')}`,
    ])
  })

  test('join what goes on in the next line to its cell', async () => {
    const page = [
      textAt(72, 700, 'Lamp') + textAt(200, 700, 'Burns oil, lit at') + textAt(400, 700, 'daily'),
      textAt(200, 686, 'dusk by the keeper'),
      textAt(72, 660, 'Bell') + textAt(200, 660, 'Rung by hand in') + textAt(400, 660, 'in fog'),
      textAt(200, 646, 'heavy weather'),
    ]
    expect(await outlineOf(page.join(''))).toEqual([
      'table 1: Lamp | Burns oil, lit at dusk by the keeper | daily\nBell | Rung by hand in heavy weather | in fog',
    ])
  })

  test('are not found in lines with wide spaces', async () => {
    const wide = left.map((line, i) => {
      const at = line.indexOf(' ', 4 + 5 * (i % 4))
      return (
        textAt(72, 700 - 14 * i, line.slice(0, at)) +
        textAt(72 + 6.2 * at + 14, 700 - 14 * i, line.slice(at + 1))
      )
    })
    expect((await read(wide.join(''))).blocks.map(({ kind }) => kind)).toEqual(['text'])
  })

  test('are not found in justified lines that were stretched, beside another column', async () => {
    // Spaces as wide as those of a narrow column without hyphenation: 1.2 and 1.5 times the type.
    const stretched = left.map(
      (line, i) => `${[0, 11, 14, 15, 0, 12][i]} Tw ${textAt(72, 700 - 14 * i, line)}`,
    )
    const page = `${stretched.join('')} 0 Tw ${linesAt(420, 700, right)}`
    const { blocks, text } = await read(page)
    expect(new Set(blocks.map(({ kind }) => kind))).toEqual(new Set(['text']))
    expect(text.replace(/\s+/g, ' ')).toBe([...left, ...right].join(' '))
  })

  test('are found where their columns are equally wide', async () => {
    const steps = ['7', '12', '9', '15', '8'].map((value, i) => textAt(72 + 40 * i, 600, value))
    const below = ['8', '14', '7', '11', '9'].map((value, i) => textAt(72 + 40 * i, 584, value))
    const kinds = (await read([...steps, ...below].join(''))).blocks.map(({ kind }) => kind)
    expect(kinds).toEqual(['table'])
  })
})

describe('paragraphs', () => {
  test('begin at gaps, at indents and behind lines that end early', async () => {
    const page =
      linesAt(72, 700, left) +
      linesAt(72, 600, ['A line that ends early.', ...right]) +
      textAt(90, 486, 'An indented line that begins a new') +
      linesAt(72, 472, ['paragraph, and goes on in this line.'])
    expect(textOf(await read(page))).toEqual([
      left.join(' '),
      'A line that ends early.',
      right.join(' '),
      'An indented line that begins a new paragraph, and goes on in this line.',
    ])
  })

  test('with indented further lines are entries of their own', async () => {
    const entry = (y: number, name: string) =>
      textAt(72, y, `${name}. 1931. The tides of the northern coast,`) +
      textAt(90, y - 14, 'together with forty years. Harbour press.')
    expect(textOf(await read(entry(700, 'Almond') + entry(672, 'Birch') + entry(644, 'Cedar')))).toEqual(
      ['Almond', 'Birch', 'Cedar'].map(
        (name) => `${name}. 1931. The tides of the northern coast, together with forty years. Harbour press.`,
      ),
    )
  })

  test('keep lines apart that the writer ended', async () => {
    const address = ['Office of the harbour', 'Long Wall 4', 'Stebbing']
    const page = linesAt(72, 700, address) + linesAt(72, 600, left)
    expect(textOf(await read(page))).toEqual([address.join('\n'), left.join(' ')])
  })

  test('of items are a list, with their further lines', async () => {
    const page =
      textAt(72, 720, 'Bring to the tower:') +
      textAt(80, 700, '\x95 oil for the lamp, of the kind that does') +
      textAt(92, 686, 'not smoke when it burns low at night') +
      textAt(80, 672, '\x95 matches') +
      textAt(80, 658, '\x95 the key')
    expect(await outlineOf(page)).toEqual([
      'text 1: Bring to the tower:',
      'list 1: • oil for the lamp, of the kind that does not smoke when it burns low at night\n• matches\n• the key',
    ])
  })

  test('of items with other marks below full lines are items of their own', async () => {
    const page =
      textAt(72, 700, '1. Fill the tank of the lamp slowly') +
      textAt(72, 686, '2. Trim the wick to nine millimetres') +
      textAt(72, 672, '\x95 Gloves, worn')
    expect(
      textOf(await read(page))
        .join('\n')
        .split('\n'),
    ).toEqual([
      '1. Fill the tank of the lamp slowly',
      '2. Trim the wick to nine millimetres',
      '• Gloves, worn',
    ])
  })

  test('of type of one width are code, with its indentation', async () => {
    const code = linesAt(72, 700, ['while (tide < 4) {', '  wait(10)', '}'], { font: 3 })
    expect(await outlineOf(linesAt(72, 760, ['The program of the gauge:']) + code)).toEqual([
      'text 1: The program of the gauge:',
      'code 1: while (tide < 4) {\n  wait(10)\n}',
    ])
  })

  test('stay on their page, but for the rest of a word', async () => {
    const first = [...left.slice(0, 5), 'On foggy days a bell from the har-']
    expect(
      textOf(
        await read(
          linesAt(72, 700, first),
          linesAt(72, 700, ['bour, and now and then a horn far out', 'at sea.']),
        ),
      ),
    ).toEqual([
      `${left.slice(0, 5).join(' ')} On foggy days a bell from the harbour,`,
      'and now and then a horn far out at sea.',
    ])
  })
})

describe('headers and footers', () => {
  const body = (n: number) =>
    linesAt(72, 600, [`Page text ${'abcdef'[n]} of the tide almanac, as`, ...left.slice(n, n + 3)])
  const kept = (n: number) => [
    `Page text ${'abcdef'[n]} of the tide almanac, as ${left.slice(n, n + 3).join(' ')}`,
  ]

  test('that repeat are left out but for the first, page numbers altogether', async () => {
    const pages = [0, 1, 2, 3].map(
      (n) => textAt(72, 750, 'Tide almanac of Stebbing') + body(n) + textAt(300, 40, `Page ${n + 7} of 90`),
    )
    expect(textOf(await read(...pages))).toEqual(['Tide almanac of Stebbing', ...[0, 1, 2, 3].flatMap(kept)])
  })

  test('that change beside a page number are left out where they stand in the text too', async () => {
    const heads = ['THE LAMP', 'THE LAMP', 'THE BELL', 'THE BELL']
    const pages = heads.map((head, n) => {
      const chapter =
        n % 2 === 0 ? textAt(72, 690, head === 'THE LAMP' ? 'The lamp' : 'The bell', { size: 20 }) : ''
      return textAt(72, 750, head) + textAt(500, 750, String(n + 1)) + chapter + body(n)
    })
    expect(textOf(await read(...pages))).toEqual([
      'The lamp',
      ...kept(0),
      ...kept(1),
      'The bell',
      ...kept(2),
      ...kept(3),
    ])
  })

  test('are not what only looks alike', async () => {
    const pages = [0, 1, 2].map((n) => textAt(72, 750, `Definition ${2 * n + 3}`) + body(n))
    expect(textOf(await read(...pages))).toEqual(
      [0, 1, 2].flatMap((n) => [`Definition ${2 * n + 3}`, ...kept(n)]),
    )
    expect(textOf(await read(...[0, 1, 2].map(() => textAt(72, 750, 'The same slide'))))).toEqual(
      Array(3).fill('The same slide'),
    )
  })
})

describe('hyphens at the end of lines', () => {
  const join = async (first: string, second: string, also = '') => {
    const lines = [`She reads ${first}`, `${second} every evening by the window of the tower`]
    const [block] = textOf(
      await read(linesAt(72, 700, lines) + textAt(72, 600, also || 'Nothing else is said of it.')),
    )
    return block
  }

  test.each([
    [
      'are taken away within a word',
      'the alma-',
      'nac',
      '',
      'She reads the almanac every evening by the window of the tower',
    ],
    [
      'stay in words that the document has with them',
      'well-',
      'known',
      'It is a well-known book.',
      'She reads well-known every evening by the window of the tower',
    ],
    [
      'stay between words that the document has apart',
      'tide-',
      'tables',
      'Of tide there are many tables here.',
      'She reads tide-tables every evening by the window of the tower',
    ],
    [
      'are taken away where the document has the word whole',
      'over-',
      'time',
      'Work over time, or as overtime now.',
      'She reads overtime every evening by the window of the tower',
    ],
    [
      'stay before names',
      'Anglo-',
      'Saxon',
      '',
      'She reads Anglo-Saxon every evening by the window of the tower',
    ],
  ])('%s', async (_, first, second, also, expected) => {
    expect(await join(first, second, also)).toBe(expected)
  })
})
