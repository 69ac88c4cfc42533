import type { Status } from '../../api/client.js'
import { countOf, formatCount } from '../shared/format.js'
import { formatRoute } from '../state/route.js'

/** The collections; one of them may be chosen, for its documents alone. */
export function CollectionTable({
  collections,
  chosen,
}: {
  readonly collections: Status['collections']
  readonly chosen: string | undefined
}) {
  if (collections.length === 0) return null
  return (
    <section aria-labelledby="collections">
      <h2 id="collections">Collections</h2>
      <section class="table-scroll" tabIndex={0} aria-labelledby="collections">
        <table class="table">
          <thead>
            <tr>
              <th scope="col">Name</th>
              <th scope="col" class="number">
                Documents
              </th>
              <th scope="col" class="number">
                Embedded
              </th>
            </tr>
          </thead>
          <tbody>
            {collections.map(({ name, documents, chunks, embedded, run }) => (
              <tr key={name} data-chosen={name === chosen}>
                <td>
                  <a
                    href={formatRoute(
                      name === chosen ? { view: 'documents' } : { view: 'documents', collection: name },
                    )}
                    dir="auto"
                    {...(name === chosen ? { 'aria-current': 'true' as const } : {})}
                  >
                    {name}
                  </a>
                  <Unfinished run={run} />
                </td>
                <td class="number">{formatCount(documents)}</td>
                <td class="number">
                  {formatCount(embedded)} / {formatCount(chunks)}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </section>
  )
}

/** What is still to come of a collection; nothing once its last run has come to its end. */
function Unfinished({ run }: { readonly run: Status['collections'][number]['run'] | undefined }) {
  if (run === undefined || run.state === 'done') return null
  const left = run.files === 0 ? 'files' : countOf(Math.max(0, run.files - run.filesDone), 'file')
  return (
    <div class="muted small">
      {run.state === 'running'
        ? `being indexed, ${left} to come`
        : `stopped, ${left} to come: index the folder again`}
    </div>
  )
}
