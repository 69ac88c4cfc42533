import { headerDestinations } from './rtf-header.js'

/** Text that stands within a paragraph and is written elsewhere: notes, and the marks of lists. */
const asides = new Set(['footnote', 'annotation', 'atnauthor', 'listtext', 'pntext'])
/** What is no text of the document: pictures, codes of fields, margins, what shapes hold besides words, old forms of it. */
const skipped = new Set(
  'pict objdata fldinst colortbl info header headerl headerr headerf footer footerl footerr footerf xe tc nonshppict shpinst shprslt ftnsep ftnsepc aftnsep aftnsepc'.split(
    ' ',
  ),
)

export function isAside(destination: string): boolean {
  return asides.has(destination)
}

/** Old programs read the first of two forms of a text; it lacks what their code page lacks. */
const oldForm = 'upr'

export function isSkipped(destination: string): boolean {
  return destination === 'skip' || destination === oldForm
}

/**
 * Where the text of a group goes whose first control word is this; undefined when the word is none of a destination. Groups
 * that begin with a star may be passed over by programs that do not know them.
 */
export function destinationOf(word: string, isStarred: boolean, outer: string): string | undefined {
  if (word === oldForm) return oldForm
  if (outer === oldForm) return word === 'ud' ? 'skip' : undefined
  if (word === 'shptxt') return 'text'
  if (headerDestinations.has(word)) return word
  if (asides.has(word)) return outer === 'skip' ? 'skip' : word
  return isStarred || skipped.has(word) ? 'skip' : undefined
}
