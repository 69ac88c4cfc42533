import type { DocumentContent } from '../../api/client.js'
import { readText } from '../shared/read-text.js'
import { SpanText } from '../shared/span-text.js'
import { type Focus, type Piece, splitPieces } from './split-document.js'
import { TableBlock } from './table-block.js'

type Block = DocumentContent['blocks'][number]

export type BlockProps = {
  readonly text: string
  readonly block: Block
  readonly focus: Focus
  /** Whether signs of emphasis mean emphasis. */
  readonly isMarkdown: boolean
}

/** A part of a document: a heading, a paragraph, a list, a table, code. */
export function DocumentBlock({ text, block, focus, isMarkdown }: BlockProps) {
  const pieces = splitPieces(text, block, focus)
  switch (block.kind) {
    case 'heading':
      return <Heading block={block} isMarked={pieces.some(({ mark }) => mark !== 'none')} />
    case 'table':
      return <TableBlock text={text} block={block} focus={focus} />
    case 'code':
      return (
        <pre class="block-code" tabIndex={0}>
          <code dir="ltr">
            <Pieces pieces={pieces} isMarkdown={false} />
          </code>
        </pre>
      )
    default:
      return (
        <p class={block.kind === 'list' ? 'block-list' : 'block-text'} dir="auto">
          <Pieces pieces={pieces} isMarkdown={isMarkdown} />
        </p>
      )
  }
}

function Heading({ block: { level = 1, heading = '' }, isMarked }: { block: Block; isMarked: boolean }) {
  if (heading.trim() === '') return null
  const Tag = `h${Math.min(6, level + 1)}` as 'h2'
  return (
    <Tag class={`block-heading level-${level}`} dir="auto">
      {isMarked ? <span class="in-passage">{heading}</span> : heading}
    </Tag>
  )
}

/** Marked text says so to whoever does not see colours, too. */
function Pieces({ pieces, isMarkdown }: { readonly pieces: readonly Piece[]; readonly isMarkdown: boolean }) {
  return (
    <>
      {pieces.map(({ text, mark }, i) => {
        const words = isMarkdown
          ? readText(text).map((span, at) => (
              <SpanText key={at} span={span}>
                {span.text}
              </SpanText>
            ))
          : text
        if (mark === 'none') return words
        return mark === 'quote' ? (
          <mark key={i} class="quote">
            {words}
          </mark>
        ) : (
          <span key={i} class="in-passage">
            {words}
          </span>
        )
      })}
    </>
  )
}
