import { useEffect, useRef } from 'preact/hooks'
import { Icon } from '../shared/icons.js'
import { usePage } from '../state/page-context.js'
import { MODES, type Mode, type SearchRoute } from '../state/route.js'
import { Suggestions } from './suggestions.js'
import { type TypedQuery, useTypedQuery } from './use-typed-query.js'

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
  const query = useTypedQuery(route)
  const input = useRef<HTMLInputElement>(null)
  useEffect(() => {
    if (matchMedia('(pointer: fine)').matches) input.current?.focus({ preventScroll: true })
  }, [])
  const take = (text: string) => {
    query.settle()
    query.show(text)
    query.settle()
    input.current?.focus()
  }
  return (
    <search>
      <form
        class="search-form"
        onSubmit={(event) => {
          event.preventDefault()
          query.show(query.text)
          query.settle()
        }}
      >
        <div class="search-box">
          <Icon name="search" />
          <QueryInput query={query} input={input} />
          {isLoading && <span class="spinner" aria-hidden="true" />}
          <span class="key-hint" aria-hidden="true">
            /
          </span>
        </div>
        <div class="search-options">
          <ModeChoice
            mode={route.mode}
            onChoose={(mode) => router.go({ ...route, query: query.text.trim(), mode })}
          />
          <Suggestions typed={route.query} onTake={take} />
        </div>
      </form>
    </search>
  )
}

/** Escape empties it first, then leaves it. */
function QueryInput({
  query,
  input,
}: {
  readonly query: TypedQuery
  readonly input: { current: HTMLInputElement | null }
}) {
  return (
    <input
      ref={input}
      data-search
      type="search"
      dir="auto"
      value={query.text}
      maxLength={2000}
      placeholder="Search your documents"
      aria-label="Search your documents"
      autocomplete="off"
      spellcheck={false}
      enterkeyhint="search"
      onInput={({ currentTarget: { value } }) => query.type(value)}
      onBlur={query.settle}
      onKeyDown={(event) => {
        if (event.key !== 'Escape' || query.text === '') return
        event.preventDefault()
        query.show('')
      }}
    />
  )
}

function ModeChoice({
  mode: chosen,
  onChoose,
}: {
  readonly mode: Mode
  readonly onChoose: (mode: Mode) => void
}) {
  return (
    <fieldset class="segmented">
      <legend class="visually-hidden">Compare by</legend>
      {MODES.map((mode) => (
        <label key={mode} title={MODE_NAMES[mode][1]}>
          <input type="radio" name="mode" checked={mode === chosen} onChange={() => onChoose(mode)} />
          <span>{MODE_NAMES[mode][0]}</span>
        </label>
      ))}
    </fieldset>
  )
}
