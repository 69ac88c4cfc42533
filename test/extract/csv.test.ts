import { describe, expect, test } from 'vitest'
import { chunkDocument } from '../../src/chunk/chunk-document.js'
import { csvExtractor } from '../../src/extract/data/csv.js'
import type { Extraction } from '../../src/extract/extractor.js'
import { describeExtractor } from '../contract/extractor.js'
import { encodeLegacy } from './encode-legacy.js'
import { bytesOf, expectSound, extractedOf, limits, textOf } from './expect-sound.js'

async function read(
  source: string,
  name = 'data/prices.csv',
  maxChars = limits.maxChars,
): Promise<Extraction> {
  const extracted = extractedOf(
    await csvExtractor.extract(bytesOf(source), { name, limits: { ...limits, maxChars } }),
  )
  expectSound(extracted)
  return extracted
}

/** `first-last` rows of each block. */
function rowsOf({ blocks }: Extraction): string[] {
  return blocks.map(({ location }) => (location.kind === 'sheet' ? location.rows.join('-') : location.kind))
}

describeExtractor('csvExtractor', csvExtractor, {
  name: 'harbours.csv',
  bytes: bytesOf('Harbour,Lamps\nStebbing,12\nHarrow,7\n'),
  contains: 'Harbour: Stebbing | Lamps: 12',
})

describe('rows', () => {
  test('carry the names of their columns and their number in the sheet', async () => {
    const table = await read('City,Sales,Note\nParis,12,\nOslo,,cold\n')
    expect(textOf(table)).toEqual(['City | Sales | Note\nCity: Paris | Sales: 12\nCity: Oslo | Note: cold'])
    expect(table.blocks[0]?.location).toEqual({ kind: 'sheet', name: 'prices', rows: [1, 3] })
    expect(table.metadata).toEqual({ columns: ['City', 'Sales', 'Note'], rows: 3 })
    expect(table).toMatchObject({ type: 'text/csv', notices: [] })
  })

  test.each([
    ['comma', 'a,b\nx,1\n'],
    ['semicolon, with decimal commas', 'a;b\nx;1\ny;2,5\n'],
    ['tab', 'a\tb\nx\t1\n'],
    ['pipe', 'a|b\nx|1\n'],
    ['named as Excel does', 'sep=^\na^b\nx^1\n'],
  ])('parted by %s', async (_, source) => {
    expect(textOf(await read(source))[0]).toMatch(/^a \| b\na: x \| b: 1/)
  })

  test('with blank rows between them are counted, as a spreadsheet counts them', async () => {
    const table = await read('a,b\nx,1\n\n,\ny,2\n')
    expect(rowsOf(table)).toEqual(['1-2', '5-5'])
  })

  test('with line breaks in a cell are one row and one line', async () => {
    const table = await read('name,note\nAnna,"first\nsecond"\nBo,"said ""hi"", left"\n')
    expect(textOf(table)[0]?.split('\n')).toEqual([
      'name | note',
      'name: Anna | note: first second',
      'name: Bo | note: said "hi", left',
    ])
    expect(rowsOf(table)).toEqual(['1-3'])
  })

  test('of other lengths than the header lose nothing', async () => {
    expect(textOf(await read('a,b\nx\ny,1,extra\n'))[0]).toContain('a: x\na: y | b: 1 | extra')
  })

  test('behind a quotation mark that is never closed are read all the same', async () => {
    const rows = Array.from({ length: 200 }, (_, i) => `${i},word${i}`)
    const table = await read(`id,text\n1,"fine, so far"\n2,"never closed\n${rows.join('\n')}\n`)
    const [text = ''] = textOf(table)
    expect(text).toContain('text: fine, so far')
    expect(text.split('\n')).toHaveLength(203)
    expect(text).toContain('id: 150 | text: word150')
    expect(table.notices).toEqual([{ code: 'PARSE_ERROR', message: expect.stringContaining('row 3') }])
  })

  test('with formulas are text', async () => {
    expect(textOf(await read('name,note\n"=HYPERLINK(""http://evil.example"")",+1\n'))[0]).toContain(
      'name: =HYPERLINK("http://evil.example")',
    )
  })

  test('in an encoding of old systems are decoded', async () => {
    const bytes = encodeLegacy('名前,年齢,住所\n佐藤太郎,30,東京\n三木英子,25,大阪\n', 'shift_jis')
    const table = extractedOf(await csvExtractor.extract(bytes, { name: 'a.csv', limits }))
    expect(table.text).toContain('名前: 佐藤太郎 | 年齢: 30 | 住所: 東京')
  })
})

describe('the header', () => {
  test.each([
    ['numbers', '1,2,3\na,b,c\n'],
    ['a value that comes again below', 'Berlin,open\nParis,paid\nBerlin,open\nBerlin,paid\n'],
    ['dates', '2024-01-02T03:04,rain\n2024-01-03T03:04,sun\n'],
    ['addresses', 'anna@example.org,Anna\nbo@example.org,Bo\n'],
    ['one row only', 'a,b,c\n'],
    ['a long text', `${'word '.repeat(40)},b\nx,y\n`],
  ])('is none where the first row holds %s', async (_, source) => {
    const table = await read(source)
    expect(table.metadata.columns).toBeUndefined()
    expect(table.text).not.toMatch(/: /)
  })

  test('may stand below a title, hold years, and have no name for the first column', async () => {
    const table = await read('Sales of harbours\n\n,2021,2022,Note\nStebbing,1,2,up\nHarrow,3,4,down\n')
    expect(textOf(table)).toEqual([
      'Sales of harbours',
      '2021 | 2022 | Note\nStebbing | 2021: 1 | 2022: 2 | Note: up\nHarrow | 2021: 3 | 2022: 4 | Note: down',
    ])
    expect(rowsOf(table)).toEqual(['1-1', '3-5'])
  })
})

describe('size', () => {
  const rows = Array.from({ length: 5_000 }, (_, i) => `${i},customer-${i},Berlin,open`)
  const source = `identifier,customer,city,status\n${rows.join('\n')}\n`

  test('a row in the middle of a long table is found with its number and its columns', async () => {
    const chunks = chunkDocument(await read(source))
    const chunk = chunks.find(({ text }) => text.includes('customer-2500 '))
    expect(chunk?.text).toContain('identifier: 2500 | customer: customer-2500 | city: Berlin')
    const lines = chunk?.text.split('\n') ?? []
    const first = 2502 - lines.findIndex((line) => line.includes('customer-2500 '))
    expect(chunk?.location).toMatchObject({ kind: 'sheet', rows: [first, first + lines.length - 1] })
  })

  test('a table that would grow too long names its columns once', async () => {
    const table = await read(source, 'a.csv', source.length * 1.3)
    expect(table.blocks[0]).toMatchObject({
      kind: 'heading',
      heading: 'identifier | customer | city | status',
    })
    expect(table.text).toContain('\n2500 | customer-2500 | Berlin | open\n')
    expect(table.truncated).toBeUndefined()
  })

  test('rows beyond the limit are counted', async () => {
    const table = await read(source, 'a.csv', 10_000)
    expect(table.text.length).toBeLessThanOrEqual(10_000)
    expect(table.truncated).toMatch(/^Only the first \d\d\d of 5,001 rows were read$/)
  })

  test('columns beyond the limit are counted', async () => {
    const table = await read(`h${',h'.repeat(40_000)}\nmarker${',v'.repeat(40_000)}\n`)
    expect(table.text).toContain('marker')
    expect(table.text.length).toBeLessThan(5_000)
    expect(table.truncated).toBe('Only the first 256 of 40,001 columns were read')
  })
})
