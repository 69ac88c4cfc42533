import type { Duplicates } from '../../api/client.js'

type Change = NonNullable<Duplicates['groups'][number]['members'][number]['changes']>[number]

/** Characters of what is the same, at each end of what differs. */
const SHOWN_SAME = 60

/** What turns the first text into another one, word by word; long stretches that are the same are left out. */
export function Changes({ changes }: { readonly changes: readonly Change[] }) {
  return (
    <p class="changes" dir="auto">
      {changes.map(({ kind, text }, i) =>
        kind === 'added' ? (
          <ins key={i}>{text}</ins>
        ) : kind === 'removed' ? (
          <del key={i}>{text}</del>
        ) : (
          shorten(text, i === 0, i === changes.length - 1)
        ),
      )}
    </p>
  )
}

function shorten(text: string, isFirst: boolean, isLast: boolean): string {
  const head = isFirst ? 0 : SHOWN_SAME
  const tail = isLast ? 0 : SHOWN_SAME
  if (text.length <= head + tail) return text
  const begin = text.slice(0, head).replace(/\s+\S*$/, ' ')
  const end = tail === 0 ? '' : text.slice(-tail).replace(/^\S*\s+/, ' ')
  return `${begin}…${end}`
}
