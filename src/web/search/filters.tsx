import { useState } from 'preact/hooks'
import { formatCount, formatType } from '../shared/format.js'
import { usePage } from '../state/page-context.js'
import { activeFilters, type SearchRoute, withoutFilters } from '../state/route.js'
import type { FacetCounts } from './search-state.js'

const MAX_SHOWN = 8

/** What the hits may be narrowed down by, with the number of documents for each choice. */
export function Filters({ route, facets }: { readonly route: SearchRoute; readonly facets: FacetCounts }) {
  const { router } = usePage()
  const [isOpen, setOpen] = useState(false)
  const { since: _, until: __, ...anyTime } = route
  const { label, ...anyLabel } = route
  const active = activeFilters(route)
  const toggle = (list: readonly string[], value: string) =>
    list.includes(value) ? list.filter((other) => other !== value) : [...list, value]
  return (
    <aside class="filters" aria-label="Filters" data-open={isOpen}>
      <div class="filters-head">
        <button
          type="button"
          class="button filters-toggle"
          aria-expanded={isOpen}
          onClick={() => setOpen(!isOpen)}
        >
          Filters{active > 0 && ` (${active})`}
        </button>
        {active > 0 && (
          <button type="button" class="link-button small" onClick={() => router.go(withoutFilters(route))}>
            Clear all
          </button>
        )}
      </div>
      <div class="filters-body">
        {label !== undefined && (
          <Choices
            title={label.key}
            counts={facets.label}
            chosen={[label.value]}
            onToggle={(value) =>
              router.go(value === label.value ? anyLabel : { ...route, label: { ...label, value } })
            }
          />
        )}
        <Choices
          title="Collection"
          counts={facets.collection}
          chosen={route.collections}
          onToggle={(value) => router.go({ ...route, collections: toggle(route.collections, value) })}
        />
        <Choices
          title="Type"
          counts={facets.type}
          chosen={route.types}
          nameOf={formatType}
          onToggle={(value) => router.go({ ...route, types: toggle(route.types, value) })}
        />
        <Choices
          title="Year"
          counts={facets.time.toSorted((a, b) => (a.value < b.value ? 1 : -1))}
          chosen={route.since !== undefined && route.since === route.until ? [route.since] : []}
          onToggle={(year) =>
            router.go(
              route.since === year && route.until === year ? anyTime : { ...route, since: year, until: year },
            )
          }
        />
        <DateRange route={route} />
      </div>
    </aside>
  )
}

function Choices({
  title,
  counts,
  chosen,
  nameOf = (value) => value,
  onToggle,
}: {
  readonly title: string
  readonly counts: FacetCounts['type']
  readonly chosen: readonly string[]
  readonly nameOf?: (value: string) => string
  readonly onToggle: (value: string) => void
}) {
  const [isWhole, setWhole] = useState(false)
  const missing = chosen.filter((value) => !counts.some((each) => each.value === value))
  const all = [...counts, ...missing.map((value) => ({ value, count: 0 }))]
  const shown = isWhole ? all : all.filter(({ value }, i) => i < MAX_SHOWN || chosen.includes(value))
  if (all.length === 0) return null
  return (
    <fieldset class="filter">
      <legend dir="auto">{title}</legend>
      {shown.map(({ value, count }) => (
        <label key={value} class="filter-choice">
          <input type="checkbox" checked={chosen.includes(value)} onChange={() => onToggle(value)} />
          <span class="filter-name" dir="auto">
            {nameOf(value)}
          </span>
          <span class="filter-count">{formatCount(count)}</span>
        </label>
      ))}
      {shown.length < all.length && (
        <button type="button" class="link-button small" onClick={() => setWhole(true)}>
          {all.length - shown.length} more
        </button>
      )}
    </fieldset>
  )
}

function DateRange({ route }: { readonly route: SearchRoute }) {
  const { router } = usePage()
  const show = (name: 'since' | 'until', value: string) => {
    const { [name]: _, ...rest } = route
    router.go(value === '' ? rest : { ...rest, [name]: value })
  }
  const field = (name: 'since' | 'until', label: string) => (
    <label class="date-field">
      <span>{label}</span>
      <input
        type="date"
        value={asDay(route[name], name)}
        onChange={({ currentTarget: { value } }) => show(name, value)}
      />
    </label>
  )
  return (
    <fieldset class="filter">
      <legend>Date</legend>
      {field('since', 'From')}
      {field('until', 'To')}
    </fieldset>
  )
}

/** A year or month as the day that it begins or ends with. */
function asDay(date: string | undefined, edge: 'since' | 'until'): string {
  if (date === undefined || date.length === 10) return date ?? ''
  const [year = '', month = edge === 'since' ? '01' : '12'] = date.split('-')
  const days = new Date(Date.UTC(Number(year), Number(month), 0)).getUTCDate()
  return `${year}-${month}-${edge === 'since' ? '01' : days}`
}
