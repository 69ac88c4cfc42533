import { formatRoute } from '../state/route.js'

type Placed = { readonly collection: string; readonly uri: string }

/** A document by its title, which leads to it or to a passage in it, and its place. */
export function DocumentLink({
  id,
  passage,
  title,
  ...place
}: Placed & { readonly id: string; readonly passage?: string; readonly title: string }) {
  return (
    <>
      <a
        href={formatRoute({ view: 'document', id, ...(passage === undefined ? {} : { passage }) })}
        dir="auto"
      >
        {title}
      </a>
      <DocumentPlace {...place} />
    </>
  )
}

/** `collection / path`. */
export function DocumentPlace({ collection, uri }: Placed) {
  return (
    <p class="hit-place">
      <bdi>{collection}</bdi> / <bdi class="path">{uri}</bdi>
    </p>
  )
}
