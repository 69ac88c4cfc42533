import { CollectionSelect } from '../shared/collection-select.js'
import { NO_LABELS } from '../state/labels-route.js'
import { usePage } from '../state/page-context.js'
import {
  formatRoute,
  NOTHING_COMPARED,
  OVERVIEW_TABS,
  type OverviewRoute,
  type OverviewTab,
  type SurveyRoute,
} from '../state/route.js'
import { CompareTab } from './compare/compare-tab.js'
import { DuplicatesTab } from './duplicates-tab.js'
import { GapsTab } from './gaps-tab.js'
import { LabelsTab } from './labels/labels-tab.js'
import { TopicsTab } from './topics-tab.js'

const NAMES: Readonly<Record<OverviewTab, string>> = {
  topics: 'Topics',
  duplicates: 'Duplicates',
  gaps: 'Unanswered',
  labels: 'Labels',
  compare: 'Compare',
}

/** The index as a whole: what it is about, what is in it twice, what it does not answer, and what belongs where. */
export function OverviewView({ route }: { readonly route: OverviewRoute }) {
  return (
    <main class="view overview-view">
      <h1>Overview</h1>
      <div class="overview-head">
        <nav class="tabs" aria-label="Overview">
          {OVERVIEW_TABS.map((each) => (
            <a
              key={each}
              href={formatRoute(tabRoute(each, route))}
              {...(each === route.tab ? { 'aria-current': 'page' as const } : {})}
            >
              {NAMES[each]}
            </a>
          ))}
        </nav>
        <CollectionChoice route={route} />
      </div>
      <Tab route={route} />
    </main>
  )
}

function Tab({ route }: { readonly route: OverviewRoute }) {
  switch (route.tab) {
    case 'topics':
      return <TopicsTab collection={route.collection} />
    case 'duplicates':
      return <DuplicatesTab route={route} />
    case 'gaps':
      return <GapsTab />
    case 'labels':
      return <LabelsTab route={route} />
    case 'compare':
      return <CompareTab route={route} />
  }
}

/** A tab as one comes to it from another: with the same collection, where it is about one. */
function tabRoute(tab: OverviewTab, from: OverviewRoute): OverviewRoute {
  if (tab === 'labels') return NO_LABELS
  if (tab === 'compare') return NOTHING_COMPARED
  return isSurvey(from) ? { ...from, tab } : { view: 'overview', tab }
}

function isSurvey(route: OverviewRoute): route is SurveyRoute {
  return route.tab !== 'labels' && route.tab !== 'compare'
}

function CollectionChoice({ route }: { readonly route: OverviewRoute }) {
  const { router } = usePage()
  if (route.tab !== 'topics' && route.tab !== 'duplicates') return null
  const { collection: chosen, ...rest } = route
  return (
    <CollectionSelect
      chosen={chosen}
      onChoose={(name) => router.replace(name === undefined ? rest : { ...rest, collection: name })}
    />
  )
}
