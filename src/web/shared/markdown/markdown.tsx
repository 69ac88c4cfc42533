import { type ComponentChildren, Fragment, type JSX } from 'preact'
import { useMemo } from 'preact/hooks'
import { readText } from '../read-text.js'
import { SpanText } from '../span-text.js'
import { type Block, type Item, type Line, parseBlocks } from './parse-blocks.js'

/** Draws a number in square brackets; `at` is where it stands in the text, as far as that is known. */
export type DrawMarker = (marker: number, at: number | undefined) => ComponentChildren

const MARKER = /\[(\d{1,4})\]/g

/**
 * An answer as it was meant: blocks and emphasis, and nothing else. What a model writes makes only elements of this list,
 * without attributes of its own; everything else of it is text.
 */
export function Markdown({ text, drawMarker }: { readonly text: string; readonly drawMarker: DrawMarker }) {
  const blocks = useMemo(() => parseBlocks(text), [text])
  return (
    <div class="markdown">
      {blocks.map((block, i) => (
        <BlockOf key={i} block={block} drawMarker={drawMarker} />
      ))}
    </div>
  )
}

function BlockOf({ block, drawMarker }: { readonly block: Block; readonly drawMarker: DrawMarker }) {
  const lines = (of: readonly Line[]) => <Lines lines={of} drawMarker={drawMarker} />
  switch (block.kind) {
    case 'heading':
      return (
        <p class="answer-heading" dir="auto">
          <strong>{lines([block.line])}</strong>
        </p>
      )
    case 'code':
      return (
        <pre tabIndex={0}>
          <code>{block.lines.map(({ text }) => text).join('\n')}</code>
        </pre>
      )
    case 'quote':
      return <blockquote dir="auto">{lines(block.lines)}</blockquote>
    case 'list':
      return <List items={block.items} drawMarker={drawMarker} />
    case 'table':
      return (
        <section class="block-table" tabIndex={0} aria-label="Table">
          <table>
            <tbody>
              {block.rows.map((cells, row) => (
                <tr key={row}>
                  {cells.map((cell, i) => {
                    const Cell: 'th' | 'td' = row === 0 && block.rows.length > 1 ? 'th' : 'td'
                    return (
                      <Cell key={i} dir="auto">
                        {lines([cell])}
                      </Cell>
                    )
                  })}
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      )
    case 'rule':
      return <hr />
    case 'paragraph':
      return <p dir="auto">{lines(block.lines)}</p>
  }
}

/** Items of the same depth, each with those below it. */
function List({ items, drawMarker }: { readonly items: readonly Item[]; readonly drawMarker: DrawMarker }) {
  const depth = items[0]?.depth ?? 0
  const entries: JSX.Element[] = []
  for (let at = 0; at < items.length; ) {
    const item = items[at]
    if (item === undefined) break
    let end = at + 1
    while ((items[end]?.depth ?? -1) > depth) end++
    const below = items.slice(at + 1, end)
    entries.push(
      <li key={at} dir="auto" {...(item.number === undefined ? {} : { value: Number(item.number) })}>
        <Lines lines={item.lines} drawMarker={drawMarker} />
        {below.length > 0 && <List items={below} drawMarker={drawMarker} />}
      </li>,
    )
    at = end
  }
  return items[0]?.number === undefined ? <ul>{entries}</ul> : <ol>{entries}</ol>
}

function Lines({ lines, drawMarker }: { readonly lines: readonly Line[]; readonly drawMarker: DrawMarker }) {
  return (
    <>
      {lines.map((line, i) => (
        <Fragment key={i}>
          {i > 0 && ' '}
          <Words line={line} drawMarker={drawMarker} />
        </Fragment>
      ))}
    </>
  )
}

function Words({ line, drawMarker }: { readonly line: Line; readonly drawMarker: DrawMarker }) {
  const written = [...line.text.matchAll(MARKER)].map(({ 0: text, index }) => ({ text, index }))
  let next = 0
  return (
    <>
      {readText(line.text.trim()).map((span, i) => {
        const parts: ComponentChildren[] = []
        let at = 0
        for (const { 0: text, 1: number, index } of span.text.matchAll(MARKER)) {
          const place = written[next]?.text === text ? written[next++] : undefined
          parts.push(
            span.text.slice(at, index),
            <Fragment key={index}>{drawMarker(Number(number), place && line.start + place.index)}</Fragment>,
          )
          at = index + text.length
        }
        parts.push(span.text.slice(at))
        return (
          <SpanText key={i} span={span}>
            {parts}
          </SpanText>
        )
      })}
    </>
  )
}
