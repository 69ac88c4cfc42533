import { setTimeout as sleep } from 'node:timers/promises'
import type { SearchEngine } from '#dist/index.js'

const PAUSE_MS = 20

/**
 * Searches by vectors until it is stopped; each search must be answered by them. Gives how long each took but for the first, which
 * starts the threads, in milliseconds.
 */
export function keepSearching(open: () => SearchEngine): { stop: () => Promise<number[]> } {
  let isStopped = false
  const search = async () => {
    const engine = open()
    const tookMs: number[] = []
    while (!isStopped) {
      const started = performance.now()
      const { hits, degraded } = await engine.search({ query: 'w1 section', mode: 'vector', limit: 3 })
      if (hits.length === 0 || degraded !== undefined)
        throw new Error(`a search failed meanwhile: ${degraded}`)
      tookMs.push(performance.now() - started)
      await sleep(PAUSE_MS)
    }
    await engine.close()
    return tookMs.slice(1)
  }
  const done = search()
  done.catch(() => {})
  return {
    stop: () => {
      isStopped = true
      return done
    },
  }
}

/** `p50 3 ms, p99 12 ms` of some durations. */
export function describeDurations(tookMs: readonly number[]): string {
  const sorted = tookMs.toSorted((a, b) => a - b)
  const at = (share: number) => Math.round(sorted[Math.floor(share * (sorted.length - 1))] ?? 0)
  return `p50 ${at(0.5)} ms, p99 ${at(0.99)} ms`
}
