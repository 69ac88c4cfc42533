import { describe, expect, test } from 'vitest'
import { docxExtractor } from '../../src/extract/office/docx.js'
import { describeExtractor } from '../contract/extractor.js'
import { goodFiles } from './good-files.js'
import {
  coreProperties,
  docxOf,
  type Parts,
  wordParagraph as p,
  relationships,
  wordPart,
  wordStyle,
} from './office-files.js'
import { blocksOf, formatOf, placeOf, readOffice, skipOf } from './read-office.js'

const good = goodFiles.find(({ format }) => format === 'docx')
if (good === undefined) throw new Error('no good file')
describeExtractor('docxExtractor', docxExtractor, { ...good, bytes: good.build() })

const read = (body: string, more: Parts = {}) => readOffice(docxExtractor, docxOf(body, more))
const run = (text: string, properties = '') =>
  `<w:r><w:rPr>${properties}</w:rPr><w:t xml:space="preserve">${text}</w:t></w:r>`
const numbered = (text: string, id: number, level: number) =>
  p(text, `<w:numPr><w:ilvl w:val="${level}"/><w:numId w:val="${id}"/></w:numPr>`)
const level = (n: number, format: string, text: string, more = '') =>
  `<w:lvl w:ilvl="${n}"><w:start w:val="1"/><w:numFmt w:val="${format}"/><w:lvlText w:val="${text}"/>${more}</w:lvl>`

describe('a Word document', () => {
  test('is read as a reader sees it', async () => {
    const whole = await readOffice(docxExtractor, good.build())
    expect(blocksOf(whole)).toEqual([
      'heading1 Lamps',
      'text Lamps are lit at dusk[1]',
      'text [1] A note\n[Comment by Ada: Check this]',
      'list 1. Oil\n  1a Wick',
      'table Lamp | Height\nNorth | 12 m\nNorth | 14 m',
      'text In a box',
      'text (a+b)/2',
    ])
    expect(whole).toMatchObject({ title: 'The lamps of Stebbing', metadata: { author: 'Ada' } })
    expect(placeOf(whole, 'Oil')).toEqual({ kind: 'section', path: ['Lamps'] })
  })

  test('has the headings of Word itself where there is no style sheet', async () => {
    const body = [
      p('Harbour', '<w:pStyle w:val="Heading1"/>'),
      p('Moor here.'),
      p('Fees', '<w:pStyle w:val="Heading2"/>'),
    ]
    const whole = await read(body.join(''))
    expect(blocksOf(whole)).toEqual(['heading1 Harbour', 'text Moor here.', 'heading2 Fees'])
    expect(whole.title).toBe('Harbour')
  })

  test('has headings by the outline levels of its styles, by their names, and by its own', async () => {
    const styles = wordPart(
      'styles',
      [
        wordStyle('T', 'Title'),
        wordStyle('Base', 'Chapter', '<w:pPr><w:outlineLvl w:val="1"/></w:pPr>'),
        wordStyle('Sub', 'Own', '<w:basedOn w:val="Base"/>'),
        wordStyle('H3', 'heading 3'),
        wordStyle('Loop', 'loop', '<w:basedOn w:val="Loop"/>'),
      ].join(''),
    )
    const body = [
      p('Report', '<w:pStyle w:val="T"/>'),
      p('Part', '<w:pStyle w:val="Sub"/>'),
      p('Detail', '<w:pStyle w:val="H3"/>'),
      p('Plain', '<w:pStyle w:val="Loop"/>'),
      p('Directly', '<w:outlineLvl w:val="3"/>'),
      p('Body', '<w:pStyle w:val="H3"/><w:outlineLvl w:val="9"/>'),
      p(`${'long '.repeat(80)}`, '<w:pStyle w:val="H3"/>'),
    ]
    const whole = await read(body.join(''), { 'word/styles.xml': styles })
    expect(blocksOf(whole).slice(0, 6)).toEqual([
      'heading1 Report',
      'heading2 Part',
      'heading3 Detail',
      'text Plain',
      'heading4 Directly',
      'text Body',
    ])
    expect(blocksOf(whole)[6]).toMatch(/^text long/)
    expect(placeOf(whole, 'Body')).toEqual({
      kind: 'section',
      path: ['Report', 'Part', 'Detail', 'Directly'],
    })
    expect(whole.title).toBe('Report')
  })

  test('has lists and headings with their numbers', async () => {
    const numbering = wordPart(
      'numbering',
      [
        `<w:abstractNum w:abstractNumId="0">${level(0, 'decimal', '%1.')}${level(1, 'lowerRoman', '(%2)')}</w:abstractNum>`,
        `<w:abstractNum w:abstractNumId="1">${level(0, 'bullet', '')}${level(1, 'bullet', 'o')}</w:abstractNum>`,
        `<w:abstractNum w:abstractNumId="2">${level(0, 'upperRoman', '%1', '<w:pStyle w:val="H1"/>')}${level(1, 'decimal', '%1.%2', '<w:pStyle w:val="H2"/><w:isLgl/>')}</w:abstractNum>`,
        '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>',
        '<w:num w:numId="2"><w:abstractNumId w:val="1"/></w:num>',
        '<w:num w:numId="3"><w:abstractNumId w:val="2"/></w:num>',
        '<w:num w:numId="4"><w:abstractNumId w:val="0"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="7"/></w:lvlOverride></w:num>',
      ].join(''),
    )
    const heading = (id: string, n: number) =>
      wordStyle(id, `heading ${n}`, '<w:pPr><w:numPr><w:numId w:val="3"/></w:numPr></w:pPr>')
    const body = [
      p('First', '<w:pStyle w:val="H1"/>'),
      p('Inner', '<w:pStyle w:val="H2"/>'),
      numbered('a', 1, 0),
      numbered('b', 1, 1),
      numbered('', 1, 1),
      numbered('c', 1, 1),
      numbered('d', 1, 0),
      numbered('e', 1, 1),
      numbered('point', 2, 0),
      numbered('deep', 2, 1),
      numbered('again', 4, 0),
      p('Second', '<w:pStyle w:val="H1"/>'),
      p('Inner', '<w:pStyle w:val="H2"/>'),
      numbered('none', 0, 0),
    ]
    const whole = await read(body.join(''), {
      'word/numbering.xml': numbering,
      'word/styles.xml': wordPart('styles', heading('H1', 1) + heading('H2', 2)),
    })
    expect(blocksOf(whole)).toEqual([
      'heading1 I First',
      'heading2 1.1 Inner',
      'list 1. a\n  (i) b\n  (ii) c\n2. d\n  (i) e\n- point\n  - deep\n7. again',
      'heading1 II Second',
      'heading2 2.1 Inner',
      'text none',
    ])
  })

  test('has code where a style or the font of all its words shows it', async () => {
    const mono = '<w:rFonts w:ascii="Consolas"/>'
    const body = [
      p('let a', '<w:pStyle w:val="C"/>'),
      p('', '<w:pStyle w:val="C"/>'),
      p('  a = 1', '<w:pStyle w:val="C"/>'),
      `<w:p>${run('call ')}${run('f()', mono)}</w:p>`,
      `<w:p>${run('f(x) = 2', mono)}</w:p>`,
      `<w:p>${run('A letter on a typewriter', mono)}</w:p>`,
    ]
    const styles = wordPart('styles', wordStyle('C', 'Source Code'))
    expect(blocksOf(await read(body.join(''), { 'word/styles.xml': styles }))).toEqual([
      'code let a\n\n  a = 1',
      'text call f()',
      'code f(x) = 2',
      'text A letter on a typewriter',
    ])
  })

  test('shows insertions and neither deletions, hidden text, codes of fields nor prompts', async () => {
    const body = `<w:p>${run('kept ')}<w:ins>${run('added ')}</w:ins><w:del><w:r><w:delText>zzdeleted</w:delText></w:r></w:del><w:moveFrom>${run('zzmoved')}</w:moveFrom>${run('zzhidden', '<w:vanish/>')}${run('shown ', '<w:vanish w:val="0"/>')}<w:r><w:instrText>zzPAGE</w:instrText></w:r>${run('field')}</w:p>
      <w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>${p('zzClick here')}</w:sdtContent></w:sdt>
      <w:sdt><w:sdtPr/><w:sdtContent>${p('filled in')}</w:sdtContent></w:sdt>
      <w:sdt><w:sdtPr><w:docPartObj><w:docPartGallery w:val="Table of Contents"/></w:docPartObj></w:sdtPr><w:sdtContent>${p('zzcontents')}</w:sdtContent></w:sdt>`
    expect(blocksOf(await read(body))).toEqual(['text kept added shown field', 'text filled in'])
  })

  test('has what is anchored in a paragraph after it: boxes once, charts, what pictures show', async () => {
    const text = (words: string) => `<w:txbxContent>${p(words)}</w:txbxContent>`
    const body = `<w:p>${run('before ')}<w:r><mc:AlternateContent><mc:Choice>${text('boxed')}</mc:Choice><mc:Fallback>${text('boxed')}</mc:Fallback></mc:AlternateContent></w:r><w:r><w:drawing><wp:docPr id="1" descr="A red lamp. AI-generated content may be incorrect."/><c:chart r:id="rId9"/></w:drawing></w:r>${run('after')}</w:p>`
    const chart =
      '<c:chartSpace xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart" xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"><c:title><a:t>Oil</a:t></c:title><c:ser><c:tx><c:f>zzformula</c:f><c:v>Barrels</c:v></c:tx><c:cat><c:pt idx="0"><c:v>May</c:v></c:pt><c:pt idx="1"><c:v>June</c:v></c:pt></c:cat><c:val><c:pt idx="1"><c:v>0.30000000000000004</c:v></c:pt></c:val></c:ser></c:chartSpace>'
    const whole = await read(body, {
      'word/charts/chart1.xml': chart,
      'word/_rels/document.xml.rels': relationships(['rId9', 'chart', 'charts/chart1.xml']),
    })
    expect(blocksOf(whole)).toEqual([
      'text before after',
      'text [Picture: A red lamp]',
      'text boxed',
      'text Chart: Oil',
      'table  | Barrels\nMay\nJune | 0.3',
    ])
  })

  test('has tables with merged cells, without those that only place text', async () => {
    const cell = (inner: string, properties = '') => `<w:tc><w:tcPr>${properties}</w:tcPr>${inner}</w:tc>`
    const row = (...cells: string[]) => `<w:tr>${cells.join('')}</w:tr>`
    const inner = `<w:tbl>${row(cell(p('x')), cell(p('y')))}</w:tbl>`
    const body = `<w:tbl>${row(cell(p('wide'), '<w:gridSpan w:val="2"/>'), cell(p('c')))}${row(cell(p('a')), cell(p('tall') + p('second'), '<w:vMerge w:val="restart"/>'), cell(p('')))}${row(cell(p('b')), cell(p(''), '<w:vMerge/>'), cell(p('z')))}</w:tbl>${p('between')}<w:tbl>${row(cell(p('Only') + inner), cell(p('beside')))}</w:tbl>`
    expect(blocksOf(await read(body))).toEqual([
      'table wide | c\na | tall second\nb | tall second | z',
      'text between',
      'text Only',
      'table x | y',
      'text beside',
    ])
  })

  test('has equations in one line, and symbols of old fonts', async () => {
    const r = (text: string) => `<m:r><m:t>${text}</m:t></m:r>`
    const body = `<w:p>${run('where ')}<m:oMath><m:sSup><m:e>${r('x')}</m:e><m:sup>${r('2')}</m:sup></m:sSup>${r('=')}<m:rad><m:e>${r('y+1')}</m:e></m:rad><m:nary><m:naryPr><m:chr m:val="∑"/></m:naryPr><m:sub>${r('i')}</m:sub><m:e>${r('k')}</m:e></m:nary><m:d><m:e>${r('z')}</m:e></m:d></m:oMath><w:r><w:sym w:font="Symbol" w:char="F061"/><w:sym w:font="Wingdings" w:char="F0FC"/></w:r></w:p>`
    expect(blocksOf(await read(body))).toEqual(['text where x^2=√(y+1)∑_ik(z)α✓'])
  })

  test('has words of its margins that stand nowhere else as metadata, and a true title only', async () => {
    const margin = (root: string, words: string) => wordPart(root, p(words))
    const whole = await read(p('The body repeats Stebbing'), {
      'word/header.xml': wordPart(
        'hdr',
        `<w:p>${run('Confidential draft 7')}<w:r><w:fldChar w:fldCharType="begin"/></w:r>${run('99')}<w:r><w:fldChar w:fldCharType="end"/></w:r></w:p>`,
      ),
      'word/footer.xml': margin('ftr', 'Stebbing'),
      'docProps/core.xml': coreProperties(
        '<dc:title>Microsoft Word - lamps.doc</dc:title><dc:creator>Ada; Bo</dc:creator><cp:keywords>oil, lamps;wick</cp:keywords><dcterms:created>2024-03-01T10:00:00Z</dcterms:created><dcterms:modified>0001-01-01T00:00:00Z</dcterms:modified><dc:language>de-CH</dc:language><dc:subject>Light</dc:subject>',
      ),
    })
    expect(whole.title).toBeUndefined()
    expect(whole.metadata).toEqual({
      author: ['Ada', 'Bo'],
      tags: ['oil', 'lamps', 'wick'],
      created: '2024-03-01T10:00:00Z',
      language: 'de-CH',
      subject: 'Light',
      header: 'Confidential draft 7',
    })
  })

  test('gives inserted files as attachments and reads no linked ones', async () => {
    const whole = await read(p('See below'), {
      'word/afchunk1.htm': '<html><p>inserted</p></html>',
      'word/_rels/document.xml.rels': relationships(
        ['a', 'aFChunk', 'afchunk1.htm'],
        ['b', 'package', 'file:///etc/passwd'],
        ['c', 'styles', 'https://example.org/styles.xml'],
      ),
    })
    expect(whole.attachments).toMatchObject([{ name: 'word/afchunk1.htm' }])
  })

  test('may name its namespaces as it likes, and its main part', async () => {
    const ns = 'http://purl.oclc.org/ooxml/wordprocessingml/main'
    const whole = await read('', {
      '_rels/.rels': relationships(['x', 'officeDocument', '/Word/Document2.xml']),
      'word/document2.xml': `<ns0:document xmlns:ns0="${ns}"><ns0:body><ns0:p><ns0:pPr><ns0:outlineLvl ns0:val="0"/></ns0:pPr><ns0:r><ns0:t>Strict</ns0:t></ns0:r></ns0:p></ns0:body></ns0:document>`,
    })
    expect(blocksOf(whole)).toEqual(['heading1 Strict'])
  })

  test('stops at the limit of characters', async () => {
    const whole = await readOffice(docxExtractor, docxOf(p('word '.repeat(20)).repeat(20_000)), {
      maxChars: 10_000,
    })
    expect(whole.text.length).toBeGreaterThan(10_000)
    expect(whole.text.length).toBeLessThan(200_000)
  })

  test.each<[string, Uint8Array, string]>([
    ['without text', docxOf(p('')), 'NO_TEXT'],
    [
      'without its main part',
      docxOf('', {
        '_rels/.rels': relationships(['x', 'officeDocument', 'gone.xml']),
        'word/document.xml': '',
      }),
      'NO_TEXT',
    ],
    ['of words', new TextEncoder().encode('just words'), 'PARSE_ERROR'],
    ['cut in half', docxOf(p('cut')).subarray(0, 400), 'PARSE_ERROR'],
    [
      'that declares entities',
      docxOf('', {
        'word/document.xml':
          '<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]><w:document>&x;</w:document>',
      }),
      'XML_FORBIDDEN',
    ],
    ['nested without end', docxOf('<w:sdt><w:sdtContent>'.repeat(2000)), 'TOO_DEEP'],
    [
      'with a bomb that nothing refers to',
      docxOf(p('small'), { 'word/styles.xml': new Uint8Array(30_000_000) }),
      'ARCHIVE_BOMB',
    ],
  ])('%s is skipped', async (_, bytes, skipped) => {
    expect(await skipOf(docxExtractor, bytes)).toEqual({ skipped })
  })

  test('is known by its content before its name', () => {
    expect(formatOf('a.zip', good.build())).toBe('Word')
    expect(formatOf('a.pptx', good.build())).toBe('Word')
    expect(formatOf('a.docx', new TextEncoder().encode('words'))).toBe('Word')
    expect(formatOf('a.docx', new TextEncoder().encode('<html><p>x'))).toBe('HTML')
  })
})
