import type { ComponentType } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import { ErrorNotice, Loading } from '../shared/notices.js'
import type { OverviewRoute } from '../state/route.js'

type View = ComponentType<{ readonly route: OverviewRoute }>

/** The overview, its script fetched when somebody wants to see it. */
export function LazyOverview({ route }: { readonly route: OverviewRoute }) {
  const [loaded, setLoaded] = useState<{ readonly View: View }>()
  const [error, setError] = useState<unknown>()
  const load = () => {
    setError(undefined)
    import('./overview-view.js').then(({ OverviewView }) => setLoaded({ View: OverviewView }), setError)
  }
  useEffect(load, [])
  if (loaded !== undefined) return <loaded.View route={route} />
  return (
    <main class="view">
      <h1 class="visually-hidden">Overview</h1>
      {error === undefined ? (
        <Loading what="Opening the overview …" />
      ) : (
        <ErrorNotice error={error} onRetry={load} />
      )}
    </main>
  )
}
