import { useEffect, useState } from 'preact/hooks'
import type { DocumentSummary } from '../../api/client.js'
import { DocumentLink } from '../shared/document-link.js'
import { formatCount, formatDate, formatType } from '../shared/format.js'
import { Icon } from '../shared/icons.js'
import { EmptyState, ErrorNotice, Loading } from '../shared/notices.js'
import { usePage } from '../state/page-context.js'
import { useLoad } from '../state/use-load.js'

const PAGE = 50

/** The documents of a collection, or of all, by pages. */
export function DocumentTable({
  collection,
  version,
  onChange,
}: {
  readonly collection: string | undefined
  readonly version: number
  readonly onChange: () => void
}) {
  const [pages, setPages] = useState(1)
  useEffect(() => setPages(1), [collection])
  const { value, error, isLoading, reload } = useLoad(
    `documents ${collection ?? ''}`,
    async (client, signal) => {
      const documents: DocumentSummary[] = []
      let after: string | undefined
      let total = 0
      for (let page = 0; page < pages; page++) {
        const query = {
          limit: PAGE,
          ...(collection === undefined ? {} : { collection }),
          ...(after === undefined ? {} : { after }),
        }
        const answer = await client.documents.list(query, { signal })
        documents.push(...answer.documents)
        total = answer.total
        after = answer.next
        if (after === undefined) break
      }
      return { documents, total, hasMore: after !== undefined }
    },
    `${version} ${pages}`,
  )
  if (error !== undefined) return <ErrorNotice error={error} onRetry={reload} />
  if (value === undefined) return <Loading what="Listing documents …" />
  if (value.total === 0)
    return (
      <EmptyState title="No documents yet">
        <p>Drop some files, or index a folder of the machine that the service runs on.</p>
      </EmptyState>
    )
  return (
    <section aria-labelledby="document-list">
      <h2 id="document-list" dir="auto">
        {collection === undefined ? 'All documents' : collection}{' '}
        <span class="muted small">{formatCount(value.total)}</span>
      </h2>
      <ul class="document-list">
        {value.documents.map((document) => (
          <DocumentRow key={document.id} document={document} onChange={onChange} />
        ))}
      </ul>
      {value.hasMore && (
        <button type="button" class="button more" disabled={isLoading} onClick={() => setPages(pages + 1)}>
          More documents
        </button>
      )}
    </section>
  )
}

function DocumentRow({
  document: { id, title, uri, type, dateMs, embedded, expected, collection },
  onChange,
}: {
  readonly document: DocumentSummary
  readonly onChange: () => void
}) {
  const client = usePage().service.client.value
  const [isAsked, setAsked] = useState(false)
  const [error, setError] = useState<unknown>()
  const remove = () =>
    client.documents.remove(id).then(
      () => onChange(),
      (thrown: unknown) => setError(thrown),
    )
  return (
    <li>
      <div class="document-row">
        <div class="document-name">
          <DocumentLink id={id} title={title} collection={collection} uri={uri} />
        </div>
        <p class="document-facts muted small">
          <span>{formatType(type)}</span>
          <span>{formatDate(dateMs)}</span>
          <span
            {...(embedded < expected ? { class: 'warning-text' } : {})}
            title="Passages embedded, of those there are"
          >
            {embedded}/{expected}
          </span>
        </p>
        {isAsked ? (
          <span class="document-tools">
            <button type="button" class="button danger small" onClick={() => void remove()}>
              Remove
            </button>
            <button type="button" class="button small" onClick={() => setAsked(false)}>
              Keep
            </button>
          </span>
        ) : (
          <span class="document-tools">
            <button
              type="button"
              class="icon-button"
              aria-label={`Remove ${title} from the index`}
              title="Remove from the index"
              onClick={() => setAsked(true)}
            >
              <Icon name="trash" />
            </button>
          </span>
        )}
      </div>
      {error !== undefined && <ErrorNotice error={error} />}
    </li>
  )
}
