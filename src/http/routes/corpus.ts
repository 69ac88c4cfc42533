import { operations } from '../../api/operations.js'
import type { CorpusProgress } from '../../engine.js'
import { type Context, type Route, route } from '../route.js'
import { streamEvents } from '../stream-events.js'
import { wantsEvents } from '../wants-events.js'

export const corpusRoutes: readonly Route[] = [
  route(operations.getMap, ({ query }, context) =>
    withProgress(context, (run) =>
      context.engine.map({ ...query, ...run, wait: wantsEvents(context.request) }),
    ),
  ),
  route(operations.duplicates, ({ query }, context) =>
    withProgress(context, (run) => context.engine.duplicates({ ...query, ...run })),
  ),
  route(operations.topics, ({ query }, context) =>
    withProgress(context, (run) => context.engine.topics({ ...query, ...run })),
  ),
  route(operations.gaps, (_, { engine, call: { signal } }) => engine.gaps({ signal })),
  route(operations.forgetGaps, async ({ query: { question } }, { engine }) => ({
    removed: await engine.forgetGaps(question),
  })),
  route(operations.classify, ({ body }, context) =>
    withProgress(context, (run) => context.engine.classify({ ...body, ...run })),
  ),
  route(operations.similarity, ({ body: { texts } }, { engine, call: { signal } }) =>
    engine.similarity({ texts, signal }),
  ),
]

type Run = { readonly signal: AbortSignal; readonly onProgress: (progress: CorpusProgress) => void }

/** Gives what the work comes to, or sends it as the last of its events to clients that want to know how far it is. */
async function withProgress<Result>(
  { request, call, services }: Context,
  work: (run: Run) => Promise<Result>,
): Promise<Result | undefined> {
  const { signal } = call
  if (!wantsEvents(request)) return work({ signal, onProgress: () => {} })
  await streamEvents(progressEvents(work, signal), call, (thrown) => services.onError(thrown, call))
  return undefined
}

/** The latest progress whenever there is some, then the result. */
async function* progressEvents<Result>(work: (run: Run) => Promise<Result>, signal: AbortSignal) {
  let latest: CorpusProgress | undefined
  let wake = () => {}
  const onProgress = (progress: CorpusProgress) => {
    latest = progress
    wake()
  }
  let outcome: { readonly data: Result } | undefined
  const working = work({ signal, onProgress }).then((data) => {
    outcome = { data }
  })
  while (outcome === undefined) {
    const changed = new Promise<void>((resolve) => {
      wake = resolve
    })
    if (latest === undefined) await Promise.race([working, changed])
    const data = latest
    latest = undefined
    if (data !== undefined && outcome === undefined) yield { event: 'progress', data, isLast: false }
  }
  yield { event: 'done', data: outcome.data, isLast: true }
}
