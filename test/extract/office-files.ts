import { strToU8, type Zippable, zipSync } from 'fflate'

/** Parts by their names in an archive. */
export type Parts = Readonly<Record<string, string | Uint8Array>>

/** An archive of these parts in their order, compressed as office programs do. */
export function archiveOf(parts: Parts): Uint8Array {
  const entries = Object.entries(parts).map(([name, content]) => {
    const bytes = typeof content === 'string' ? strToU8(content) : content
    // Readers tell a format by this part, which is first and not compressed.
    return [name, name === 'mimetype' ? [bytes, { level: 0 }] : bytes] as const
  })
  // Without a date of its own an archive would not be the same twice.
  return zipSync(Object.fromEntries(entries) as Zippable, { mtime: new Date('2024-01-01T00:00:00') })
}

const declaration = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
const office = 'http://schemas.openxmlformats.org/officeDocument/2006'

/** References of a part: id, type and target of each. */
export function relationships(
  ...all: readonly (readonly [id: string, type: string, target: string])[]
): string {
  const written = all.map(([id, type, target]) => {
    const mode = /^(?:[a-z]+:)/.test(target) ? ' TargetMode="External"' : ''
    return `<Relationship Id="${id}" Type="${office}/relationships/${type}" Target="${target}"${mode}/>`
  })
  return `${declaration}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">${written.join('')}</Relationships>`
}

export const coreProperties = (inner: string): string =>
  `${declaration}<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/">${inner}</cp:coreProperties>`

const wordNamespaces = `xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:m="${office}/math" xmlns:r="${office}/relationships" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart"`

/** A part in WordprocessingML, such as `styles` or `footnotes`. */
export const wordPart = (root: string, inner: string): string =>
  `${declaration}<w:${root} ${wordNamespaces}>${inner}</w:${root}>`

/** A Word document of this body; `more` parts are added or take the place of these. */
export function docxOf(body: string, more: Parts = {}): Uint8Array {
  const types = ['styles', 'numbering', 'footnotes', 'endnotes', 'comments', 'header', 'footer'] as const
  const present = types.filter((type) => `word/${type}.xml` in more)
  return archiveOf({
    '[Content_Types].xml': `${declaration}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>`,
    '_rels/.rels': relationships(['rId1', 'officeDocument', 'word/document.xml']),
    'word/document.xml': wordPart('document', `<w:body>${body}</w:body>`),
    'word/_rels/document.xml.rels': relationships(
      ...present.map((type, i) => [`rId${i + 1}`, type, `${type}.xml`] as const),
    ),
    ...more,
  })
}

/** A paragraph of Word with its properties and its text as runs. */
export const wordParagraph = (text: string, properties = ''): string =>
  `<w:p>${properties === '' ? '' : `<w:pPr>${properties}</w:pPr>`}<w:r><w:t xml:space="preserve">${text}</w:t></w:r></w:p>`

export const wordStyle = (id: string, name: string, inner = ''): string =>
  `<w:style w:type="paragraph" w:styleId="${id}"><w:name w:val="${name}"/>${inner}</w:style>`

const slideNamespaces = `xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main" xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" xmlns:r="${office}/relationships" xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart"`

/** A shape with its paragraphs; `placeholder` such as `type="title"`, `place` such as `x="0" y="100"`. */
export function shapeOf(paragraphs: readonly string[], placeholder = '', place = ''): string {
  const role = placeholder === '' ? '' : `<p:ph ${placeholder}/>`
  const position = place === '' ? '' : `<a:xfrm><a:off ${place}/></a:xfrm>`
  const text = paragraphs.map((each) => (each.startsWith('<') ? each : slideParagraph(each))).join('')
  return `<p:sp><p:nvSpPr><p:cNvPr id="1" name="x"/><p:nvPr>${role}</p:nvPr></p:nvSpPr><p:spPr>${position}</p:spPr><p:txBody>${text}</p:txBody></p:sp>`
}

export const slideParagraph = (text: string, properties = ''): string =>
  `<a:p>${properties}<a:r><a:t>${text}</a:t></a:r></a:p>`

export const slidePart = (shapes: string, attributes = '', root = 'sld'): string =>
  `${declaration}<p:${root} ${slideNamespaces} ${attributes}><p:cSld><p:spTree>${shapes}</p:spTree></p:cSld></p:${root}>`

/** A PowerPoint presentation; slides are parts made by `slidePart`, in the order of the show. */
export function pptxOf(slides: readonly string[], more: Parts = {}): Uint8Array {
  const ids = slides.map((_, i) => `<p:sldId id="${i + 256}" r:id="rId${i + 1}"/>`).join('')
  return archiveOf({
    '_rels/.rels': relationships(['rId1', 'officeDocument', 'ppt/presentation.xml']),
    'ppt/presentation.xml': `${declaration}<p:presentation ${slideNamespaces}><p:sldIdLst>${ids}</p:sldIdLst></p:presentation>`,
    'ppt/_rels/presentation.xml.rels': relationships(
      // Numbers of files say nothing of the order.
      ...slides.map((_, i) => [`rId${i + 1}`, 'slide', `slides/slide${slides.length - i}.xml`] as const),
    ),
    ...Object.fromEntries(slides.map((slide, i) => [`ppt/slides/slide${slides.length - i}.xml`, slide])),
    ...more,
  })
}

export type SheetSource = { readonly name: string; readonly rows: string; readonly state?: string }

/** An Excel workbook; rows are `<row>` elements. */
export function xlsxOf(sheets: readonly SheetSource[], more: Parts = {}): Uint8Array {
  const main = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
  const list = sheets.map(
    ({ name, state }, i) =>
      `<sheet name="${name}" sheetId="${i + 1}" r:id="rId${i + 1}"${state === undefined ? '' : ` state="${state}"`}/>`,
  )
  return archiveOf({
    '_rels/.rels': relationships(['rId1', 'officeDocument', 'xl/workbook.xml']),
    'xl/workbook.xml': `${declaration}<workbook ${main} xmlns:r="${office}/relationships"><sheets>${list.join('')}</sheets></workbook>`,
    'xl/_rels/workbook.xml.rels': relationships(
      ...sheets.map((_, i) => [`rId${i + 1}`, 'worksheet', `worksheets/sheet${i + 1}.xml`] as const),
    ),
    ...Object.fromEntries(
      sheets.map(({ rows }, i) => [
        `xl/worksheets/sheet${i + 1}.xml`,
        `${declaration}<worksheet ${main}><sheetData>${rows}</sheetData></worksheet>`,
      ]),
    ),
    ...more,
  })
}

/** A row of cells: texts as they are, numbers as numbers, `undefined` left out. */
export function sheetRow(row: number, cells: readonly (string | number | undefined)[]): string {
  const written = cells.map((cell, column) => {
    const at = `${String.fromCharCode(65 + column)}${row}`
    if (cell === undefined) return ''
    if (typeof cell === 'number') return `<c r="${at}"><v>${cell}</v></c>`
    return cell.startsWith('<') ? cell : `<c r="${at}" t="inlineStr"><is><t>${cell}</t></is></c>`
  })
  return `<row r="${row}">${written.join('')}</row>`
}

const odfNamespaces = [
  ...['office', 'text', 'table', 'presentation', 'style', 'meta'].map(
    (name) => `xmlns:${name}="urn:oasis:names:tc:opendocument:xmlns:${name}:1.0"`,
  ),
  'xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0"',
  'xmlns:svg="urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0"',
  'xmlns:fo="urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0"',
  'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xlink="http://www.w3.org/1999/xlink"',
].join(' ')

export const odfPart = (root: string, inner: string): string =>
  `${declaration}<office:${root} ${odfNamespaces}>${inner}</office:${root}>`

/** An OpenDocument file of this body; `styles` are its automatic ones. */
export function odfOf(
  kind: 'text' | 'presentation' | 'spreadsheet',
  body: string,
  styles = '',
  more: Parts = {},
): Uint8Array {
  return archiveOf({
    mimetype: `application/vnd.oasis.opendocument.${kind}`,
    'content.xml': odfPart(
      'document-content',
      `<office:automatic-styles>${styles}</office:automatic-styles><office:body><office:${kind}>${body}</office:${kind}></office:body>`,
    ),
    ...more,
  })
}

export type Chapter = { readonly name: string; readonly source: string }

/** A book; `metadata` in Dublin Core, `more` parts are added or take the place of these. */
export function epubOf(chapters: readonly Chapter[], metadata = '', more: Parts = {}): Uint8Array {
  const items = chapters.map(
    ({ name }, i) => `<item id="c${i}" href="${name}" media-type="application/xhtml+xml"/>`,
  )
  const spine = chapters.map((_, i) => `<itemref idref="c${i}"/>`)
  return archiveOf({
    mimetype: 'application/epub+zip',
    'META-INF/container.xml':
      '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles><rootfile full-path="OPS/book.opf"/></rootfiles></container>',
    'OPS/book.opf': `${declaration}<package xmlns="http://www.idpf.org/2007/opf" xmlns:dc="http://purl.org/dc/elements/1.1/"><metadata>${metadata}</metadata><manifest>${items.join('')}<item id="nav" href="nav.xhtml" properties="nav" media-type="application/xhtml+xml"/></manifest><spine><itemref idref="nav"/>${spine.join('')}</spine></package>`,
    'OPS/nav.xhtml': chapterOf(
      `<nav><ol>${chapters.map(({ name }, i) => `<li><a href="${name}#start">Entry ${i + 1}</a></li>`).join('')}</ol></nav>`,
    ),
    ...Object.fromEntries(chapters.map(({ name, source }) => [`OPS/${name}`, source])),
    ...more,
  })
}

export const chapterOf = (body: string): string =>
  `${declaration}<html xmlns="http://www.w3.org/1999/xhtml"><head><title/></head><body>${body}</body></html>`
