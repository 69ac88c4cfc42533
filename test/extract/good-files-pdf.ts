import { buildPdf, linesAt, pageRef, textAt } from './build-pdf.js'

/** Two pages with bookmarks, a table, a filled-in field, a note and an attached file; packed, as programs write them. */
export function goodPdf(): Uint8Array {
  const table = ['Month | Fog', 'May | 4', 'June | 2', 'July | 1'].flatMap((row, i) =>
    row.split(' | ').map((cell, j) => textAt(72 + 150 * j, 500 - 16 * i, cell)),
  )
  const text = ['Lamps are lit at dusk, and the keeper', 'writes down how high the water stands.']
  return buildPdf({
    pages: [
      {
        content: textAt(72, 740, 'Almanac', { size: 24 }) + linesAt(72, 700, text) + table.join(''),
        entries: `/Annots [105 0 R << /Type /Annot /Subtype /Text /Rect [10 10 30 30] /T (Ann) /Contents (A note) >>]`,
      },
      {
        content:
          textAt(72, 740, 'Bells', { font: 2, size: 16 }) + linesAt(72, 700, text.toReversed(), { font: 3 }),
      },
    ],
    catalog:
      '/Outlines 100 0 R /AcroForm << /Fields [105 0 R] >> /Names << /EmbeddedFiles << /Names [(log.txt) 103 0 R] >> >>',
    info: "/Title (Tides) /Author (Ann Ebb) /CreationDate (D:20240131120000+01'00')",
    objects: {
      100: '<< /First 101 0 R /Last 102 0 R /Count 2 >>',
      101: `<< /Title (Almanac) /Parent 100 0 R /Next 102 0 R /Dest [${pageRef(0)} /XYZ 0 760 0] >>`,
      102: `<< /Title (Bells) /Parent 100 0 R /Dest [${pageRef(1)} /Fit] >>`,
      103: '<< /Type /Filespec /F (log.txt) /UF (log.txt) /EF << /F 104 0 R >> >>',
      104: { dictionary: '/Type /EmbeddedFile', stream: 'Fog at dawn.' },
      105: '<< /Type /Annot /Subtype /Widget /FT /Tx /T (name) /V (Ann Ebb) /F 4 /Rect [72 400 300 416] >>',
    },
    isPacked: true,
  })
}
