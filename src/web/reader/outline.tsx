import { useMemo } from 'preact/hooks'
import type { DocumentContent } from '../../api/client.js'
import { outlineOf } from './split-document.js'

/** More headings than these are a list of everything, not an outline. */
const MAX_ENTRIES = 300

/** The headings of a document, as a way through it. */
export function Outline({
  content,
  onShow,
}: {
  readonly content: DocumentContent
  readonly onShow: (block: number) => void
}) {
  const entries = useMemo(() => outlineOf(content), [content])
  const isNarrow = matchMedia('(max-width: 1000px)').matches
  if (entries.length < 2) return <nav class="outline" aria-label="Outline" hidden />
  return (
    <nav class="outline" aria-label="Outline">
      <details open={!isNarrow}>
        <summary>Outline</summary>
        <ol>
          {entries.slice(0, MAX_ENTRIES).map(({ block, level, text }) => (
            <li key={block} class={`level-${level}`}>
              <button type="button" class="link-button" dir="auto" onClick={() => onShow(block)}>
                {text}
              </button>
            </li>
          ))}
        </ol>
      </details>
    </nav>
  )
}
