import type { Status } from '../../api/client.js'
import { formatCount } from '../shared/format.js'
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
            {collections.map(({ name, documents, chunks, embedded }) => (
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
