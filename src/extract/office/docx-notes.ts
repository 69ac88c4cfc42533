import type { ExtractLimits } from '../extractor.js'
import { tidyText } from '../flow/flow.js'
import { readNamespacedXml } from '../xml-namespaces.js'

/** A footnote, endnote or comment. */
export type WordNote = { readonly text: string; readonly author: string }

const notes = new Set(['w:footnote', 'w:endnote', 'w:comment'])

/** The notes of a part by their id; lines that only part notes from the text are left out. */
export function readWordNotes(
  source: string | undefined,
  limits: ExtractLimits,
): ReadonlyMap<string, WordNote> {
  const found = new Map<string, WordNote>()
  if (source === undefined) return found
  let open: { readonly id: string; readonly author: string } | undefined
  let parts: string[] = []
  let isText = false
  readNamespacedXml(
    source,
    {
      open({ name, attributes }) {
        if (notes.has(name)) {
          if (attributes['w:type'] !== undefined && attributes['w:type'] !== 'normal') return false
          open = { id: attributes['w:id'] ?? '', author: tidyText(attributes['w:author'] ?? '') }
          parts = []
        } else if (name === 'w:del' || name === 'w:moveFrom') return false
        isText = name === 'w:t' || name === 'm:t'
        if (name === 'w:tab' || name === 'w:br') parts.push(' ')
        return undefined
      },
      close(name) {
        isText = false
        if (name === 'w:p') parts.push(' ')
        if (!notes.has(name) || open === undefined) return
        const text = parts.join('').replace(/\s+/g, ' ')
        found.set(open.id, { text: tidyText(text), author: open.author })
        open = undefined
      },
      text(text) {
        if (isText) parts.push(text)
      },
    },
    limits,
  )
  return found
}

/** The words of a header or footer. */
export function readWordWords(source: string, limits: ExtractLimits): string {
  const parts: string[] = []
  let isText = false
  // What a field shows, such as the number of the page, is not the same on every page.
  let openFields = 0
  readNamespacedXml(
    source,
    {
      open({ name, attributes }) {
        isText = name === 'w:t' && openFields === 0
        if (attributes['w:fldCharType'] === 'begin') openFields++
        else if (attributes['w:fldCharType'] === 'end') openFields--
        return name !== 'w:del' && name !== 'mc:Fallback' && name !== 'w:fldSimple'
      },
      close(name) {
        isText = false
        if (name === 'w:p' || name === 'w:tc') parts.push(' ')
      },
      text(text) {
        if (isText) parts.push(text)
      },
    },
    limits,
  )
  return tidyText(parts.join('').replace(/\s+/g, ' '))
}
