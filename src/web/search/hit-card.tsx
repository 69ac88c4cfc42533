import { useEffect, useId, useState } from 'preact/hooks'
import type { Hit } from '../../api/client.js'
import { formatPlace, headingOf } from '../shared/format.js'
import { MarkedText } from '../shared/marked-text.js'
import { plainSnippet } from '../shared/snippet.js'
import { usePage } from '../state/page-context.js'
import { formatRoute } from '../state/route.js'
import { Explanation } from './explanation.js'

/** A passage that was found: what it is called, where it stands, and what of it fits. */
export function HitCard({ hit }: { readonly hit: Hit }) {
  const { search } = usePage()
  const [isOpen, setOpen] = useState(false)
  const panel = useId()
  const { text, ranges } = plainSnippet(hit)
  const explanation = search.explanations.value?.get(hit.id)
  const found = search.found.value
  // A further search may find the same passage in another way.
  useEffect(() => {
    if (isOpen) void search.explain()
  }, [isOpen, found])
  return (
    <article class="hit">
      <h2 class="hit-title">
        <a data-hit dir="auto" href={formatRoute({ view: 'document', id: hit.documentId, passage: hit.id })}>
          {hit.title}
        </a>
      </h2>
      <HitPlace hit={hit} />
      <p class="hit-snippet" dir="auto">
        <MarkedText text={text} ranges={ranges} />
      </p>
      <button
        type="button"
        class="link-button small"
        aria-expanded={isOpen}
        aria-controls={panel}
        onClick={() => setOpen(!isOpen)}
      >
        Why this result?
      </button>
      <div id={panel}>
        {isOpen && (explanation === undefined ? null : <Explanation hit={hit} explanation={explanation} />)}
      </div>
    </article>
  )
}

/** `collection › path › heading · lines 3–9`. */
export function HitPlace({ hit }: { readonly hit: Pick<Hit, 'collection' | 'uri' | 'location' | 'title'> }) {
  const heading = headingOf(hit.location)
  const place = formatPlace(hit.location)
  return (
    <p class="hit-place">
      <bdi>{hit.collection}</bdi> <span aria-hidden="true">/</span> <bdi class="path">{hit.uri}</bdi>
      {heading !== '' && heading !== hit.title && (
        <>
          {' '}
          <span aria-hidden="true">›</span> <bdi>{heading}</bdi>
        </>
      )}
      {place !== '' && <span class="hit-lines"> · {place}</span>}
    </p>
  )
}
