import type { ComponentChildren } from 'preact'
import type { Range } from './range.js'

/** A text in which stretches are marked. Ranges are in order and do not overlap; whatever reaches beyond the text is cut. */
export function MarkedText({ text, ranges }: { readonly text: string; readonly ranges: readonly Range[] }) {
  const parts: ComponentChildren[] = []
  let at = 0
  for (const [start, end] of ranges) {
    if (start < at || end <= start) continue
    parts.push(text.slice(at, start), <mark key={start}>{text.slice(start, end)}</mark>)
    at = end
  }
  return (
    <>
      {parts}
      {text.slice(at)}
    </>
  )
}
