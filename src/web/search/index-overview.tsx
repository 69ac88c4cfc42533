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
      <dl class="keys">
        <div>
          <dt>
            <kbd>/</kbd>
          </dt>
          <dd>to the search box</dd>
        </div>
        <div>
          <dt>
            <kbd>↓</kbd> <kbd>↑</kbd>
          </dt>
          <dd>through the results</dd>
        </div>
        <div>
          <dt>
            <kbd>Enter</kbd>
          </dt>
          <dd>opens one</dd>
        </div>
        <div>
          <dt>
            <kbd>Esc</kbd>
          </dt>
          <dd>back</dd>
        </div>
        <div>
          <dt>
            <kbd>"…"</kbd>
          </dt>
          <dd>words in a row</dd>
        </div>
        <div>
          <dt>
            <kbd>-word</kbd>
          </dt>
          <dd>not with it</dd>
        </div>
      </dl>
      <p class="muted small">
        Questions in whole sentences are answered under <a href={formatRoute({ view: 'ask' })}>Ask</a>.{' '}
        {value.provider === 'local'
          ? 'This index compares words, not meaning: it was made without a key.'
          : ''}
      </p>
    </section>
  )
}
