import { useId, useState } from 'preact/hooks'
import type { Hit } from '../../api/client.js'
import { formatPlace, headingOf } from '../shared/format.js'
import { MarkedText } from '../shared/marked-text.js'
import { plainSnippet } from '../shared/snippet.js'
import { usePage } from '../state/page-context.js'
import { formatRoute, type SearchRoute } from '../state/route.js'
import { Explanation } from './explanation.js'

/** A passage that was found: what it is called, where it stands, and what of it fits. */
export function HitCard({ hit, route }: { readonly hit: Hit; readonly route: SearchRoute }) {
  const { search } = usePage()
  const [isOpen, setOpen] = useState(false)
  const panel = useId()
  const { text, ranges } = plainSnippet(hit)
  const explanation = search.explanations.value?.get(hit.id)
  const toggle = () => {
    setOpen(!isOpen)
    if (!isOpen) void search.explain(route)
  }
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
        onClick={toggle}
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
