import { clientError } from '../../api/client-error.js'
import type { GivenAnswerOf } from '../../api/operation.js'
import { operations } from '../../api/operations.js'
import type { Job } from '../../engine.js'
import { GemdexError } from '../../errors.js'
import { type Route, route } from '../route.js'
import { streamEvents } from '../stream-events.js'
import { wantsEvents } from '../wants-events.js'

export const jobRoutes: readonly Route[] = [
  route(operations.startIndexing, async ({ body }, { engine }) => shownJob(await engine.jobs.start(body))),
  route(operations.listJobs, async ({ query }, { engine }) => ({
    jobs: (await engine.jobs.list(query.limit)).map(shownJob),
  })),
  route(operations.getJob, async ({ params: { id } }, { request, engine, call, services }) => {
    if (!wantsEvents(request)) return shownJob(await engine.jobs.get(id))
    await streamEvents(followed(engine.jobs.follow(id, call.signal)), call, (thrown) =>
      services.onError(thrown, call),
    )
    return undefined
  }),
  route(operations.cancelJob, async ({ params }, { engine }) =>
    shownJob(await engine.jobs.cancel(params.id)),
  ),
]

/** A job's states as events, the last one as `done`. */
async function* followed(jobs: AsyncIterable<Job>) {
  for await (const job of jobs) {
    const hasEnded = ['done', 'failed', 'cancelled'].includes(job.state)
    yield { event: hasEnded ? 'done' : 'progress', data: shownJob(job), isLast: hasEnded }
  }
}

/** A job as clients see it: where things lie on this machine is not for them. */
function shownJob(job: Job): GivenAnswerOf<typeof operations.getJob> {
  const { id, state, createdMs, startedMs, endedMs, progress, request, report, error } = job
  const collection = report?.collection ?? request.collection
  return {
    id,
    state,
    createdMs,
    progress,
    ...(collection === undefined ? {} : { collection }),
    ...(startedMs === undefined ? {} : { startedMs }),
    ...(endedMs === undefined ? {} : { endedMs }),
    ...(report === undefined ? {} : { report: withoutRoot(report) }),
    ...(error === undefined ? {} : { error: shownError(error) }),
  }
}

function withoutRoot({ root: _, ...report }: NonNullable<Job['report']>) {
  return report
}

function shownError({ code, message, hint }: NonNullable<Job['error']>) {
  const facts = hint === undefined ? {} : { hint }
  const { masked: _, field: __, ...shown } = clientError(new GemdexError(code, message, facts))
  return shown
}
