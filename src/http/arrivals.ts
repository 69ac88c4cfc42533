import type { Server } from 'node:http'
import { setTimeout as wait } from 'node:timers/promises'

/** More connections than these that came together are a burst. */
const FEW = 2
/** A burst is over when none has come for so long: clients still make some of it while the first are accepted. */
const QUIET_MS = 5
/** Connections that are accepted between two who waited as long as they may while more come. */
const ACCEPTED_BETWEEN = 8

/** What comes at the same time. */
export type Arrivals = {
  readonly watch: (server: Server) => void
  /** Counts a request that came beside others. */
  readonly count: () => void
  /** Whether all connections that came together have been accepted, and nobody waits for that. */
  readonly areOver: boolean
  /**
   * Waits until they are, and the requests that have come are read, so long at most. Who waited goes on in the order of asking, one
   * in each turn of the loop, which reads what else has come between two of them.
   */
  readonly settled: (mostMs: number) => Promise<void>
}

type Waiting = { readonly untilMs: number; readonly goOn: () => void }

/**
 * The loop accepts one connection in each of its turns (libuv since 1.45), and work takes a turn long: begun between two of those
 * that came together, it would keep the others waiting who only need to be told that there is no room, or how the service is. So
 * would work that is begun between two turns that read requests on connections which were there before.
 */
export function createArrivals(): Arrivals {
  let accepted = 0
  let counted = 0
  let seen = { accepted, counted }
  const waiting: Waiting[] = []
  let isLettingGo = false

  /** Until nobody waits any more. */
  async function letGo(): Promise<void> {
    isLettingGo = true
    await turns(1)
    while (waiting.length > 0) {
      const before = { accepted, counted }
      const areRead = areAllSeen()
      const nowMs = performance.now()
      // They may not all wait as long.
      const late = waiting.findIndex(({ untilMs }) => nowMs >= untilMs)
      const isLate = late !== -1
      if (areRead || isLate) {
        const [next] = waiting.splice(areRead ? 0 : late, 1)
        next?.goOn()
      } else if (accepted - seen.accepted > FEW) await wait(QUIET_MS)
      // The wait may be over before the loop has looked for connections again.
      if (areRead) await turns(1)
      else await turns(isLate ? ACCEPTED_BETWEEN : 2)
      if (accepted === before.accepted && counted === before.counted) seen = before
    }
    isLettingGo = false
  }

  const areAllSeen = () => accepted === seen.accepted && counted === seen.counted

  return {
    watch: (server) => void server.on('connection', () => accepted++),
    count: () => {
      counted++
    },
    get areOver() {
      return areAllSeen() && waiting.length === 0
    },
    settled: (mostMs) =>
      new Promise((goOn) => {
        waiting.push({ untilMs: performance.now() + mostMs, goOn })
        if (!isLettingGo) void letGo()
      }),
  }
}

/** Turns of the loop, in each of which it reads what has come. The one that is under way is the first. */
export async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn++) await new Promise(setImmediate)
}
