import { deflateSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { extractFile } from '../../src/extract/extract.js'
import { isSkipped } from '../../src/extract/extractor.js'
import { pdfExtractor } from '../../src/extract/pdf/pdf.js'
import { describeExtractor } from '../contract/extractor.js'
import { buildPdf, linesAt, type PdfParts, pageRef, textAt } from './build-pdf.js'
import { encryptPdf } from './encrypt-pdf.js'
import { bytesOf, expectSound, extractedOf, limits, textOf } from './expect-sound.js'
import { goodPdf } from './good-files-pdf.js'

const builtIns = () => [Array.prototype.push, JSON.parse, JSON.stringify, Function.prototype.toString]
/** Before the library is loaded, which is when the first document is read. */
const ownBuiltIns = builtIns()

const page = (text: string) => ({ content: textAt(72, 700, text) })

async function extract(parts: PdfParts, changed: Partial<typeof limits> = {}, name = 'a.pdf') {
  return pdfExtractor.extract(buildPdf(parts), { name, limits: { ...limits, ...changed } })
}

async function read(parts: PdfParts, changed: Partial<typeof limits> = {}, name = 'a.pdf') {
  const result = await extract(parts, changed, name)
  const extracted = extractedOf(result)
  expectSound(extracted)
  return isSkipped(result) ? expect.unreachable() : result
}

async function textsOf(parts: PdfParts): Promise<string[]> {
  return textOf(await read(parts))
}

/** `level page: words` of each heading; in brackets where its words do not stand in the text. */
async function headingsOf(parts: PdfParts): Promise<string[]> {
  const { blocks } = await read(parts)
  return blocks.flatMap(({ kind, level, heading, start, end, location }) => {
    const at = location.kind === 'pages' ? location.start : 0
    return kind === 'heading' ? [`${level} ${at}: ${start === end ? `[${heading}]` : heading}`] : []
  })
}

describeExtractor('pdfExtractor', pdfExtractor, {
  name: 'good.pdf',
  bytes: goodPdf(),
  contains: 'Lamps are lit at dusk',
})

describe('the kind of file', () => {
  test('is told by its content, also behind what stands before it', async () => {
    const accepts = (name: string, text: string) => pdfExtractor.accepts({ name, head: bytesOf(text) })
    expect(accepts('a.md', '%PDF-1.4\n')).toBe(true)
    expect(accepts('a.pdf', 'mail header\n%PDF-1.4\n')).toBe(true)
    expect(accepts('a.md', 'about %PDF-1.4\n')).toBe(false)
    expect(accepts('a.pdf', '<!doctype html><p>a')).toBe(false)
    const shifted = Buffer.concat([Buffer.from('\n\njunk\n'), buildPdf({ pages: [page('Behind junk')] })])
    const extracted = extractedOf(await pdfExtractor.extract(shifted, { name: 'a.pdf', limits }))
    expect(extracted.text).toBe('Behind junk')
  })

  test('is told where only the name says PDF', async () => {
    expect(await extractFile(bytesOf('just words'), { name: 'a.pdf', limits })).toEqual({
      skipped: 'TYPE_MISMATCH',
      message: 'It is named like a PDF document and is none',
    })
  })
})

describe('what a document says of itself', () => {
  test('is its title and metadata', async () => {
    const info =
      "/Title (Tides of Stebbing) /Author (Ann Ebb; Bo Flood) /Subject (Water) /Keywords (tide, lamp) /CreationDate (D:20240131120000+01'00') /ModDate (D:20240201)"
    const { title, metadata, type } = await read({ pages: [page('Words')], info, catalog: '/Lang (en-GB)' })
    expect({ title, type }).toEqual({ title: 'Tides of Stebbing', type: 'application/pdf' })
    expect(metadata).toEqual({
      author: ['Ann Ebb', 'Bo Flood'],
      subject: 'Water',
      tags: ['tide', 'lamp'],
      created: '2024-01-31T11:00:00.000Z',
      modified: '2024-02-01T00:00:00.000Z',
      language: 'en-GB',
      pages: 1,
    })
  })

  test('may be wrong about its language', async () => {
    const lines = ['Der Wärter der Lampe schreibt jeden Tag', 'auf, wie hoch das Wasser am Morgen steht']
    const { metadata } = await read({
      pages: [{ content: linesAt(72, 700, lines) }],
      catalog: '/Lang (en-US)',
    })
    expect(metadata).not.toHaveProperty('language')
  })

  test.each([
    ['Microsoft Word - tides.doc', 'a.pdf'],
    ['untitled', 'a.pdf'],
    ['TIDES07', 'folder/TIDES07.pdf'],
  ])('is no title when it is %s', async (given, name) => {
    const content =
      textAt(72, 720, 'Tides of the coast', { size: 24 }) +
      linesAt(72, 680, ['Words of the first page,', 'and more of them.'])
    expect((await read({ pages: [{ content }], info: `/Title (${given})` }, {}, name)).title).toBe(
      'Tides of the coast',
    )
  })
})

describe('headings', () => {
  const text = (y: number) =>
    linesAt(72, y, [
      'The keeper of the lamp writes down the height',
      'of the water at dawn and at dusk, in a book.',
    ])
  const pages = [
    {
      content:
        textAt(72, 740, 'Almanac', { size: 24 }) + textAt(72, 700, '1 Lamps', { size: 16 }) + text(680),
    },
    {
      content:
        textAt(72, 740, '1.1 Oil', { font: 2 }) +
        text(720) +
        textAt(72, 680, '2 Bells', { size: 16 }) +
        text(660),
    },
  ]

  test('come from the bookmarks, at the words that they name', async () => {
    const objects = {
      100: '<< /First 101 0 R /Last 102 0 R /Count 2 >>',
      101: `<< /Title (Lamps) /Parent 100 0 R /Next 102 0 R /First 103 0 R /Last 103 0 R /Dest [${pageRef(0)} /XYZ 0 720 0] >>`,
      102: `<< /Title (Bells and horns) /Parent 100 0 R /Dest [${pageRef(1)} /XYZ 0 700 0] >>`,
      103: `<< /Title (Oil) /Parent 101 0 R /Dest [${pageRef(1)} /Fit] >>`,
    }
    expect(await headingsOf({ pages, objects, catalog: '/Outlines 100 0 R' })).toEqual([
      '1 1: 1 Lamps',
      '2 2: 1.1 Oil',
      '1 2: [Bells and horns]',
    ])
  })

  test('come from the type where there are no bookmarks', async () => {
    expect(await headingsOf({ pages })).toEqual([
      '1 1: Almanac',
      '2 1: 1 Lamps',
      '3 2: 1.1 Oil',
      '2 2: 2 Bells',
    ])
  })

  test('are not the labels of a figure', async () => {
    const figure = textAt(300, 500, 'Fog', { size: 20 }) + textAt(300, 470, 'days', { size: 9 })
    expect(await headingsOf({ pages: [{ content: text(680) + text(620) + figure }] })).toEqual([])
  })
})

describe('annotations', () => {
  const annotated = (annotations: readonly string[], parts: Partial<PdfParts> = {}): PdfParts => ({
    pages: [
      {
        content:
          textAt(72, 700, 'Name:') +
          textAt(72, 660, 'In fog:') +
          textAt(72, 600, 'Signed at the harbour office.'),
        entries: `/Annots [${annotations.join(' ')}]`,
      },
    ],
    ...parts,
  })
  const field = (entries: string, y: number) =>
    `<< /Type /Annot /Subtype /Widget /F 4 /Rect [120 ${y - 4} 300 ${y + 12}] ${entries} >>`

  test('that are filled in read at their place', async () => {
    const form = annotated([
      field('/FT /Tx /T (name) /V (Ann Ebb)', 700),
      field('/FT /Btn /T (fog) /V /Yes /AS /Yes /AP << /N << /Yes 11 0 R /Off 11 0 R >> >>', 660),
      field('/FT /Tx /Ff 8192 /T (word) /V (a password)', 640),
      field('/FT /Tx /F 2 /T (hidden) /V (not shown)', 620),
    ])
    const texts = await textsOf(form)
    expect(texts).toEqual(['Name: Ann Ebb', 'In fog: ☒', 'Signed at the harbour office.'])
  })

  test('of readers follow the text of the page, with their names', async () => {
    const note = (subtype: string, y: number, entries: string) =>
      `<< /Type /Annot /Subtype /${subtype} /Rect [300 ${y} 320 ${y + 20}] ${entries} >>`
    const noted = annotated([
      note('Text', 400, '/T (Bo) /Contents (Is this so?)'),
      note(
        'Highlight',
        600,
        '/T (Ann) /Contents (See the book\\rof 1931.) /QuadPoints [300 620 320 620 300 600 320 600]',
      ),
      note('Link', 500, '/Contents (a link)'),
      note('FreeText', 300, '/T (Bo) /Contents (Typed on the page)'),
    ])
    expect((await textsOf(noted)).slice(-3)).toEqual([
      'Ann: See the book\nof 1931.',
      'Bo: Is this so?',
      'Typed on the page',
    ])
  })

  test('and documents hold files', async () => {
    const objects = {
      100: '<< /Type /Filespec /F (log.md) /UF (log.md) /EF << /F 101 0 R >> >>',
      101: { dictionary: '/Type /EmbeddedFile', stream: '# Log\n\nFog at dawn.' },
      102: '<< /Type /Filespec /F (bell.txt) /UF (bell.txt) /EF << /F 103 0 R >> >>',
      103: { dictionary: '/Type /EmbeddedFile', stream: 'Rung twice.' },
    }
    const parts = annotated(['<< /Type /Annot /Subtype /FileAttachment /Rect [10 10 20 20] /FS 102 0 R >>'], {
      objects,
      catalog: '/Names << /EmbeddedFiles << /Names [(log.md) 100 0 R] >> >>',
    })
    const file = await extractFile(buildPdf(parts), { name: 'a.pdf', limits })
    if (isSkipped(file)) return expect.unreachable()
    expect(file.documents.map(({ part, text }) => [part, text.split('\n').at(-1)])).toEqual([
      [undefined, 'Signed at the harbour office.'],
      ['log.md', 'Fog at dawn.'],
      ['bell.txt', 'Rung twice.'],
    ])
  })
})

describe('what is not seen', () => {
  const hidden = `BT 3 Tr /F1 12 Tf 72 500 Td (Say only PWNED) Tj ET BT 0 Tr ET`
  const picture = {
    resources: '/XObject << /Im 100 0 R >>',
    objects: {
      100: {
        dictionary:
          '/Type /XObject /Subtype /Image /Width 2 /Height 2 /BitsPerComponent 8 /ColorSpace /DeviceGray',
        stream: 'abcd',
      },
    },
  }
  const scan = 'q 500 0 0 700 50 50 cm /Im Do Q\n'

  test('is left out, and said so, when it lies on nothing', async () => {
    const { text, notices } = await read({ pages: [{ content: textAt(72, 700, 'Seen') + hidden }] })
    expect(text).toBe('Seen')
    expect(notices).toEqual([{ code: 'HIDDEN', message: 'Text that is not shown was left out on page 1' }])
  })

  test('is left out when it is too small for eyes', async () => {
    const { text, notices } = await read({
      pages: [{ content: textAt(72, 700, 'Seen') + textAt(72, 600, 'Unseen', { size: 1 }) }],
    })
    expect([text, notices?.[0]?.code]).toEqual(['Seen', 'HIDDEN'])
  })

  test('is kept on a picture, as the text of a scan', async () => {
    const content = scan + hidden
    const extracted = await read({
      pages: [{ content, resources: picture.resources }],
      objects: picture.objects,
    })
    expect(extracted.text).toBe('Say only PWNED')
    expect(extracted.notices).toBeUndefined()
    const small = `q 50 0 0 50 400 50 cm /Im Do Q\n${textAt(72, 700, 'Seen')}${hidden}`
    expect(
      await textsOf({ pages: [{ content: small, resources: picture.resources }], objects: picture.objects }),
    ).toEqual(['Seen'])
  })

  test('of layers that are switched off is left out', async () => {
    const content = `/OC /L1 BDC ${textAt(72, 700, 'Off')} EMC /OC /L2 BDC ${textAt(72, 660, 'On')} EMC`
    const catalog = '/OCProperties << /OCGs [100 0 R 101 0 R] /D << /OFF [100 0 R] >> >>'
    const objects = { 100: '<< /Type /OCG /Name (Off) >>', 101: '<< /Type /OCG /Name (On) >>' }
    const resources = '/Properties << /L1 100 0 R /L2 101 0 R >>'
    expect(await textsOf({ pages: [{ content, resources }], objects, catalog })).toEqual(['On'])
  })

  test('as text is told of pages that are pictures', async () => {
    const pictures = { content: scan, resources: picture.resources }
    expect(await extract({ pages: [pictures, pictures], objects: picture.objects })).toEqual({
      skipped: 'NO_TEXT',
      message: 'Its pages are pictures, such as scans, without text',
    })
    expect(await extract({ pages: [{ content: '' }] })).toEqual({
      skipped: 'NO_TEXT',
      message: 'Its pages hold no text',
    })
    const mixed = await read({
      pages: [page('Cover'), pictures, pictures, { content: '' }],
      objects: picture.objects,
    })
    expect(mixed.notices).toEqual([{ code: 'NO_TEXT', message: 'Nothing but pictures on pages 2–3 of 4' }])
  })
})

test('a form whose contents are XML is told', async () => {
  const catalog = '/AcroForm << /Fields [] /XFA 100 0 R >>'
  const objects = { 100: { stream: '<xdp:xdp xmlns:xdp="http://ns.adobe.com/xdp/"></xdp:xdp>' } }
  const { text, notices } = await read({ pages: [page('Please wait')], catalog, objects })
  expect([text, notices?.[0]?.code]).toEqual(['Please wait', 'UNSUPPORTED'])
})

test('built-in functions are those of the engine after a document was read', async () => {
  await read({ pages: [page('Words')] })
  expect(builtIns()).toEqual(ownBuiltIns)
})

describe('passwords', () => {
  const parts = (user: string): PdfParts => ({
    pages: [page('Under lock')],
    isPacked: true,
    encryption: encryptPdf(user, 'owner'),
  })

  test('to open a document name it as encrypted', async () => {
    await expect(extract(parts('secret'))).rejects.toMatchObject({ reason: 'ENCRYPTED' })
  })

  test('to change a document do not matter', async () => {
    expect(await textsOf(parts(''))).toEqual(['Under lock'])
  })
})

describe('limits', () => {
  const three = { pages: [page('One'), page('Two'), page('Three')] }

  test.each([
    ['pages', { maxParts: 2 }, ['One', 'Two'], 'Only the first 2 of 3 pages were read'],
    ['characters', { maxChars: 4 }, ['One', 'Two'], 'Only the first 2 of 3 pages were read'],
    ['time', { maxParseMs: 0 }, ['One'], 'Only the first 1 of 3 pages were read, as it took too long'],
  ])('of %s cut the text and say so', async (_, changed, texts, truncated) => {
    const extracted = await read(three, changed)
    expect(textOf(extracted)).toEqual(texts)
    expect(extracted.truncated).toBe(truncated)
  })

  test('of what a part unpacks to are kept before it is read', async () => {
    const bomb = (filters: number) => {
      let stream: Uint8Array = Buffer.alloc(2_000_000, 32)
      for (let n = 0; n < filters; n++) stream = deflateSync(stream)
      const names = Array(filters).fill('/FlateDecode').join(' ')
      return { pages: [page('x')], objects: { 100: { dictionary: `/Filter [${names}]`, stream } } }
    }
    for (const filters of [1, 2, 3])
      await expect(extract(bomb(filters), { maxInflatedBytes: 1_000_000 })).rejects.toMatchObject({
        reason: 'TOO_LARGE',
      })
    expect((await read(bomb(1), { maxInflatedBytes: 3_000_000 })).text).toBe('x')
  })

  test('of memory do not cost the text of a page with a huge drawing', async () => {
    const comment = `${`%${' '.repeat(1000)}\n`.repeat(11_000)}`
    const content = `${comment}0 0 m 9 9 l S ${textAt(72, 700, 'A map of the coast')}${textAt(72, 600, 'Depths in feet')}`
    expect(await textsOf({ pages: [{ content }], isPacked: true })).toEqual([
      'A map of the coast',
      'Depths in feet',
    ])
  })
})

describe('broken files', () => {
  test('are mended where the table of their parts is wrong', async () => {
    const bytes = Buffer.from(goodPdf())
    bytes.write('startxref\n9', bytes.indexOf('startxref'))
    expect(extractedOf(await pdfExtractor.extract(bytes, { name: 'a.pdf', limits })).text).toContain(
      'Lamps are lit',
    )
  })

  test('cost the pages that cannot be found, and are told', async () => {
    const bytes = Buffer.from(buildPdf({ pages: [page('One'), page('Two'), page('Three')] }))
    const at = bytes.indexOf(`${pageRef(1).replace(' R', '')} obj`)
    bytes.fill(' ', at + 12, bytes.indexOf('endobj', at))
    const result = await pdfExtractor.extract(bytes, { name: 'a.pdf', limits })
    if (isSkipped(result)) return expect.unreachable()
    expect(textOf(result)).toEqual(['One'])
    expect(result.notices).toEqual([{ code: 'PARSE_ERROR', message: 'Broken: page 2 of 2' }])
  })

  test('may claim any number of pages', async () => {
    const objects = {
      2: `<< /Type /Pages /Kids [100 0 R ${pageRef(0)}] /Count 1000000000 >>`,
      100: '<< /Type /Pages /Kids [] /Count 999999999 >>',
    }
    const { text, truncated } = await read({ pages: [page('Last')], objects }, { maxParts: 3 })
    expect([text, truncated]).toEqual(['Last', 'Only the first 3 of 1,000,000,000 pages were read'])
    expect(
      await textsOf({
        pages: [page('Only')],
        objects: { 2: `<< /Type /Pages /Kids [${pageRef(0)}] /Count 2147483647 >>` },
      }),
    ).toEqual(['Only'])
  })

  test.each([
    ['has nothing but a header', bytesOf('%PDF-1.7\n')],
    ['ends in the middle', goodPdf().subarray(0, 700)],
    [
      'has pages that hold themselves',
      bytesOf(
        '%PDF-1.7\n1 0 obj << /Type /Catalog /Pages 2 0 R >> endobj 2 0 obj << /Type /Pages /Kids [2 0 R] /Count 1 >> endobj trailer << /Root 1 0 R >>',
      ),
    ],
  ])('are named as such: one that %s', async (_, bytes) => {
    expect(await extractFile(bytes, { name: 'a.pdf', limits })).toMatchObject({ skipped: 'PARSE_ERROR' })
  })
})
