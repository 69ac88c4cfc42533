import { PLAIN, readInline, type Span } from '../../text/read-inline.js'

export type { Span } from '../../text/read-inline.js'

/** Words of Markdown with their emphasis, blanks as they stand. Nothing in them is ever a link, a picture or markup. */
export function readText(text: string): Span[] {
  const spans: Span[] = []
  let state = PLAIN
  for (const [token] of text.matchAll(/\s+|\S+/g)) {
    const isBlank = token.trim() === ''
    const read = isBlank ? { spans: [{ text: token, ...state }], after: state } : readInline(token, state)
    state = read.after
    for (const span of read.spans) append(spans, span)
  }
  return spans
}

function append(spans: Span[], span: Span): void {
  const last = spans.at(-1)
  const isAlike =
    last !== undefined && last.bold === span.bold && last.italic === span.italic && last.code === span.code
  if (isAlike) spans[spans.length - 1] = { ...last, text: last.text + span.text }
  else spans.push(span)
}
