import { countOf, formatCount } from '../shared/format.js'
import { EmptyState, ErrorNotice, Loading } from '../shared/notices.js'
import { formatRoute } from '../state/route.js'
import { useLoad } from '../state/use-load.js'

/** Before anything is typed: what there is to search. */
export function IndexOverview() {
  const { value, error, isLoading, reload } = useLoad('status', (client, signal) => client.status({ signal }))
  if (value === undefined)
    return isLoading ? (
      <Loading what="Looking at the index …" />
    ) : (
      <ErrorNotice error={error} onRetry={reload} />
    )
  if (value.documents === 0)
    return (
      <EmptyState title="Nothing is indexed yet">
        <p>
          Add files under <a href={formatRoute({ view: 'documents' })}>Documents</a>, or run{' '}
          <code>gemdex index &lt;folder&gt;</code> where the service runs.
        </p>
      </EmptyState>
    )
  return (
    <section class="overview">
      <p class="overview-line">
        {countOf(value.documents, 'document')} in {countOf(value.collections.length, 'collection')}, ready to
        search.
      </p>
      <ul class="overview-collections">
        {value.collections.map(({ name, documents }) => (
          <li key={name}>
            <a href={formatRoute({ view: 'documents', collection: name })}>
              <bdi>{name}</bdi>
              <span class="muted">{formatCount(documents)}</span>
            </a>
          </li>
        ))}
      </ul>
      <Keys />
      <p class="muted small">
        Questions in whole sentences are answered under <a href={formatRoute({ view: 'ask' })}>Ask</a>.{' '}
        {value.provider === 'local'
          ? 'This index compares words, not meaning: it was made without a key.'
          : ''}
      </p>
    </section>
  )
}

const KEYS: readonly (readonly [keys: readonly string[], does: string])[] = [
  [['/'], 'to the search box'],
  [['↓', '↑'], 'through the results'],
  [['Enter'], 'opens one'],
  [['Esc'], 'back'],
  [['"…"'], 'words in a row'],
  [['-word'], 'not with it'],
]

function Keys() {
  return (
    <dl class="keys">
      {KEYS.map(([keys, does]) => (
        <div key={does}>
          <dt>
            {keys.map((key) => (
              <kbd key={key}>{key}</kbd>
            ))}
          </dt>
          <dd>{does}</dd>
        </div>
      ))}
    </dl>
  )
}
