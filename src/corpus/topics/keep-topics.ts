import type { Store } from '../../store/store.js'
import { keepLatest } from '../keep-latest.js'
import { type SharedRun, shareRun } from '../shared-run.js'
import type { TopicsReport, TopicsRequest } from './find-topics.js'

/** Reports that are kept, those used last. */
const KEPT = 8

type Entry = { revision?: string; run?: SharedRun<TopicsReport> }

/**
 * Finds topics once as long as the index has the same revision, however many ask for them, and ends that when nobody waits any more. Not
 * kept: those within a filter, which seldom comes again, those that texts are sent for, and those that a model did not name.
 */
export function keepTopics(
  store: Pick<Store, 'revision'>,
  find: (request: TopicsRequest) => Promise<TopicsReport>,
): (request: TopicsRequest) => Promise<TopicsReport> {
  const entries = keepLatest<Entry>(KEPT, () => ({}))

  return async (request) => {
    const { signal, onProgress, members, ...wanted } = request
    if (wanted.filter !== undefined || wanted.role !== undefined || wanted.dryRun) return find(request)
    const revision = await store.revision()
    const { collection, collections, seed } = wanted
    const entry = entries.of(JSON.stringify([collection ?? null, collections ?? null, seed ?? null]))
    if (entry.run === undefined || entry.run.isAbandoned() || entry.revision !== revision) {
      const forget = () => {
        if (entry.run === run) delete entry.run
      }
      const run = shareRun(async (shared) => {
        try {
          const report = await find({ ...wanted, ...shared, members: true })
          if (report.note !== undefined) forget()
          return report
        } catch (error) {
          forget()
          throw error
        }
      })
      Object.assign(entry, { revision, run })
    }
    const waiting = {
      ...(signal === undefined ? {} : { signal }),
      ...(onProgress === undefined ? {} : { onProgress }),
    }
    // Without patience there is a result.
    const report = (await entry.run?.wait(waiting)) as TopicsReport
    return members ? report : withoutMembers(report)
  }
}

function withoutMembers(report: TopicsReport): TopicsReport {
  return { ...report, topics: report.topics.map(({ members: _, ...topic }) => topic) }
}
