import { describe, expect, test } from 'vitest'
import { odpExtractor } from '../../src/extract/office/odp.js'
import { odtExtractor } from '../../src/extract/office/odt.js'
import { describeExtractor } from '../contract/extractor.js'
import { goodFiles } from './good-files.js'
import { odfOf, odfPart, type Parts } from './office-files.js'
import { blocksOf, formatOf, placeOf, readOffice, skipOf } from './read-office.js'

const goodOf = (format: string) => {
  const good = goodFiles.find((each) => each.format === format)
  if (good === undefined) throw new Error('no good file')
  return { ...good, bytes: good.build() }
}
describeExtractor('odtExtractor', odtExtractor, goodOf('odt'))
describeExtractor('odpExtractor', odpExtractor, goodOf('odp'))

describe('an OpenDocument text', () => {
  const read = (body: string, styles = '', more: Parts = {}) =>
    readOffice(odtExtractor, odfOf('text', body, styles, more))
  const p = (text: string, style = 'Standard') => `<text:p text:style-name="${style}">${text}</text:p>`
  const style = (name: string, parent: string, inner = '') =>
    `<style:style style:name="${name}" style:parent-style-name="${parent}">${inner}</style:style>`

  test('is read as a reader sees it', async () => {
    const whole = await readOffice(odtExtractor, goodOf('odt').bytes)
    expect(blocksOf(whole)).toEqual([
      'heading1 Lamps',
      'text Lamps are lit at dusk[1]',
      'text [1] A note',
      'list 1. Oil\n  - Wick',
      'table Lamp | Height\nNorth | 12 m',
      'text a/2',
      'text In a box',
    ])
    expect(whole.title).toBe('The lamps of Stebbing')
    expect(placeOf(whole, 'Oil')).toEqual({ kind: 'section', path: ['Lamps'] })
  })

  test('has headings, its title and code by the styles that those of its paragraphs are made from', async () => {
    const styles = [
      style('P1', 'Title'),
      style('P2', 'Preformatted_20_Text'),
      style('P3', 'Standard', '<style:text-properties style:font-name="Courier New"/>'),
      style('P4', 'Standard', '<style:text-properties text:display="none"/>'),
    ]
    const body = [
      p('Report', 'P1'),
      '<text:h text:outline-level="2">Part <text:span>two</text:span></text:h>',
      p('a = 1', 'P2'),
      p('<text:s text:c="2"/>b<text:tab/>= 2', 'P3'),
      p('zzhidden', 'P4'),
      p('one<text:line-break/>two   three'),
    ]
    const whole = await read(body.join(''), styles.join(''))
    expect(blocksOf(whole)).toEqual([
      'heading1 Report',
      'heading2 Part two',
      'code a = 1\n  b\t= 2',
      'text one\ntwo three',
    ])
    expect(placeOf(whole, 'a = 1')).toEqual({ kind: 'section', path: ['Report', 'Part two'] })
  })

  test('counts the items of its lists, on through breaks where it says so', async () => {
    const level = (n: number, format: string, more = '') =>
      `<text:list-level-style-number text:level="${n}" style:num-format="${format}" style:num-suffix="." ${more}/>`
    const styles = `<text:list-style style:name="L1">${level(1, 'I')}${level(2, 'a', 'text:display-levels="2"')}</text:list-style>`
    const item = (inner: string, start = '') => `<text:list-item ${start}>${inner}</text:list-item>`
    const list = (inner: string, attributes = '') => `<text:list ${attributes}>${inner}</text:list>`
    const body = [
      list(item(p('one') + p('more') + list(item(p('inner')))) + item(p('two')), 'text:style-name="L1"'),
      p('between'),
      list(
        item(list(item('<text:h text:outline-level="1">Heading</text:h>'))),
        'text:style-name="L1" text:continue-numbering="true"',
      ),
      list(item(p('new')) + item(p('nine'), 'text:start-value="9"'), 'text:style-name="L1"'),
    ]
    expect(blocksOf(await read(body.join(''), styles))).toEqual([
      'list I. one\nmore\n  I.a. inner\nII. two',
      'text between',
      'heading1 II.a. Heading',
      'list I. new\nIX. nine',
    ])
  })

  test('shows comments and what pictures show, and neither deletions nor contents', async () => {
    const body = [
      `<text:tracked-changes><text:changed-region>${p('zzdeleted')}</text:changed-region></text:tracked-changes>`,
      `<text:table-of-content><text:index-body>${p('zzcontents')}</text:index-body></text:table-of-content>`,
      p(
        'Text<office:annotation><dc:creator>Ada</dc:creator><dc:date>2024</dc:date><text:p>why</text:p></office:annotation><draw:frame><draw:image/><svg:title>zztitle</svg:title><svg:desc>A lamp</svg:desc></draw:frame>',
      ),
    ]
    expect(blocksOf(await read(body.join('')))).toEqual([
      'text Text',
      'text [Comment by Ada: why]\n[Picture: A lamp]',
    ])
  })

  test('has tables with merged cells, charts and equations', async () => {
    const cell = (text: string, attributes = '') =>
      `<table:table-cell ${attributes}>${p(text)}</table:table-cell>`
    const covered = '<table:covered-table-cell/>'
    const row = (...cells: string[]) => `<table:table-row>${cells.join('')}</table:table-row>`
    const table = `<table:table>${row(cell('wide', 'table:number-columns-spanned="2"'), covered, cell('c'))}${row(cell('tall', 'table:number-rows-spanned="2"'), cell('x'), cell('y'))}${row(covered, cell('z'), cell(''))}</table:table>`
    const object = (name: string) => `<draw:frame><draw:object xlink:href="./${name}"/></draw:frame>`
    const whole = await read(table + p(`so ${object('Formula-1/')} and ${object('Object 2')}`), '', {
      'Formula-1/content.xml':
        '<m:math xmlns:m="http://www.w3.org/1998/Math/MathML"><m:semantics><m:mrow><m:msup><m:mi>x</m:mi><m:mn>2</m:mn></m:msup><m:mo>=</m:mo><m:msqrt><m:mi>y</m:mi></m:msqrt></m:mrow><m:annotation>zzcode</m:annotation></m:semantics></m:math>',
      'Object 2/content.xml': odfPart(
        'document-content',
        `<office:automatic-styles>${p('zzstyle')}</office:automatic-styles><office:body><office:chart>${p('Oil')}<table:table>${row(cell(''), cell('Barrels'))}${row(cell('May'), cell('7'))}</table:table></office:chart></office:body>`,
      ),
    })
    expect(blocksOf(whole)).toEqual([
      'table wide | c\ntall | x | y\ntall | z',
      'text so x^2=√y and',
      'text Oil',
      'table  | Barrels\nMay | 7',
    ])
  })

  test.each<[string, Uint8Array, string]>([
    ['without text', odfOf('text', p('')), 'NO_TEXT'],
    ['of words', new TextEncoder().encode('words'), 'PARSE_ERROR'],
    ['without content', odfOf('text', '', '', { 'content.xml': '' }), 'NO_TEXT'],
    [
      'with a password',
      odfOf('text', '', '', { 'META-INF/manifest.xml': '<x:encryption-data/>' }),
      'ENCRYPTED',
    ],
    ['nested without end', odfOf('text', '<text:section>'.repeat(2000)), 'TOO_DEEP'],
  ])('%s is skipped', async (_, bytes, skipped) => {
    expect(await skipOf(odtExtractor, bytes)).toEqual({ skipped })
  })

  test('is known by its content', () =>
    expect(formatOf('a.docx', goodOf('odt').bytes)).toBe('OpenDocument text'))
})

describe('an OpenDocument presentation', () => {
  const frame = (text: string, x: number, y: number, role = '') =>
    `<draw:frame ${role === '' ? '' : `presentation:class="${role}"`} svg:x="${x}cm" svg:y="${y}in"><draw:text-box><text:p>${text}</text:p></draw:text-box></draw:frame>`

  test('is read slide by slide, from top to bottom, with its notes', async () => {
    const whole = await readOffice(odpExtractor, goodOf('odp').bytes)
    expect(blocksOf(whole)).toEqual([
      'heading1 Lamps',
      'text Lamps are lit at dusk',
      'text Notes: Speak slowly',
      'heading1 <Slide 2>',
      'text Oil',
    ])
    expect(placeOf(whole, 'Oil')).toEqual({ kind: 'slide', n: 2 })
  })

  test('has groups, shapes and comments in their place, and marks hidden slides', async () => {
    const styles =
      '<style:style style:name="dp1"><style:drawing-page-properties presentation:visibility="hidden"/></style:style>'
    const slide = `<draw:page draw:style-name="dp1"><office:annotation><dc:creator>Ada</dc:creator><text:p>shorten</text:p></office:annotation>${frame('low', 1, 6)}<draw:g svg:x="1cm" svg:y="1in">${frame('grouped', 1, 9)}</draw:g><draw:custom-shape svg:x="9cm" svg:y="1.05in"><text:p>shape</text:p></draw:custom-shape>${frame('zz5', 1, 7, 'page-number')}</draw:page>`
    const whole = await readOffice(odpExtractor, odfOf('presentation', slide, styles))
    expect(blocksOf(whole)).toEqual([
      'heading1 <Slide 1 (hidden)>',
      'text grouped',
      'text shape',
      'text [Comment by Ada: shorten]',
      'text low',
    ])
  })

  test('says how many slides it left out', async () => {
    const slides = ['a', 'b', 'c', 'd'].map((word) => `<draw:page>${frame(word, 1, 1)}</draw:page>`).join('')
    const whole = await readOffice(odpExtractor, odfOf('presentation', slides), { maxParts: 2 })
    expect(whole.text).toBe('a\n\nb')
    expect(whole.truncated).toBe('Only the first 2 slides were read')
  })

  test('without words is skipped', async () => {
    expect(await skipOf(odpExtractor, odfOf('presentation', '<draw:page/>'))).toEqual({ skipped: 'NO_TEXT' })
  })
})
