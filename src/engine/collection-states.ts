import type { CollectionState } from '../engine.js'
import type { CollectionSummary, RunRecord } from '../store/store.js'

/**
 * Collections with how their last run went. One that has not come to its end goes on when somebody indexes who began before it did;
 * else it was stopped. Who indexes is only looked for where that makes a difference.
 */
export function collectionStates(
  collections: readonly CollectionSummary[],
  indexingSince: () => number | undefined,
): CollectionState[] {
  const isOpen = (run: RunRecord | undefined) => run !== undefined && run.endedMs === undefined
  const since = collections.some(({ run }) => isOpen(run)) ? indexingSince() : undefined
  return collections.map(({ run, ...collection }) => {
    if (run === undefined) return collection
    const isRunning = isOpen(run) && since !== undefined && since <= (run.beganMs ?? 0)
    const state = !isOpen(run) ? 'done' : isRunning ? 'running' : 'stopped'
    return { ...collection, run: { state, ...run } }
  })
}
