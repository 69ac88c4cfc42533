import { describe, expect, test } from 'vitest'
import { rtfExtractor } from '../../src/extract/rtf/rtf.js'
import { describeExtractor } from '../contract/extractor.js'
import { goodFiles } from './good-files.js'
import { blocksOf, formatOf, placeOf, readOffice, skipOf } from './read-office.js'

const good = goodFiles.find(({ format }) => format === 'rtf')
if (good === undefined) throw new Error('no good file')
describeExtractor('rtfExtractor', rtfExtractor, { ...good, bytes: good.build() })

const bytesOf = (source: string) => Buffer.from(source, 'latin1')
const fonts = String.raw`{\fonttbl{\f0\fswiss\fcharset0 Arial;}{\f1\fcharset204 Times;}{\f2\fcharset128 Mincho;}{\f3\fcharset2 Symbol;}{\f4 Courier New;}}`
const read = (body: string, header = '') =>
  readOffice(rtfExtractor, bytesOf(`{\\rtf1\\ansi\\ansicpg1250\\deff0${fonts}${header}\n${body}}`))

describe('an RTF document', () => {
  test('is read as a reader sees it', async () => {
    const whole = await readOffice(rtfExtractor, good.build())
    expect(blocksOf(whole)).toEqual([
      'heading1 Lamps',
      'text Lamps are lit at dusk[1]',
      'text [1] A note',
      'list 1. Oil\n- Wick €',
      'table Lamp | Height\nNorth | 12 m',
      'text Лампы',
    ])
    expect(whole).toMatchObject({
      title: 'The lamps of Stebbing',
      metadata: { author: 'Ada', created: '2024-03-01T00:00' },
    })
    expect(placeOf(whole, 'Oil')).toEqual({ kind: 'section', path: ['Lamps'] })
  })

  test.each([
    ['the code page of the file', String.raw`\'9aipky`, 'šipky'],
    ['bytes as they are', '\x9aipky', 'šipky'],
    ['the code page of a font', String.raw`{\f1 \'cb\'e0\'ec\'ef\'e0} ok`, 'Лампа ok'],
    ['characters of two bytes', String.raw`{\f2 \'93\'fa\'96\'7b}`, '日本'],
    [
      'Unicode with what stands in for it',
      String.raw`\u8364\'80 \u8364? {\uc2\u26085??}{\uc0\u26412}x`,
      '€ € 日本x',
    ],
    ['numbers beyond 16 bits', String.raw`\u-10179?\u-8704?`, '😀'],
    ['a font of symbols', String.raw`{\f3 a}{\f3 \u-3999?}`, 'αα'],
    [
      'words for characters',
      String.raw`\ldblquote a\rdblquote\~\emdash\tab b\line c\_d\-e \{\}\\`,
      '“a” — b\nc-de {}\\',
    ],
  ])('has %s', async (_, body, expected) => {
    expect((await read(body)).text).toBe(expected)
  })

  test('shows neither hidden, deleted nor embedded things, codes of fields, margins nor unknown groups', async () => {
    const body = String.raw`{\header zz}{\v zz}{\deleted zz}{\v0 seen} {\field{\*\fldinst HYPERLINK "zz"}{\fldrslt link}}{\pict\pngblip 7a7a}{\*\zzunknown zz}{\object{\*\objdata 7a}{\result {\pict 7a}}}{\bin4 }}zz}{\upr{zz}{\*\ud zz}} end`
    expect((await read(body)).text).toBe('seen link end')
  })

  test('has headings by level and by name, code by its font, no contents', async () => {
    const header = String.raw`{\stylesheet{\s1\outlinelevel0 chapter;}{\s2 heading 2;}{\s3 Title;}{\s4 toc 1;}}`
    const body = String.raw`\pard\s3 Report\par\pard\s1 One\par\pard\s2 Two\par\pard\s4 zz\par\pard\outlinelevel2 Three\par\pard\plain {\f4 let a = 1;\par   b(a)}\par{\f4 typed prose}\par`
    const whole = await read(body, header)
    expect(blocksOf(whole)).toEqual([
      'heading1 Report',
      'heading1 One',
      'heading2 Two',
      'heading3 Three',
      'code let a = 1;\n  b(a)',
      'text typed prose',
    ])
  })

  test('has tables with merged cells, nested ones by their words', async () => {
    const row = (cells: string, merges = '') =>
      String.raw`\trowd${merges}\cellx1\cellx2 \pard\intbl ${cells}\row`
    const body = [
      row(String.raw`a\cell b\par c\cell`),
      row(String.raw`tall\cell x\cell`, String.raw`\clvmgf`),
      row(String.raw`\cell {\itap2 in\nestcell ner\nestcell\nestrow}\cell`, String.raw`\clvmrg`),
      String.raw`\pard after`,
    ]
    expect(blocksOf(await read(body.join('\n')))).toEqual([
      'table a | b c\ntall | x\ntall | in ner',
      'text after',
    ])
  })

  test('has comments with their authors, and boxes after the paragraph before them', async () => {
    const body = String.raw`Text{\*\atnid A}{\*\atnauthor Ada}\chatn{\*\annotation{\*\atnref 1}why\par so} on{\shp{\*\shpinst{\sp{\sn zz}{\sv zz}}{\shptxt \pard boxed\par}}{\shprslt zz}}\par next`
    expect(blocksOf(await read(body))).toEqual([
      'text Text on',
      'text [Comment by Ada: why so]',
      'text boxed',
      'text next',
    ])
  })

  test('takes the first author and the title in Unicode', async () => {
    const info = String.raw`{\info{\upr{\title ??}{\*\ud{\title \u26085?\u26412?}}}{\author Ada}{\author Bo}{\keywords oil; wick}{\revtim\yr2020\mo12\dy31\hr23\min5}}`
    const whole = await read('x', info)
    expect(whole).toMatchObject({
      title: '日本',
      metadata: { author: 'Ada', tags: ['oil', 'wick'], modified: '2020-12-31T23:05' },
    })
  })

  test.each<[string, Uint8Array, string]>([
    ['without text', bytesOf('{\\rtf1 }'), 'NO_TEXT'],
    ['nested without end', bytesOf(`{\\rtf1${'{'.repeat(100_000)}x`), 'TOO_DEEP'],
  ])('%s is skipped', async (_, bytes, skipped) => {
    expect(await skipOf(rtfExtractor, bytes)).toEqual({ skipped })
  })

  test('stops at the limit of characters', async () => {
    const bytes = bytesOf(`{\\rtf1 ${'word\\par '.repeat(100_000)}}`)
    const { text } = await readOffice(rtfExtractor, bytes, { maxChars: 1000 })
    expect(text.length).toBeLessThan(1100)
  })

  test('is known by its content', () => {
    expect(formatOf('a.doc', good.build())).toBe('RTF')
    expect(formatOf('a.rtf', bytesOf('just words'))).toBeUndefined()
  })
})
