import type { Citation } from '../../api/client.js'
import { formatRoute } from '../state/route.js'
import type { Exchange } from './exchange.js'

/** The passage that a citation names, with the words that bear it marked. */
export function citationLink({ documentId, hitId, quote }: Citation): string {
  return formatRoute({
    view: 'document',
    id: documentId,
    passage: hitId,
    ...(quote === '' ? {} : { quote }),
  })
}

/**
 * A number in an answer. It leads to its passage once that is known; a number that no citation or source has is text like
 * any other.
 */
export function CitationMarker({
  marker,
  at,
  exchange: { citations, sources, phase },
}: {
  readonly marker: number
  readonly at: number | undefined
  readonly exchange: Exchange
}) {
  const own = citations.filter((citation) => citation.marker === marker)
  const here = at === undefined ? undefined : own.find(({ start, end }) => start <= at && at < end)
  const citation = here ?? own[0]
  if (citation !== undefined) {
    const state = citation.verified ? 'verified' : 'not verified'
    return (
      <a
        class="marker"
        data-verified={citation.verified}
        href={citationLink(citation)}
        title={`${citation.title} (${state})`}
        aria-label={`Passage ${marker}: ${citation.title}, ${state}`}
      >
        {marker}
      </a>
    )
  }
  const source = phase === 'writing' ? sources[marker - 1] : undefined
  if (source === undefined) return <>[{marker}]</>
  return (
    <span class="marker" data-verified="pending" title={source.title}>
      {marker}
    </span>
  )
}
