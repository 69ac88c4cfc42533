import { useEffect, useMemo, useState } from 'preact/hooks'
import type { CorpusMap } from '../../api/client.js'
import { countOf, formatCount, formatType } from '../shared/format.js'
import { EmptyState, ErrorNotice, Loading } from '../shared/notices.js'
import { usePage } from '../state/page-context.js'
import { formatRoute, type MapRoute } from '../state/route.js'
import { useLoad } from '../state/use-load.js'
import { colourPoints, type Group } from './colour-points.js'
import { MapCanvas } from './map-canvas.js'
import { MapSearch } from './map-search.js'
import { type Region, topicRegions } from './topic-regions.js'

const ASK_AGAIN_MS = 1_500
/** While there is something to look at: a map of 20,000 documents has 4 MB. */
const ASK_LATER_MS = 5_000
/** Hits that are lit up: as many as one search gives. */
const LIT = 100

/** All documents as points; near ones are alike. */
export function MapView({ route }: { readonly route: MapRoute }) {
  const { value, error, reload } = useLoad('map', (client, signal) => client.map({}, { signal }))
  useEffect(() => {
    if (value?.state !== 'computing') return
    const timer = setTimeout(reload, value.points.length === 0 ? ASK_AGAIN_MS : ASK_LATER_MS)
    return () => clearTimeout(timer)
  }, [value])
  return (
    <main class="view map-view">
      <h1 class="visually-hidden">Map of the documents</h1>
      {error !== undefined && <ErrorNotice error={error} onRetry={reload} />}
      {value === undefined && error === undefined && <Loading what="Drawing the map …" />}
      {value?.state === 'computing' && <Loading what="A newer map is being made …" />}
      {value !== undefined && value.points.length === 0 && value.state === 'ready' && (
        <EmptyState title="Nothing to draw yet">
          <p>
            Documents appear here once they are indexed. Add some under{' '}
            <a href={formatRoute({ view: 'documents' })}>Documents</a>.
          </p>
        </EmptyState>
      )}
      {value !== undefined && value.points.length > 0 && <DrawnMap map={value} route={route} />}
    </main>
  )
}

function DrawnMap({ map, route }: { readonly map: CorpusMap; readonly route: MapRoute }) {
  const { router } = usePage()
  const groups = useMemo(() => colourPoints(map.points, route.colour), [map, route.colour])
  const [hidden, setHidden] = useState<ReadonlySet<string>>(new Set())
  const lit = useLit(route.query)
  const topics = useTopics(map)
  useEffect(() => setHidden(new Set()), [route.colour])
  const toggle = (name: string) => {
    const next = new Set(hidden)
    if (!next.delete(name)) next.add(name)
    setHidden(next)
  }
  return (
    <>
      <div class="map-head">
        <MapSearch query={route.query} onSearch={(query) => router.replace({ ...route, query })} />
        <fieldset class="segmented">
          <legend class="visually-hidden">Colour by</legend>
          {(['collection', 'type'] as const).map((colour) => (
            <label key={colour}>
              <input
                type="radio"
                name="colour"
                checked={route.colour === colour}
                onChange={() => router.replace({ ...route, colour })}
              />
              <span>By {colour}</span>
            </label>
          ))}
        </fieldset>
      </div>
      <p class="muted small map-line" role="status">
        {countOf(map.points.length, 'document')}
        {map.points.length < map.total && ` of ${formatCount(map.total)}`}
        {lit !== undefined && `, ${formatCount(lit.size)} lit up`}
        {topics.note} · drag to move, wheel or + and − to zoom
      </p>
      <div class="map-frame">
        <MapCanvas groups={groups} hidden={hidden} lit={lit} regions={topics.regions} />
      </div>
      <Legend groups={groups} colour={route.colour} hidden={hidden} onToggle={toggle} />
    </>
  )
}

/** Where topics are, once the map is ready: both take a core for some seconds. */
function useTopics(map: CorpusMap): { readonly regions: readonly Region[]; readonly note: string } {
  const isReady = map.state === 'ready'
  const { value, error } = useLoad(`topics ${isReady}`, async (client, signal) =>
    isReady ? (await client.topics({ members: true }, { signal })).topics : undefined,
  )
  const regions = useMemo(() => topicRegions(map.points, value ?? []), [map, value])
  const isLooking = isReady && value === undefined && error === undefined
  return { regions, note: isLooking ? ', looking for topics' : error === undefined ? '' : ', topics unknown' }
}

/** The documents that a query finds; undefined without one. */
function useLit(query: string): ReadonlySet<string> | undefined {
  const wanted = query.trim()
  const { value } = useLoad(`lit ${wanted}`, async (client, signal) => {
    if (wanted === '') return undefined
    const { hits } = await client.search({ query: wanted, limit: LIT }, { signal })
    return new Set(hits.map(({ documentId }) => documentId))
  })
  return value
}

function Legend({
  groups,
  colour,
  hidden,
  onToggle,
}: {
  readonly groups: readonly Group[]
  readonly colour: MapRoute['colour']
  readonly hidden: ReadonlySet<string>
  readonly onToggle: (name: string) => void
}) {
  return (
    <ul class="legend" aria-label={`Colours by ${colour}`}>
      {groups.map(({ name, slot, points }) => (
        <li key={name}>
          <button
            type="button"
            class="chip"
            aria-pressed={!hidden.has(name)}
            onClick={() => onToggle(name)}
            title="Show or hide"
          >
            <span class={`swatch slot-${slot}`} aria-hidden="true" />
            <bdi>{colour === 'type' ? formatType(name) : name}</bdi> {formatCount(points.length)}
          </button>
        </li>
      ))}
    </ul>
  )
}
