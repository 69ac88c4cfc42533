import { useState } from 'preact/hooks'
import { ErrorNotice, Loading } from '../shared/notices.js'
import type { Route } from '../state/route.js'
import { useLoad } from '../state/use-load.js'
import { AddFiles } from './add-files.js'
import { CollectionTable } from './collection-table.js'
import { DocumentTable } from './document-table.js'
import { IndexFacts } from './index-facts.js'
import { Jobs } from './jobs.js'

/** What the index holds, what it cost, and how more comes into it. */
export function DocumentsView({ route }: { readonly route: Extract<Route, { view: 'documents' }> }) {
  const [version, setVersion] = useState(0)
  const onChange = () => setVersion((count) => count + 1)
  const { value, error, isLoading, reload } = useLoad(
    'status',
    (client, signal) => client.status({ signal }),
    version,
  )
  return (
    <main class="view documents-view">
      <h1>Documents</h1>
      {value === undefined && isLoading && <Loading what="Looking at the index …" />}
      {error !== undefined && <ErrorNotice error={error} onRetry={reload} />}
      {value !== undefined && (
        <>
          <IndexFacts status={value} />
          <div class="documents-columns">
            <div>
              <CollectionTable collections={value.collections} chosen={route.collection} />
              <DocumentTable collection={route.collection} version={version} onChange={onChange} />
            </div>
            <div>
              <AddFiles onChange={onChange} />
              <Jobs onChange={onChange} />
            </div>
          </div>
        </>
      )}
    </main>
  )
}
