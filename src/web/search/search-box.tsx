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
  /** Whether the present step of the history is what is being typed: it is then replaced, letter by letter. */
  const isOwnStep = useRef(false)

  // Going back, or a link, changes the query from outside.
  useEffect(() => {
    if (text.trim() !== route.query) setText(route.query)
  }, [route.query])
  useEffect(() => {
    if (matchMedia('(pointer: fine)').matches) input.current?.focus({ preventScroll: true })
    return () => clearTimeout(timer.current)
  }, [])

  const show = (query: string, next: 'goes on' | 'is done') => {
    clearTimeout(timer.current)
    const shown = { ...route, query: query.trim() }
    if (isOwnStep.current) router.replace(shown)
    else router.go(shown)
    isOwnStep.current = next === 'goes on'
  }
  const take = (query: string) => {
    isOwnStep.current = false
    setText(query)
    show(query, 'is done')
    input.current?.focus()
  }

  return (
    <search>
      <form
        class="search-form"
        onSubmit={(event) => {
          event.preventDefault()
          show(text, 'is done')
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
            onBlur={() => {
              isOwnStep.current = false
            }}
            autocomplete="off"
            spellcheck={false}
            enterkeyhint="search"
            onInput={({ currentTarget: { value } }) => {
              setText(value)
              clearTimeout(timer.current)
              timer.current = setTimeout(() => show(value, 'goes on'), DEBOUNCE_MS)
            }}
            onKeyDown={(event) => {
              if (event.key !== 'Escape' || text === '') return
              event.preventDefault()
              setText('')
              show('', 'goes on')
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
                  onChange={() => {
                    isOwnStep.current = false
                    router.go({ ...route, query: text.trim(), mode })
                  }}
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
