import { useMemo, useState } from 'preact/hooks'
import type { DocumentContent } from '../../api/client.js'
import { formatCount } from '../shared/format.js'
import { type Focus, overlaps, readTable } from './split-document.js'

/** Rows that are drawn unless all are asked for: more make the page slow. */
const ROWS = 400

/** A table, at first the rows around what is shown. */
export function TableBlock({
  text,
  block,
  focus,
}: {
  readonly text: string
  readonly block: DocumentContent['blocks'][number]
  readonly focus: Focus
}) {
  const [isWhole, setWhole] = useState(false)
  const rows = useMemo(() => readTable(text, block), [text, block])
  const target = focus.quote ?? focus.passage
  const at = rows.findIndex((row) => overlaps(row, target))
  const from = isWhole ? 1 : Math.max(1, at - ROWS / 2)
  const body = isWhole ? rows.slice(1) : rows.slice(from, from + ROWS)
  const [head] = rows
  if (head === undefined) return null
  const columns = Math.max(...body.map(({ cells }) => cells.length), head.cells.length)
  return (
    <section class="block-table" tabIndex={0} aria-label="Table">
      <table>
        {rows.length > 1 && head.cells.length === columns && (
          <thead>
            <tr>
              {head.cells.map((cell, i) => (
                <th key={i} scope="col" dir="auto">
                  {cell}
                </th>
              ))}
            </tr>
          </thead>
        )}
        <tbody>
          {(rows.length > 1 && head.cells.length === columns ? body : [head, ...body]).map((row) => (
            <tr key={row.start} class={markOf(row, focus)}>
              {row.cells.map((cell, i) => (
                <td
                  key={i}
                  dir="auto"
                  {...(i === row.cells.length - 1 && row.cells.length < columns
                    ? { colSpan: columns - i }
                    : {})}
                >
                  {cell}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {body.length < rows.length - 1 && (
        <button type="button" class="button" onClick={() => setWhole(true)}>
          Show all {formatCount(rows.length - 1)} rows
        </button>
      )}
    </section>
  )
}

function markOf(row: Parameters<typeof overlaps>[0], { passage, quote }: Focus): string {
  if (overlaps(row, quote)) return 'quote'
  return overlaps(row, passage) ? 'in-passage' : ''
}
