import type { ComponentChildren } from 'preact'
import type { Span } from './read-text.js'

/** A stretch of text as it is emphasised. */
export function SpanText({
  span: { bold, italic, code },
  children,
}: {
  readonly span: Pick<Span, 'bold' | 'italic' | 'code'>
  readonly children: ComponentChildren
}) {
  const inner = code ? <code>{children}</code> : italic ? <em>{children}</em> : children
  return <>{bold ? <strong>{inner}</strong> : inner}</>
}
