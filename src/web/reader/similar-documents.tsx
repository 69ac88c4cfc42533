import { describeError } from '../shared/notices.js'
import { formatRoute } from '../state/route.js'
import { useLoad } from '../state/use-load.js'

const LIMIT = 6

/** The nearest documents, by the stored vectors. */
export function SimilarDocuments({ id }: { readonly id: string }) {
  const { value, error } = useLoad(`similar ${id}`, (client, signal) =>
    client.documents.similar(id, { limit: LIMIT, collapse: true }, { signal }),
  )
  return (
    <aside class="similar" aria-label="Similar documents">
      <h2>Similar documents</h2>
      {error !== undefined && <p class="muted small">{describeError(error).message}</p>}
      {value?.hits.length === 0 && <p class="muted small">There are none.</p>}
      <ol>
        {value?.hits.map((hit) => (
          <li key={hit.id}>
            <a href={formatRoute({ view: 'document', id: hit.documentId })} dir="auto">
              {hit.title}
            </a>
            <p class="muted small" dir="auto">
              {hit.collection} / {hit.uri}
            </p>
          </li>
        ))}
      </ol>
    </aside>
  )
}
