import { DocumentLink } from '../shared/document-link.js'

/** A document by its title and place; leads to the passage in it. */
export function PassageLink({
  passage: { id, documentId, title, uri, collection },
}: {
  readonly passage: {
    readonly id: string
    readonly documentId: string
    readonly title: string
    readonly uri: string
    readonly collection: string
  }
}) {
  return (
    <div class="passage-link">
      <DocumentLink id={documentId} passage={id} title={title} collection={collection} uri={uri} />
    </div>
  )
}
