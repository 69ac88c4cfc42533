import { formatRoute } from '../state/route.js'

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
      <a href={formatRoute({ view: 'document', id: documentId, passage: id })} dir="auto">
        {title}
      </a>
      <p class="hit-place">
        <bdi>{collection}</bdi> / <bdi class="path">{uri}</bdi>
      </p>
    </div>
  )
}
