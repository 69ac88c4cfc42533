import { useEffect, useRef, useState } from 'preact/hooks'
import { Icon } from '../shared/icons.js'

const DEBOUNCE_MS = 200

/** Words whose hits are lit up on the map. */
export function MapSearch({
  query,
  onSearch,
}: {
  readonly query: string
  readonly onSearch: (query: string) => void
}) {
  const [text, setText] = useState(query)
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  useEffect(() => {
    if (text.trim() !== query) setText(query)
  }, [query])
  useEffect(() => () => clearTimeout(timer.current), [])
  const take = (value: string) => {
    setText(value)
    clearTimeout(timer.current)
    timer.current = setTimeout(() => onSearch(value.trim()), DEBOUNCE_MS)
  }
  return (
    <search class="search-box map-search">
      <Icon name="search" />
      <input
        data-search
        type="search"
        dir="auto"
        value={text}
        maxLength={2000}
        placeholder="Light up what a search finds"
        aria-label="Light up what a search finds"
        autocomplete="off"
        spellcheck={false}
        onInput={({ currentTarget }) => take(currentTarget.value)}
      />
    </search>
  )
}
