import { utils, write } from '@e965/xlsx'
import { goodPdf } from './good-files-pdf.js'
import {
  chapterOf,
  coreProperties,
  docxOf,
  epubOf,
  odfOf,
  odfPart,
  pptxOf,
  relationships,
  shapeOf,
  sheetRow,
  slideParagraph,
  slidePart,
  wordParagraph,
  wordPart,
  wordStyle,
  xlsxOf,
} from './office-files.js'

/** A file that is read without a fault, to be damaged. */
export type GoodFile = {
  readonly format: string
  readonly name: string
  readonly build: () => Uint8Array
  /** Words of its text. */
  readonly contains: string
}

/** One per format. */
export const goodFiles: readonly GoodFile[] = [
  { format: 'docx', name: 'good.docx', build: goodDocx, contains: 'Lamps are lit at dusk' },
  { format: 'pptx', name: 'good.pptx', build: goodPptx, contains: 'Lamps are lit at dusk' },
  { format: 'xlsx', name: 'good.xlsx', build: goodXlsx, contains: 'Harbour: Stebbing' },
  { format: 'xls', name: 'good.xls', build: goodXls, contains: 'Harbour: Stebbing' },
  { format: 'odt', name: 'good.odt', build: goodOdt, contains: 'Lamps are lit at dusk' },
  { format: 'odp', name: 'good.odp', build: goodOdp, contains: 'Lamps are lit at dusk' },
  { format: 'ods', name: 'good.ods', build: goodOds, contains: 'Harbour: Stebbing' },
  { format: 'epub', name: 'good.epub', build: goodEpub, contains: 'Lamps are lit at dusk' },
  { format: 'rtf', name: 'good.rtf', build: goodRtf, contains: 'Lamps are lit at dusk' },
  { format: 'pdf', name: 'good.pdf', build: goodPdf, contains: 'Lamps are lit at dusk' },
]

function goodDocx(): Uint8Array {
  const cell = (text: string, properties = '') =>
    `<w:tc><w:tcPr>${properties}</w:tcPr>${wordParagraph(text)}</w:tc>`
  const box = `<w:p><w:r><mc:AlternateContent><mc:Choice><w:txbxContent>${wordParagraph('In a box')}</w:txbxContent></mc:Choice><mc:Fallback><w:txbxContent>${wordParagraph('In a box')}</w:txbxContent></mc:Fallback></mc:AlternateContent></w:r></w:p>`
  const body = [
    wordParagraph('Lamps', '<w:pStyle w:val="H1"/>'),
    `<w:p><w:r><w:t>Lamps are lit at dusk</w:t></w:r><w:r><w:footnoteReference w:id="2"/><w:commentReference w:id="0"/></w:r></w:p>`,
    wordParagraph('Oil', '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr>'),
    wordParagraph('Wick', '<w:numPr><w:ilvl w:val="1"/><w:numId w:val="1"/></w:numPr>'),
    `<w:tbl><w:tr>${cell('Lamp')}${cell('Height')}</w:tr><w:tr>${cell('North', '<w:vMerge w:val="restart"/>')}${cell('12 m')}</w:tr><w:tr>${cell('', '<w:vMerge/>')}${cell('14 m')}</w:tr></w:tbl>`,
    box,
    `<w:p><m:oMath><m:f><m:num><m:r><m:t>a+b</m:t></m:r></m:num><m:den><m:r><m:t>2</m:t></m:r></m:den></m:f></m:oMath></w:p>`,
  ]
  const numbering =
    '<w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%1."/></w:lvl><w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="lowerLetter"/><w:lvlText w:val="%1%2"/></w:lvl></w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'
  return docxOf(body.join(''), {
    'word/styles.xml': wordPart(
      'styles',
      wordStyle('H1', 'heading 1', '<w:pPr><w:outlineLvl w:val="0"/></w:pPr>'),
    ),
    'word/numbering.xml': wordPart('numbering', numbering),
    'word/footnotes.xml': wordPart(
      'footnotes',
      `<w:footnote w:id="2">${wordParagraph('A note')}</w:footnote>`,
    ),
    'word/comments.xml': wordPart(
      'comments',
      `<w:comment w:id="0" w:author="Ada">${wordParagraph('Check this')}</w:comment>`,
    ),
    'docProps/core.xml': coreProperties(
      '<dc:title>The lamps of Stebbing</dc:title><dc:creator>Ada</dc:creator>',
    ),
  })
}

function goodPptx(): Uint8Array {
  const cell = (text: string) => `<a:tc><a:txBody>${slideParagraph(text)}</a:txBody></a:tc>`
  const table = `<p:graphicFrame><p:xfrm><a:off x="0" y="3000000"/></p:xfrm><a:graphic><a:graphicData><a:tbl><a:tr>${cell('Lamp')}${cell('Height')}</a:tr><a:tr>${cell('North')}${cell('12 m')}</a:tr></a:tbl></a:graphicData></a:graphic></p:graphicFrame>`
  const chart =
    '<p:graphicFrame><a:graphic><a:graphicData><c:chart r:id="rId2"/></a:graphicData></a:graphic></p:graphicFrame>'
  const first = slidePart(
    shapeOf(['Lamps'], 'type="title"') +
      shapeOf(['Lamps are lit at dusk', slideParagraph('by hand', '<a:pPr lvl="1"/>')], 'idx="1"') +
      table,
  )
  const second = slidePart(shapeOf(['Oil in barrels'], '', 'x="100" y="200"') + chart, 'show="0"')
  return pptxOf([first, second], {
    'ppt/slides/_rels/slide2.xml.rels': relationships([
      'rId1',
      'notesSlide',
      '../notesSlides/notesSlide1.xml',
    ]),
    'ppt/slides/_rels/slide1.xml.rels': relationships(['rId2', 'chart', '../charts/chart1.xml']),
    'ppt/notesSlides/notesSlide1.xml': slidePart(shapeOf(['Speak slowly'], 'type="body"'), '', 'notes'),
    'ppt/charts/chart1.xml':
      '<c:chartSpace xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart"><c:ser><c:tx><c:v>Barrels</c:v></c:tx><c:cat><c:pt idx="0"><c:v>May</c:v></c:pt></c:cat><c:val><c:pt idx="0"><c:v>7</c:v></c:pt></c:val></c:ser></c:chartSpace>',
  })
}

const harbours = [
  ['Harbour', 'Lamps', 'Lit'],
  ['Stebbing', 12, 1890],
  ['Harrow', 7, 1901],
] as const

function goodXlsx(): Uint8Array {
  const rows = harbours.map((cells, i) => sheetRow(i + 1, cells)).join('')
  const styled = `<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" s="1"><v>45000</v></c></row>`
  return xlsxOf(
    [
      { name: 'Harbours', rows },
      { name: 'Dates', rows: styled, state: 'hidden' },
    ],
    {
      'xl/sharedStrings.xml':
        '<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><r><t>Built </t></r><r><t>on</t></r></si></sst>',
      'xl/styles.xml':
        '<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs></styleSheet>',
    },
  )
}

function goodXls(): Uint8Array {
  const book = utils.book_new()
  utils.book_append_sheet(book, utils.aoa_to_sheet(harbours.map((row) => [...row])), 'Harbours')
  return new Uint8Array(write(book, { type: 'buffer', bookType: 'biff8' }))
}

function goodOdt(): Uint8Array {
  const cell = (text: string) => `<table:table-cell><text:p>${text}</text:p></table:table-cell>`
  const body = [
    '<text:h text:outline-level="1">Lamps</text:h>',
    '<text:p>Lamps are lit at dusk<text:note><text:note-citation>1</text:note-citation><text:note-body><text:p>A note</text:p></text:note-body></text:note></text:p>',
    '<text:list text:style-name="L1"><text:list-item><text:p>Oil</text:p><text:list><text:list-item><text:p>Wick</text:p></text:list-item></text:list></text:list-item></text:list>',
    `<table:table><table:table-row>${cell('Lamp')}${cell('Height')}</table:table-row><table:table-row>${cell('North')}${cell('12 m')}</table:table-row></table:table>`,
    '<text:p><draw:frame><draw:text-box><text:p>In a box</text:p></draw:text-box></draw:frame><draw:frame><draw:object xlink:href="./Object 1"/></draw:frame></text:p>',
  ]
  const styles =
    '<text:list-style style:name="L1"><text:list-level-style-number text:level="1" style:num-format="1" style:num-suffix="."/></text:list-style>'
  return odfOf('text', body.join(''), styles, {
    'Object 1/content.xml':
      '<math xmlns="http://www.w3.org/1998/Math/MathML"><mfrac><mi>a</mi><mn>2</mn></mfrac></math>',
    'meta.xml': odfPart(
      'document-meta',
      '<office:meta><dc:title>The lamps of Stebbing</dc:title></office:meta>',
    ),
  })
}

function goodOdp(): Uint8Array {
  const frame = (role: string, y: number, text: string) =>
    `<draw:frame presentation:class="${role}" svg:x="1cm" svg:y="${y}cm"><draw:text-box>${text}</draw:text-box></draw:frame>`
  return odfOf(
    'presentation',
    `<draw:page>${frame('title', 1, '<text:p>Lamps</text:p>')}${frame('outline', 5, '<text:p>Lamps are lit at dusk</text:p>')}<presentation:notes>${frame('notes', 1, '<text:p>Speak slowly</text:p>')}</presentation:notes></draw:page><draw:page>${frame('', 2, '<text:p>Oil</text:p>')}</draw:page>`,
  )
}

function goodOds(): Uint8Array {
  const cell = (value: string | number) =>
    typeof value === 'number'
      ? `<table:table-cell office:value-type="float" office:value="${value}"><text:p>${value}</text:p></table:table-cell>`
      : `<table:table-cell office:value-type="string"><text:p>${value}</text:p></table:table-cell>`
  const rows = harbours.map((cells) => `<table:table-row>${cells.map(cell).join('')}</table:table-row>`)
  return odfOf(
    'spreadsheet',
    `<table:table table:name="Harbours">${rows.join('')}<table:table-row table:number-rows-repeated="1048000"><table:table-cell table:number-columns-repeated="1024"/></table:table-row></table:table>`,
  )
}

function goodEpub(): Uint8Array {
  return epubOf(
    [
      { name: 'one.xhtml', source: chapterOf('<h1>Lamps</h1><p>Lamps are lit at dusk</p>') },
      { name: 'two.xhtml', source: chapterOf('<p>Oil in barrels</p><ul><li>Wick</li></ul>') },
    ],
    '<dc:title>The lamps of Stebbing</dc:title><dc:creator>Ada</dc:creator><dc:language>en</dc:language>',
  )
}

function goodRtf(): Uint8Array {
  const source = String.raw`{\rtf1\ansi\ansicpg1252\deff0{\fonttbl{\f0\fcharset0 Arial;}{\f1\fcharset204 Times;}}{\stylesheet{\s0 Normal;}{\s1\outlinelevel0 heading 1;}}{\info{\title The lamps of Stebbing}{\author Ada}{\creatim\yr2024\mo3\dy1}}
\pard\s1 Lamps\par\pard Lamps are lit at dusk{\footnote {\super\chftn} A note}\par
{\pard{\listtext 1.\tab}\ls1 Oil\par}{\pard{\pntext \'b7\tab}Wick \u8364?\par}
\trowd\cellx100\cellx200\pard\intbl Lamp\cell Height\cell\row\trowd\cellx100\cellx200\pard\intbl North\cell 12 m\cell\row
\pard {\f1 \'cb\'e0\'ec\'ef\'fb}\par{\pict\pngblip 89504e47}}`
  return Uint8Array.from(Buffer.from(source, 'latin1'))
}
