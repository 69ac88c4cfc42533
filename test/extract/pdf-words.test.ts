import { describe, expect, test } from 'vitest'
import { pdfExtractor } from '../../src/extract/pdf/pdf.js'
import { buildPdf, linesAt, textAt, unicodeText } from './build-pdf.js'
import { extractedOf, limits, textOf } from './expect-sound.js'

async function blocksOf(content: string, entries = ''): Promise<string[]> {
  const bytes = buildPdf({ pages: [{ content, entries }] })
  return textOf(extractedOf(await pdfExtractor.extract(bytes, { name: 'a.pdf', limits })))
}

describe('the words of a page', () => {
  test('are parted by gaps and spaces, not by kerning and spacing', async () => {
    expect(
      await blocksOf(
        [
          'BT /F1 12 Tf 72 700 Td [(K) 80 (er) -20 (ned) -300 (words) 1000 (back)] TJ ET',
          'BT /F1 12 Tf 72 640 Td 4 Tc (wide set) Tj ET',
          'BT /F1 12 Tf 72 580 Td 0 Tc 200 Tz (stretched type) Tj ET',
        ].join('\n'),
      ),
    ).toEqual(['Kerned words back', 'wide set', 'stretched type'])
  })

  test('go together where the type changes within a word, and indices hang on theirs', async () => {
    expect(
      await blocksOf(
        'BT /F2 12 Tf 72 700 Td (Bold) Tj /F1 12 Tf (face and x) Tj /F1 8 Tf 5 Ts (2) Tj 0 Ts /F1 12 Tf ( so on) Tj ET',
      ),
    ).toEqual(['Boldface and x2 so on'])
  })

  test('are parted from the marks of notes', async () => {
    const raised = (text: string) => `/F1 7 Tf 5 Ts (${text}) Tj 0 Ts /F1 12 Tf`
    const content = `BT /F1 12 Tf 72 700 Td (Tides.) Tj ${raised('3')} ( The area of 4 km) Tj ${raised('2')} ( is) Tj ET`
    expect(await blocksOf(`${content} BT 72 600 Td ${raised('3')} (See the book.) Tj ET`)).toEqual([
      'Tides. 3 The area of 4 km2 is',
      '3 See the book.',
    ])
  })

  test('have ligatures and accents in their plain form', async () => {
    // TeX sets an accent, goes back, and sets the letter below it.
    expect(
      await blocksOf('BT /F1 12 Tf 72 700 Td [(Fr) (\\250) 333 (uhst) (\\250) 333 (uck)] TJ ET'),
    ).toEqual(['Frühstück'])
    expect(await blocksOf('BT /F5 12 Tf 72 700 Td <000200780065006400200041fb01> Tj ET')).toEqual([
      'fixed Afi',
    ])
  })

  test('are there once though drawn twice for weight or shadow', async () => {
    const twice = textAt(72, 700, 'Heavy title') + textAt(72.4, 699.7, 'Heavy title')
    expect(await blocksOf(`${twice}BT /F1 12 Tf 72 640 Td [(H) 720 (H) (i) 220 (i)] TJ ET`)).toEqual([
      'Heavy title',
      'Hi',
    ])
    expect(await blocksOf(textAt(72, 700, 'Ha ha') + textAt(72, 680, 'Ha ha'))).toEqual(['Ha ha Ha ha'])
  })

  test('are joined where letters are set apart for emphasis', async () => {
    const letters = [...'UNDERTHESEA'].map((letter, i) =>
      textAt(72 + i * 12 + (i > 4 ? 4 : 0) + (i > 7 ? 4 : 0), 700, letter),
    )
    expect(await blocksOf(letters.join(''))).toEqual(['UNDER THE SEA'])
  })

  test('outside of the page are not seen', async () => {
    expect(
      await blocksOf(textAt(72, 900, 'above') + textAt(72, 700, 'here') + textAt(-300, 600, 'left')),
    ).toEqual(['here'])
  })

  test('of rotated pages read as on level ones', async () => {
    const lines = ['Lamps are lit at dusk and the', 'tide is out by four.']
    const upright = linesAt(72, 700, lines)
    expect(await blocksOf(upright)).toEqual(['Lamps are lit at dusk and the tide is out by four.'])
    expect(await blocksOf(upright, '/Rotate 90')).toEqual([
      'Lamps are lit at dusk and the tide is out by four.',
    ])
    const turned = `q 0 1 -1 0 612 0 cm ${linesAt(72, 500, lines)} Q`
    expect(await blocksOf(turned, '/Rotate 90')).toEqual([
      'Lamps are lit at dusk and the tide is out by four.',
    ])
  })

  test('that stand upright beside level text follow it', async () => {
    const stamp = 'BT /F1 12 Tf 0 1 -1 0 30 300 Tm (Copy for the keeper) Tj ET\n'
    expect(
      await blocksOf(stamp + linesAt(72, 700, ['Lamps are lit at dusk.', 'Tides are read at dawn.'])),
    ).toEqual(['Lamps are lit at dusk. Tides are read at dawn.', 'Copy for the keeper'])
  })

  test('drawn through forms stand where these put them', async () => {
    const bytes = buildPdf({
      pages: [
        {
          content: `q 1 0 0 1 0 -40 cm /X Do Q ${textAt(72, 700, 'First line')}`,
          resources: '/XObject << /X 100 0 R >>',
        },
      ],
      objects: {
        100: {
          dictionary:
            '/Type /XObject /Subtype /Form /BBox [0 0 612 792] /Matrix [1 0 0 1 0 10] /Resources << /Font << /F1 11 0 R >> >>',
          stream: textAt(72, 700, 'Second line'),
        },
      },
    })
    const extracted = extractedOf(await pdfExtractor.extract(bytes, { name: 'a.pdf', limits }))
    expect(textOf(extracted)).toEqual(['First line', 'Second line'])
  })
})

describe('other scripts', () => {
  test('from right to left are in the order in which they are read', async () => {
    // "حل المشكلات 25 خلال" as renderers place it: from left to right, with lam and alef as one glyph.
    const visual = [
      'ل',
      '\u0001',
      'خ',
      ' ',
      '2',
      '5',
      ' ',
      'ت',
      '\u0001',
      'ك',
      'ش',
      'م',
      'ل',
      'ا',
      ' ',
      'ل',
      'ح',
    ]
    const line = `BT /F5 12 Tf 300 700 Td ${unicodeText(visual.join(''))} Tj ET`
    expect(await blocksOf(line)).toEqual(['حل المشكلات 25 خلال'])
  })

  test('from right to left have paragraphs, and Latin words in their own order', async () => {
    const reversed = (text: string) => [...text].reverse().join('')
    const right = 400
    const lines = [`${reversed('שלום עולם וכל')} Python`, reversed('אשר בו')]
    const content = lines
      .map(
        (line, i) => `BT /F5 12 Tf ${right - line.length * 6} ${700 - 14 * i} Td ${unicodeText(line)} Tj ET`,
      )
      .join('\n')
    expect(await blocksOf(content)).toEqual(['Python שלום עולם וכל אשר בו'])
  })

  test('from top to bottom go on in the column to the left', async () => {
    const content = ['潮汐表は灯台守', 'の仕事です。']
      .map((column, i) => `BT /F6 12 Tf ${500 - 20 * i} 700 Td ${unicodeText(column)} Tj ET`)
      .join('\n')
    expect(await blocksOf(content)).toEqual(['潮汐表は灯台守の仕事です。'])
  })

  test('without spaces are joined without spaces', async () => {
    const content = ['灯台守は毎日', '潮汐表を読む。'].map(
      (line, i) => `BT /F5 12 Tf 72 ${700 - 14 * i} Td ${unicodeText(line)} Tj ET`,
    )
    expect(await blocksOf(content.join('\n'))).toEqual(['灯台守は毎日潮汐表を読む。'])
  })
})
