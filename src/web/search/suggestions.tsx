import { useLoad } from '../state/use-load.js'

const MAX_SUGGESTIONS = 6

/** How what is typed may go on. */
export function Suggestions({
  typed,
  onTake,
}: {
  readonly typed: string
  readonly onTake: (text: string) => void
}) {
  const wanted = typed.length >= 2 && typed.length <= 200 ? typed : ''
  const { value } = useLoad(`suggest ${wanted}`, async (client, signal) =>
    wanted === '' ? [] : (await client.suggest(wanted, { limit: MAX_SUGGESTIONS }, { signal })).suggestions,
  )
  const known = typed.toLowerCase()
  const others = (value ?? []).filter(({ text }) => text.toLowerCase() !== known)
  if (others.length === 0) return null
  return (
    <ul class="suggestions" aria-label="Suggestions">
      {others.map(({ text, kind }) => (
        <li key={`${kind} ${text}`}>
          <button type="button" class="chip" dir="auto" title={`A ${kind}`} onClick={() => onTake(text)}>
            {text}
          </button>
        </li>
      ))}
    </ul>
  )
}
