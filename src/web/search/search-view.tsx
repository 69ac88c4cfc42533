import { useEffect, useLayoutEffect, useRef } from 'preact/hooks'
import { countOf } from '../shared/format.js'
import { EmptyState, ErrorNotice, Loading, Note } from '../shared/notices.js'
import { usePage } from '../state/page-context.js'
import { activeFilters, formatRoute, type SearchRoute, withoutFilters } from '../state/route.js'
import { Filters } from './filters.js'
import { HitCard } from './hit-card.js'
import { IndexOverview } from './index-overview.js'
import { moveBetweenHits } from './move-between-hits.js'
import { SearchBox } from './search-box.js'
import { FIRST_HITS, type Found, MAX_HITS } from './search-state.js'

/** Finds passages while somebody types, and narrows them down. */
export function SearchView({ route }: { readonly route: SearchRoute }) {
  const { search, service, router } = usePage()
  const results = useRef<HTMLDivElement>(null)
  const key = formatRoute(route)
  const epoch = service.epoch.value
  const seenEpoch = useRef(epoch)
  useEffect(() => {
    void search.run(route, { anew: seenEpoch.current !== epoch })
    seenEpoch.current = epoch
  }, [key, epoch])
  const found = search.found.value
  const error = search.error.value
  const hasQuery = route.query.trim() !== ''
  const isShown = hasQuery && found !== undefined
  useLayoutEffect(() => {
    if (found?.key !== key) return
    const at = router.takeScroll()
    if (at !== undefined) window.scrollTo(0, at)
  }, [found, key])

  return (
    <main class="view search-view" onKeyDown={(event) => moveBetweenHits(event, results.current)}>
      <h1 class="visually-hidden">Search</h1>
      <SearchBox route={route} isLoading={search.isLoading.value} />
      {error !== undefined && hasQuery && (
        <ErrorNotice error={error} onRetry={() => void search.run(route, { anew: true })} />
      )}
      {!hasQuery && <LabelLine route={route} />}
      {!hasQuery && <IndexOverview />}
      {hasQuery && found === undefined && error === undefined && <Loading what="Searching …" />}
      {isShown && (
        <div class="search-columns">
          <Filters route={route} facets={found.facets} />
          <div class="results" ref={results} aria-busy={search.isLoading.value}>
            <ResultsHead found={found} />
            <Hits route={route} found={found} />
            {found.answer.hits.length === found.limit && found.limit < MAX_HITS && (
              <button
                type="button"
                class="button more"
                disabled={search.isLoading.value}
                onClick={() =>
                  void search.run(route, { limit: Math.min(MAX_HITS, found.limit + 2 * FIRST_HITS) })
                }
              >
                More results
              </button>
            )}
          </div>
        </div>
      )}
    </main>
  )
}

/** Before anything is typed: that only documents with a label will be searched. */
function LabelLine({ route: { label, ...others } }: { readonly route: SearchRoute }) {
  if (label === undefined) return null
  return (
    <p class="label-line">
      Only documents with{' '}
      <strong>
        <bdi>
          {label.key}: {label.value}
        </bdi>
      </strong>{' '}
      will be searched. <a href={formatRoute(others)}>Search all</a>
    </p>
  )
}

/** How much there is, how the words were taken, and what could not be done. */
function ResultsHead({ found: { answer, facets } }: { readonly found: Found }) {
  const total = Math.max(
    answer.hits.length,
    facets.collection.reduce((sum, { count }) => sum + count, 0),
  )
  const corrections = answer.corrections ?? []
  return (
    <div class="results-head">
      <p class="muted" role="status">
        {countOf(total, 'document')}
        {answer.hits.length < total && `, the best ${answer.hits.length} shown`} ·{' '}
        {answer.tookMs < 10 ? answer.tookMs.toFixed(1) : Math.round(answer.tookMs)} ms
      </p>
      {corrections.length > 0 && (
        <p class="corrections">
          {corrections.map(({ from, to }) => (
            <span key={from}>
              No document holds <bdi>“{from}”</bdi>: showing results for{' '}
              <strong>
                <bdi>{to}</bdi>
              </strong>
            </span>
          ))}
        </p>
      )}
      {answer.degraded !== undefined && (
        <Note>
          <strong>By keywords only.</strong> {answer.degraded}
        </Note>
      )}
      {answer.notes?.map((note) => (
        <Note key={note}>{note}</Note>
      ))}
    </div>
  )
}

function Hits({ route, found }: { readonly route: SearchRoute; readonly found: Found }) {
  const { hits } = found.answer
  if (hits.length > 0)
    return (
      <ol class="hits">
        {hits.map((hit) => (
          <li key={hit.id}>
            <HitCard hit={hit} />
          </li>
        ))}
      </ol>
    )
  return (
    <EmptyState title="Nothing found">
      {activeFilters(route) > 0 ? (
        <p>
          No document within these filters fits.{' '}
          <a href={formatRoute(withoutFilters(route))}>Search without filters</a>
        </p>
      ) : (
        <p>Try other or fewer words, without quotation marks or minus signs.</p>
      )}
    </EmptyState>
  )
}
