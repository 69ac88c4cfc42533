import { utils, write } from '@e965/xlsx'
import { describe, expect, test } from 'vitest'
import { chunkDocument } from '../../src/chunk/chunk-document.js'
import { odsExtractor } from '../../src/extract/office/ods.js'
import { xlsExtractor } from '../../src/extract/office/xls.js'
import { xlsxExtractor } from '../../src/extract/office/xlsx.js'
import { describeExtractor } from '../contract/extractor.js'
import { goodFiles } from './good-files.js'
import { odfOf, odfPart, type Parts, relationships, sheetRow, xlsxOf } from './office-files.js'
import { blocksOf, formatOf, placeOf, readOffice, skipOf } from './read-office.js'

const goodOf = (format: string) => {
  const good = goodFiles.find((each) => each.format === format)
  if (good === undefined) throw new Error('no good file')
  return { ...good, bytes: good.build() }
}
describeExtractor('xlsxExtractor', xlsxExtractor, goodOf('xlsx'))
describeExtractor('xlsExtractor', xlsExtractor, goodOf('xls'))
describeExtractor('odsExtractor', odsExtractor, goodOf('ods'))

const harbours =
  'Harbour | Lamps | Lit\nHarbour: Stebbing | Lamps: 12 | Lit: 1890\nHarbour: Harrow | Lamps: 7 | Lit: 1901'

test.each([
  ['xlsx', xlsxExtractor],
  ['xls', xlsExtractor],
  ['ods', odsExtractor],
])('a workbook of %s has its rows with the names of their columns', async (format, extractor) => {
  const whole = await readOffice(extractor, goodOf(format).bytes)
  expect(blocksOf(whole).slice(0, 2)).toEqual(['heading1 <Harbours>', `table ${harbours}`])
  expect(placeOf(whole, 'Harrow')).toEqual({ kind: 'sheet', name: 'Harbours', rows: [1, 3] })
})

type Row = readonly (string | number | undefined)[]
const rowsOf = (...rows: readonly Row[]) => rows.map((cells, i) => sheetRow(i + 1, cells)).join('')
const readRows = (rows: string, more: Parts = {}) =>
  readOffice(xlsxExtractor, xlsxOf([{ name: 'S', rows }], more))
const styles = (formats: readonly string[]) =>
  `<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><numFmts>${formats.map((code, i) => `<numFmt numFmtId="${200 + i}" formatCode="${code}"/>`).join('')}</numFmts><cellStyleXfs><xf numFmtId="9"/></cellStyleXfs><cellXfs><xf numFmtId="0"/>${formats.map((_, i) => `<xf numFmtId="${200 + i}"/>`).join('')}</cellXfs></styleSheet>`

describe('an Excel workbook', () => {
  test('cites a passage by its rows, though blank rows part tables', async () => {
    const rows = Array.from({ length: 300 }, (_, i) =>
      sheetRow(i + 10, [`sensor-${i}`, i * 2, 'harbour wall']),
    )
    const whole = await readRows(
      sheetRow(3, ['lone', 'row']) + sheetRow(9, ['Sensor', 'Value', 'Place']) + rows.join(''),
    )
    const passage = chunkDocument(whole).find(({ text }) => text.includes('sensor-150 '))
    const { location } = passage ?? {}
    if (location?.kind !== 'sheet') throw new Error('not on a sheet')
    const lines = passage?.text.split('\n') ?? []
    const at = lines.findIndex((line) => line.startsWith('Sensor: sensor-150 '))
    expect(location.rows[0] + at).toBe(160)
    expect(location.rows[1] - location.rows[0]).toBe(lines.length - 1)
    expect(lines[at]).toBe('Sensor: sensor-150 | Value: 300 | Place: harbour wall')
  })

  test('shows values as the program does, dates in ISO 8601', async () => {
    const codes = ['0%', 'dd/mm/yyyy', 'd. mmm yy h:mm', 'h:mm', '[h]:mm', '#,##0.00 &quot;EUR&quot;', 'mmm']
    const cells = [0.256, 45000, 45000.75, 0.75, 1.5, 1234.5, 45000].map(
      (value, i) => `<c r="${String.fromCharCode(65 + i)}2" s="${i + 1}"><v>${value}</v></c>`,
    )
    const rest =
      '<c r="H2" t="b"><v>1</v></c><c r="I2" t="e"><v>#N/A</v></c><c r="J2"><f>A1*2</f><v>0.30000000000000004</v></c><c r="K2" t="str"><f>zz</f><v>two\nlines_x000D_</v></c>'
    const whole = await readRows(`<row r="2">${cells.join('')}${rest}</row>`, {
      'xl/styles.xml': styles(codes),
    })
    expect(blocksOf(whole)[1]).toBe(
      'table 26% | 2023-03-15 | 2023-03-15 18:00 | 18:00 | 36:00 | 1,234.50 EUR | 2023-03-15 | TRUE | #N/A | 0.3 | two lines',
    )
  })

  test('counts from 1904 where it says so', async () => {
    const bytes = xlsxOf([{ name: 'S', rows: '<row r="1"><c r="A1" s="1"><v>100</v></c></row>' }], {
      'xl/styles.xml': styles(['yyyy-mm-dd']),
      'xl/workbook.xml':
        '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><workbookPr date1904="1"/><sheets><sheet name="S" r:id="rId1"/></sheets></workbook>',
    })
    expect((await readOffice(xlsxExtractor, bytes)).text).toBe('1904-04-10')
  })

  test.each<[string, Row[], string[]]>([
    [
      'words above numbers',
      [
        ['Name', 'Age'],
        ['Ada', 36],
      ],
      ['table Name | Age\nName: Ada | Age: 36'],
    ],
    [
      'years',
      [
        ['City', 2019, 2020],
        ['Rome', 1, 2],
      ],
      ['table City | 2019 | 2020\nCity: Rome | 2019: 1 | 2020: 2'],
    ],
    [
      'no names above numbers',
      [
        ['Ada', 36],
        ['Bo', 41],
      ],
      ['table Ada | 36\nBo | 41'],
    ],
    [
      'labels with their values',
      [
        ['Name', 'Ada'],
        ['City', 'Rome'],
        ['Street', 'Via Appia'],
      ],
      ['table Name | Ada\nCity | Rome\nStreet | Via Appia'],
    ],
    [
      'a name twice',
      [
        ['A', 'A', 'B'],
        ['x', 'y', 1],
      ],
      ['table A | A | B\nx | y | 1'],
    ],
    [
      'a title above',
      [['Lamps of 1890'], ['checked by Ada'], ['Lamp', 'Height'], ['North', 12]],
      ['heading2 Lamps of 1890', 'text checked by Ada', 'table Lamp | Height\nLamp: North | Height: 12'],
    ],
    [
      'groups above names',
      [
        [undefined, 'Oil', undefined, undefined],
        ['Lamp', 'Liters', 'Price', 'Shop'],
        ['North', 3, 4, 'x'],
      ],
      ['heading2 Oil', 'table Lamp | Liters | Price | Shop\nLamp: North | Liters: 3 | Price: 4 | Shop: x'],
    ],
    [
      'empty cells',
      [
        ['A', 'B', 'C'],
        ['x', undefined, 3],
      ],
      ['table A | B | C\nA: x | C: 3'],
    ],
    ['a lone row', [['A', 'B', 'C']], ['table A | B | C']],
  ])('finds the names of columns: %s', async (_, rows, expected) => {
    expect(blocksOf(await readRows(rowsOf(...rows))).slice(1)).toEqual(expected)
  })

  test('ends what a heading names with its table', async () => {
    const table = (first: number, word: string) =>
      sheetRow(first, ['Lamp', 'Height']) + sheetRow(first + 1, [word, 12])
    const rows = `${sheetRow(1, ['Of 1890'])}${table(2, 'North')}${table(5, 'South')}${sheetRow(9, ['Of 1901'])}${table(10, 'East')}`
    expect(blocksOf(await readRows(rows))).toEqual([
      'heading1 <S>',
      'heading2 Of 1890',
      'table Lamp | Height\nLamp: North | Height: 12',
      'heading1 <S>',
      'table Lamp | Height\nLamp: South | Height: 12',
      'heading2 Of 1901',
      'table Lamp | Height\nLamp: East | Height: 12',
    ])
  })

  test('names hidden sheets as such, and gives comments at their cells', async () => {
    const bytes = xlsxOf(
      [
        { name: 'Shown', rows: rowsOf(['Lamp', 'Height'], ['North', 12]) },
        { name: 'Kept', rows: rowsOf(['secret']), state: 'veryHidden' },
      ],
      {
        'xl/worksheets/_rels/sheet1.xml.rels': relationships(
          ['c', 'comments', '../comments1.xml'],
          ['t', 'threadedComment', '../threadedComments/t1.xml'],
        ),
        'xl/comments1.xml':
          '<comments xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><authors><author>Ada</author><author>tc={1}</author></authors><commentList><comment ref="B2" authorId="0"><text><r><t>Ada:</t></r><r><t>\nmeasured twice</t></r></text></comment><comment ref="A1" authorId="1"><text><t>zzcopy</t></text></comment></commentList></comments>',
        'xl/threadedComments/t1.xml':
          '<ThreadedComments xmlns="x"><threadedComment ref="A1" personId="{p}"><text>which one?</text></threadedComment></ThreadedComments>',
        'xl/_rels/workbook.xml.rels': relationships(
          ['rId1', 'worksheet', 'worksheets/sheet1.xml'],
          ['rId2', 'worksheet', 'worksheets/sheet2.xml'],
          ['p', 'person', 'persons/person.xml'],
        ),
        'xl/persons/person.xml': '<personList xmlns="x"><person id="{p}" displayName="Bo"/></personList>',
      },
    )
    expect(blocksOf(await readOffice(xlsxExtractor, bytes))).toEqual([
      'heading1 <Shown>',
      'table Lamp [Comment by Bo: which one?] | Height\nLamp: North | Height: 12 [Comment by Ada: measured twice]',
      'heading1 <Kept (hidden sheet)>',
      'table secret',
    ])
  })

  test('has the names once, as a heading, where the table would not fit otherwise; says where it ends', async () => {
    const rows = Array.from({ length: 200 }, (_, i) => ['lamp', i, 'harbour'] as const)
    const bytes = xlsxOf([{ name: 'S', rows: rowsOf(['Kind', 'Number', 'Place'], ...rows) }])
    const fits = await readOffice(xlsxExtractor, bytes, { maxChars: 20_000 })
    expect(fits.text).toContain('Kind: lamp | Number: 199')
    const tight = await readOffice(xlsxExtractor, bytes, { maxChars: 5_000 })
    expect(blocksOf(tight)[1]).toBe('heading3 <Kind | Number | Place>')
    expect(tight.text).toMatch(/\nlamp \| 199 \| harbour$/)
    expect(tight.truncated).toBeUndefined()
    const cut = await readOffice(xlsxExtractor, bytes, { maxChars: 1_000 })
    const last = cut.text.split('\n').length
    expect(cut.truncated).toBe(
      `Only the first ${last} of 201 rows of sheet "S" were read, and no sheet after it`,
    )
    expect(placeOf(cut, 'lamp')).toMatchObject({ rows: [1, last] })
  })

  test('has no more sheets than allowed', async () => {
    const sheets = ['a', 'b', 'c'].map((name) => ({ name, rows: rowsOf([name]) }))
    const whole = await readOffice(xlsxExtractor, xlsxOf(sheets), { maxParts: 2 })
    expect(whole.truncated).toBe('Only the first 2 of 3 sheets were read')
    expect(whole.text).toBe('a\n\nb')
  })

  test('is sound though rows come in no order, without numbers or beyond all columns', async () => {
    const rows =
      '<row r="9"><c r="ZZZZZ9"><v>1</v></c></row><row r="3"><c><v>2</v></c><c><v>3</v></c></row><row r="-1"><c r="A1"><v>4</v></c></row><row><c t="s"><v>99</v></c><c r="B5"><v>x</v></c></row>'
    expect(blocksOf(await readRows(rows)).slice(1)).toEqual(['table 1', 'table 2 | 3\n4'])
  })

  test.each<[string, Uint8Array, string]>([
    ['that is empty', xlsxOf([{ name: 'S', rows: '' }]), 'NO_TEXT'],
    ['of words', new TextEncoder().encode('words'), 'PARSE_ERROR'],
    [
      'in the binary form',
      xlsxOf([], {
        '_rels/.rels': relationships(['r', 'officeDocument', 'xl/workbook.bin']),
        'xl/workbook.bin': 'x',
      }),
      'UNSUPPORTED',
    ],
    [
      'with a bomb and no workbook',
      xlsxOf([], {
        'xl/workbook.xml': '',
        '_rels/.rels': '',
        'xl/sharedStrings.xml': new Uint8Array(30_000_000),
      }),
      'ARCHIVE_BOMB',
    ],
  ])('%s is skipped', async (_, bytes, skipped) => {
    expect(await skipOf(xlsxExtractor, bytes)).toEqual({ skipped })
  })
})

describe('an OLE file', () => {
  const oleOf = (stream: string) => {
    const book = utils.book_new()
    utils.book_append_sheet(book, utils.aoa_to_sheet([['x']]), 'S')
    const bytes = Buffer.from(write(book, { type: 'buffer', bookType: 'biff8' }))
    // A name in a directory of OLE is UTF-16, with its length in bytes, the end's two included, 64 bytes on.
    const at = bytes.indexOf(Buffer.from('Workbook\0', 'utf16le'))
    bytes.fill(0, at, at + 64).write(stream, at, 'utf16le')
    bytes.writeUInt16LE(2 * stream.length + 2, at + 64)
    return bytes
  }

  test.each([
    ['EncryptedPackage', 'ENCRYPTED'],
    ['WordDocument', 'UNSUPPORTED'],
    ['PowerPoint Document', 'UNSUPPORTED'],
    ['__properties_version1.0', 'UNSUPPORTED'],
    ['Something else', 'UNSUPPORTED'],
  ])('with a stream "%s" is named as %s', async (stream, skipped) => {
    const bytes = oleOf(stream)
    expect(formatOf('a.docx', bytes)).toBe('Excel 97-2003')
    expect(await skipOf(xlsExtractor, bytes)).toEqual({ skipped })
  })

  test('of a message is left to whoever reads mail', () => {
    expect(formatOf('a.msg', oleOf('__properties_version1.0'))).toBe('Outlook message')
  })

  test('with hidden sheets, dates and comments reads like any workbook', async () => {
    const sheet = utils.aoa_to_sheet(
      [
        ['Lamp', 'Lit'],
        ['North', new Date(Date.UTC(1990, 0, 2))],
      ],
      { UTC: true },
    )
    const book = utils.book_new()
    utils.book_append_sheet(book, sheet, 'Secret')
    book.Workbook = { Sheets: [{ Hidden: 1 }] }
    book.Props = { Title: 'The lamps', Author: 'Ada' }
    const whole = await readOffice(
      xlsExtractor,
      new Uint8Array(write(book, { type: 'buffer', bookType: 'biff8' })),
    )
    expect(blocksOf(whole)).toEqual([
      'heading1 <Secret (hidden sheet)>',
      'table Lamp | Lit\nLamp: North | Lit: 1990-01-02',
    ])
    expect(whole).toMatchObject({ title: 'The lamps', metadata: { author: 'Ada' } })
  })

  test.each([['table', 'Lamp\tHeight\nNorth\t12', 'Lamp: North | Height: 12']])(
    'may be a %s of text under the name of a workbook',
    async (_, text, expected) => {
      expect((await readOffice(xlsExtractor, new TextEncoder().encode(text))).text).toContain(expected)
    },
  )

  test('of 1995 has its text in the code page that it names', async () => {
    const book = utils.book_new()
    utils.book_append_sheet(book, utils.aoa_to_sheet([['______']]), 'S')
    const bytes = Buffer.from(write(book, { type: 'buffer', bookType: 'biff5' }))
    Buffer.from([0xcc, 0xee, 0xf1, 0xea, 0xe2, 0xe0]).copy(bytes, bytes.indexOf('______'))
    bytes.writeUInt16LE(1251, bytes.indexOf(Buffer.from([0x42, 0, 2, 0, 0xe4, 4])) + 4)
    expect((await readOffice(xlsExtractor, bytes)).text).toBe('Москва')
  })

  test('is not prose under the name of a workbook', async () => {
    expect(await skipOf(xlsExtractor, new TextEncoder().encode('just words'))).toEqual({
      skipped: 'TYPE_MISMATCH',
    })
  })
})

describe('an OpenDocument spreadsheet', () => {
  const cell = (text: string, attributes = 'office:value-type="string"', more = '') =>
    `<table:table-cell ${attributes}>${more}<text:p>${text}</text:p></table:table-cell>`
  const row = (...cells: string[]) => `<table:table-row>${cells.join('')}</table:table-row>`
  const gap = '<table:table-cell table:number-columns-repeated="16000"/>'
  const read = (body: string, styles = '', more: Parts = {}) =>
    readOffice(odsExtractor, odfOf('spreadsheet', body, styles, more))

  test('has dates in ISO 8601, comments, repeated cells and rows, hidden sheets', async () => {
    const note =
      '<office:annotation><dc:creator>Ada</dc:creator><dc:date>2024-01-01</dc:date><text:p>look here</text:p></office:annotation>'
    const body = `<table:table table:name="A" table:style-name="ta1">
      ${row(cell('Day'), cell('Time'), cell('Note', 'office:value-type="string" table:number-columns-repeated="2"'), gap)}
      <table:table-row table:number-rows-repeated="3">${gap}</table:table-row>
      <table:table-row table:number-rows-repeated="2">${cell('01/02/24', 'office:value-type="date" office:date-value="2024-02-01"')}${cell('x', 'office:value-type="date" office:date-value="2024-02-01T14:30:00"')}${cell('a<text:s text:c="2"/>b', undefined, note)}</table:table-row>
      <table:table-row table:number-rows-repeated="1048000">${gap}</table:table-row></table:table>`
    const style =
      '<style:style style:name="ta1"><style:table-properties table:display="false"/></style:style>'
    const whole = await read(body, style, {
      'meta.xml': odfPart(
        'document-meta',
        '<office:meta><meta:initial-creator>Ada</meta:initial-creator><meta:keyword>oil</meta:keyword><meta:keyword>wick</meta:keyword></office:meta>',
      ),
    })
    expect(blocksOf(whole)).toEqual([
      'heading1 <A (hidden sheet)>',
      'table Day | Time | Note | Note',
      'table 2024-02-01 | 2024-02-01 14:30 | a b [Comment by Ada: look here]\n2024-02-01 | 2024-02-01 14:30 | a b [Comment by Ada: look here]',
    ])
    expect(placeOf(whole, '14:30')).toEqual({ kind: 'sheet', name: 'A', rows: [5, 6] })
    expect(whole.metadata).toEqual({ author: 'Ada', tags: ['oil', 'wick'] })
  })

  test('repeats a filled row no more than a hundred times', async () => {
    const body = `<table:table table:name="A"><table:table-row table:number-rows-repeated="1048576">${cell('x')}</table:table-row></table:table>`
    expect((await read(body)).text.split('\n')).toHaveLength(100)
  })

  test('says how many sheets it left out', async () => {
    const sheets = ['a', 'b', 'c'].map(
      (name) => `<table:table table:name="${name}">${row(cell(name))}</table:table>`,
    )
    const whole = await readOffice(odsExtractor, odfOf('spreadsheet', sheets.join('')), { maxParts: 2 })
    expect(whole.text).toBe('a\n\nb')
    expect(whole.truncated).toBe('Only the first 2 sheets were read')
  })

  test('with a password is named as such', async () => {
    const bytes = odfOf('spreadsheet', '', '', {
      'META-INF/manifest.xml': '<manifest:manifest><manifest:encryption-data/></manifest:manifest>',
    })
    expect(await skipOf(odsExtractor, bytes)).toEqual({ skipped: 'ENCRYPTED' })
  })
})
