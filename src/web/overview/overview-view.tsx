import { usePage } from '../state/page-context.js'
import { formatRoute, OVERVIEW_TABS, type OverviewRoute, type OverviewTab } from '../state/route.js'
import { useLoad } from '../state/use-load.js'
import { DuplicatesTab } from './duplicates-tab.js'
import { GapsTab } from './gaps-tab.js'
import { TopicsTab } from './topics-tab.js'

const NAMES: Readonly<Record<OverviewTab, string>> = {
  topics: 'Topics',
  duplicates: 'Duplicates',
  gaps: 'Not answered',
}

/** The index as a whole: what it is about, what is in it twice, and what it does not answer. */
export function OverviewView({ route }: { readonly route: OverviewRoute }) {
  const { tab } = route
  return (
    <main class="view overview-view">
      <h1>Overview</h1>
      <div class="overview-head">
        <nav class="tabs" aria-label="Overview">
          {OVERVIEW_TABS.map((each) => (
            <a
              key={each}
              href={formatRoute({ ...route, tab: each })}
              {...(each === tab ? { 'aria-current': 'page' as const } : {})}
            >
              {NAMES[each]}
            </a>
          ))}
        </nav>
        {tab !== 'gaps' && <CollectionChoice route={route} />}
      </div>
      {tab === 'topics' && <TopicsTab collection={route.collection} />}
      {tab === 'duplicates' && <DuplicatesTab route={route} />}
      {tab === 'gaps' && <GapsTab />}
    </main>
  )
}

/** One collection, or all: there is a choice where there are several. */
function CollectionChoice({ route }: { readonly route: OverviewRoute }) {
  const { router } = usePage()
  const { value } = useLoad('collections', (client, signal) => client.collections({ signal }))
  const names = value?.collections.map(({ name }) => name) ?? []
  const { collection: chosen = '', ...rest } = route
  if (names.length < 2 && chosen === '') return null
  return (
    <label class="overview-choice">
      <span class="visually-hidden">Collection</span>
      <select
        value={chosen}
        onChange={({ currentTarget: { value: name } }) =>
          router.replace(name === '' ? rest : { ...rest, collection: name })
        }
      >
        <option value="">All collections</option>
        {[...new Set([...names, ...(chosen === '' ? [] : [chosen])])].map((name) => (
          <option key={name} value={name}>
            {name}
          </option>
        ))}
      </select>
    </label>
  )
}
