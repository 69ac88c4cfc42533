import { useEffect, useRef, useState } from 'preact/hooks'
import { Icon } from '../shared/icons.js'
import { usePage } from '../state/page-context.js'
import { MODES, type Mode, type SearchRoute } from '../state/route.js'
import { useLoad } from '../state/use-load.js'

const DEBOUNCE_MS = 120
const MODE_NAMES: Readonly<Record<Mode, readonly [name: string, title: string]>> = {
  hybrid: ['Both', 'By words and by meaning'],
  keyword: ['Words', 'By the words alone'],
  vector: ['Meaning', 'By meaning alone'],
}

/** The words that are looked for, how they may go on, and how they are compared. */
export function SearchBox({
  route,
  isLoading,
}: {
  readonly route: SearchRoute
  readonly isLoading: boolean
}) {
  const { router } = usePage()
  const input = useRef<HTMLInputElement>(null)
  const [text, setText] = useState(route.query)
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)

  // Going back, or a link, changes the query from outside.
  useEffect(() => {
    if (text.trim() !== route.query) setText(route.query)
  }, [route.query])
  useEffect(() => {
    if (matchMedia('(pointer: fine)').matches) input.current?.focus({ preventScroll: true })
    return () => clearTimeout(timer.current)
  }, [])

  const show = (query: string, asStep: boolean) => {
    clearTimeout(timer.current)
    const next = { ...route, query: query.trim() }
    if (asStep) router.go(next)
    else router.replace(next)
  }
  const take = (query: string) => {
    setText(query)
    show(query, true)
    input.current?.focus()
  }

  return (
    <search>
      <form
        class="search-form"
        onSubmit={(event) => {
          event.preventDefault()
          show(text, true)
        }}
      >
        <div class="search-box">
          <Icon name="search" />
          <input
            ref={input}
            data-search
            type="search"
            dir="auto"
            value={text}
            maxLength={2000}
            placeholder="Search your documents"
            aria-label="Search your documents"
            autocomplete="off"
            spellcheck={false}
            enterkeyhint="search"
            onInput={({ currentTarget: { value } }) => {
              setText(value)
              clearTimeout(timer.current)
              timer.current = setTimeout(() => show(value, false), DEBOUNCE_MS)
            }}
            onKeyDown={(event) => {
              if (event.key !== 'Escape' || text === '') return
              event.preventDefault()
              setText('')
              show('', false)
            }}
          />
          {isLoading && <span class="spinner" aria-hidden="true" />}
          <span class="key-hint" aria-hidden="true">
            /
          </span>
        </div>
        <div class="search-options">
          <fieldset class="segmented">
            <legend class="visually-hidden">Compare by</legend>
            {MODES.map((mode) => (
              <label key={mode} title={MODE_NAMES[mode][1]}>
                <input
                  type="radio"
                  name="mode"
                  checked={route.mode === mode}
                  onChange={() => router.go({ ...route, query: text.trim(), mode })}
                />
                <span>{MODE_NAMES[mode][0]}</span>
              </label>
            ))}
          </fieldset>
          <Suggestions typed={route.query} onTake={take} />
        </div>
      </form>
    </search>
  )
}

const MAX_SUGGESTIONS = 6

function Suggestions({ typed, onTake }: { readonly typed: string; readonly onTake: (text: string) => void }) {
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
