import type { ExtractLimits } from '../extractor.js'
import { readNamespacedXml } from '../xml-namespaces.js'
import type { NumberFormat } from './number-formats.js'
import { isOn } from './office-package.js'
import { addComment } from './sheet-table.js'

export type WorkbookSheet = { readonly name: string; readonly id: string; readonly isHidden: boolean }
export type WorkbookIndex = { readonly sheets: readonly WorkbookSheet[]; readonly date1904: boolean }

/** The sheets of a workbook in the order of their tabs. */
export function readWorkbookIndex(source: string, limits: ExtractLimits): WorkbookIndex {
  const sheets: WorkbookSheet[] = []
  let date1904 = false
  readNamespacedXml(
    source,
    {
      open({ name, attributes }) {
        if (name === 'workbookPr') date1904 = isOn(attributes.date1904)
        else if (name === 'sheet') {
          const isHidden = attributes.state === 'hidden' || attributes.state === 'veryHidden'
          sheets.push({ name: attributes.name ?? '', id: attributes['r:id'] ?? '', isHidden })
        }
        return undefined
      },
    },
    limits,
  )
  return { sheets, date1904 }
}

/** The strings that cells refer to by number; readings above characters are left out. */
export function readSharedStrings(source: string, limits: ExtractLimits): string[] {
  const strings: string[] = []
  let parts: string[] = []
  let isText = false
  readNamespacedXml(
    source,
    {
      open({ name }) {
        if (name === 'si') parts = []
        isText = name === 't'
        return name !== 'rPh'
      },
      close(name) {
        isText = false
        if (name === 'si') strings.push(parts.join(''))
      },
      text(text) {
        if (isText) parts.push(text)
      },
    },
    limits,
  )
  return strings
}

/** How the cells of each style show numbers. */
export function readNumberFormats(source: string, limits: ExtractLimits): NumberFormat[] {
  const patterns = new Map<number, string>()
  const formats: NumberFormat[] = []
  let isCellFormats = false
  readNamespacedXml(
    source,
    {
      open({ name, attributes }) {
        const id = Number(attributes.numFmtId) || 0
        if (name === 'numFmt') patterns.set(id, attributes.formatCode ?? 'General')
        else if (name === 'cellXfs') isCellFormats = true
        else if (name === 'xf' && isCellFormats) formats.push(patterns.get(id) ?? id)
        return undefined
      },
      close(name) {
        if (name === 'cellXfs') isCellFormats = false
      },
    },
    limits,
  )
  return formats
}

/** The comments of a sheet by the cell that they stand at, in both forms that Excel has written (2007 and 2018). */
export function readSheetComments(
  source: string,
  authors: ReadonlyMap<string, string>,
  comments: Map<string, string>,
  limits: ExtractLimits,
): void {
  const names: string[] = []
  let open: { readonly cell: string; readonly author: string; readonly parts: string[] } | undefined
  let isText = false
  let author = ''
  readNamespacedXml(
    source,
    {
      open({ name, attributes }) {
        if (name === 'author') author = ''
        else if (name === 'comment' || name === 'threadedComment') {
          const named = authors.get(attributes.personId ?? '') ?? names[Number(attributes.authorId)]
          // Newer comments have a copy for older programs, whose author is a number: "tc={...}".
          if (name === 'comment' && named?.startsWith('tc=')) return false
          open = { cell: attributes.ref ?? '', author: named ?? '', parts: [] }
        }
        isText = name === 't' || name === 'text' || name === 'author'
        return undefined
      },
      close(name) {
        isText = false
        if (name === 'author') names.push(author.trim())
        if ((name !== 'comment' && name !== 'threadedComment') || open === undefined) return
        addComment(comments, open.cell, open.author, open.parts.join(''))
        open = undefined
      },
      text(text) {
        if (isText && open === undefined) author += text
        else if (isText) open?.parts.push(text)
      },
    },
    limits,
  )
}

/** Authors of newer comments by their id. */
export function readPersons(source: string, persons: Map<string, string>, limits: ExtractLimits): void {
  readNamespacedXml(
    source,
    {
      open({ name, attributes }) {
        if (/(?:^|:)person$/.test(name)) persons.set(attributes.id ?? '', attributes.displayName ?? '')
        return undefined
      },
    },
    limits,
  )
}
