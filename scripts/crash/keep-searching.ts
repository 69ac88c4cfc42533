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
