import { useDraft } from '../../state/drafts.js'
import { usePage } from '../../state/page-context.js'
import { type CompareRoute, NOTHING_COMPARED } from '../../state/route.js'
import { useRun } from '../use-run.js'
import { COMPARISON, SimilarityResult } from './similarity-result.js'

const FIELDS = [
  ['first', 'One text'],
  ['second', 'The other text'],
] as const

/** How alike two texts are. */
export function CompareTab({ route }: { readonly route: CompareRoute }) {
  const { compare } = usePage().drafts
  const draft = useDraft(compare, route, NOTHING_COMPARED)
  const texts = [draft.first.trim(), draft.second.trim()] as const
  const { run, start } = useRun(COMPARISON, texts, draft)
  const isReady = texts.every((text) => text !== '')
  const submit = (event: Event) => {
    event.preventDefault()
    if (isReady) start()
  }
  return (
    <>
      <form
        class="compare-form"
        aria-label="Two texts"
        onSubmit={submit}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) submit(event)
        }}
      >
        {FIELDS.map(([name, title], i) => (
          <label key={name} class="field">
            <span>{title}</span>
            <textarea
              value={draft[name]}
              rows={6}
              maxLength={100_000}
              dir="auto"
              {...(i === 0 ? { 'data-search': true } : {})}
              onInput={({ currentTarget: { value } }) => {
                compare.value = { ...draft, [name]: value }
              }}
            />
          </label>
        ))}
        <button type="submit" class="button primary" disabled={!isReady}>
          Compare
        </button>
      </form>
      {run !== undefined && <SimilarityResult key={run.count} run={run} />}
    </>
  )
}
