import type { Extracted } from '../../types.js'
import type { ExtractLimits } from '../extractor.js'
import { LineCounter } from '../line-counter.js'
import { TextBuilder } from '../text-builder.js'
import { readXml } from '../xml.js'

const WORDS = new Set(['title', 'desc', 'text'])

/** The words of a drawing: its title and description, and the texts in it, each where its element stands. */
export function readSvg(
  source: string,
  limits: Pick<ExtractLimits, 'maxDepth' | 'maxChars'>,
): Omit<Extracted, 'type'> {
  const builder = new TextBuilder()
  const counter = new LineCounter(source)
  let title: string | undefined
  let depth = 0
  /** The element whose words are being read: those within it (`tspan`, `a`) belong to it. */
  let open:
    | { readonly name: string; readonly depth: number; readonly line: number; words: string }
    | undefined
  readXml(
    source,
    {
      open({ name }, { start }) {
        depth++
        if (open === undefined && WORDS.has(name))
          open = { name, depth, line: counter.lineOf(start), words: '' }
        else if (open !== undefined) open.words += ' '
      },
      text(text) {
        if (open !== undefined) open.words += text
      },
      close(_name, { end }) {
        if (open?.depth === depth--) {
          const words = open.words.replace(/\s+/g, ' ').trim()
          if (open.name === 'title' && words !== '') title ??= words
          if (builder.length <= limits.maxChars)
            builder.add('text', words, { kind: 'lines', start: open.line, end: counter.lineOf(end) })
          open = undefined
        }
      },
    },
    limits,
  )
  return { ...builder.finish(), ...(title === undefined ? {} : { title }), metadata: {} }
}
