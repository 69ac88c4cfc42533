import type { Clock } from '../../src/embed/clock.js'
import { GemdexError } from '../../src/errors.js'

export type VirtualClock = Clock & {
  /** Every wait that was begun, in milliseconds. */
  readonly waits: number[]
  /** Lets time pass, sleeper by sleeper, until the promise is settled. Throws when nobody sleeps and it never will be. */
  run<T>(promise: Promise<T>): Promise<T>
  /** Lets this much time pass. */
  pass(ms: number): Promise<void>
  /** Sets the clock on the wall forward, or back; no time passes. */
  jump(ms: number): void
}

/** Turns of the event loop without a sleeper after which something in another process, or on the wall clock, is waited for. */
const TURNS_BEFORE_A_REST = 50

type Sleeper = { readonly atMs: number; readonly wake: () => void }

/**
 * A clock that moves only when all there is to do is done, to the moment when the next sleeper wakes. What happens outside
 * of this process, such as HTTP, takes no time. `idleTurns`: of the event loop, without a sleeper, before `run` gives up.
 */
export function virtualClock({
  random = 0,
  wallTime = Date.UTC(2026, 10, 22, 12),
  idleTurns = 200,
} = {}): VirtualClock {
  const waits: number[] = []
  const sleepers = new Set<Sleeper>()
  let nowMs = 1000
  let jumpedMs = 0
  const turn = () => new Promise<void>((resolve) => setImmediate(resolve))
  /** Leaves the processor to others for a moment: turns alone would take all of it. */
  const rest = () => new Promise<void>((resolve) => setTimeout(resolve, 2))
  const next = () => [...sleepers].sort((a, b) => a.atMs - b.atMs)[0]
  const wake = (sleeper: Sleeper) => {
    nowMs = Math.max(nowMs, sleeper.atMs)
    sleeper.wake()
  }
  return {
    waits,
    now: () => nowMs,
    wallTime: () => wallTime + jumpedMs + nowMs - 1000,
    random: () => random,
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        waits.push(ms)
        const end = (settle: () => void) => () => {
          sleepers.delete(sleeper)
          signal?.removeEventListener('abort', cancel)
          settle()
        }
        const sleeper = { atMs: nowMs + ms, wake: end(resolve) }
        const cancel = end(() => reject(new GemdexError('CANCELLED', 'cancelled')))
        sleepers.add(sleeper)
        if (signal?.aborted) cancel()
        else signal?.addEventListener('abort', cancel, { once: true })
      }),
    async run(promise) {
      let settled = false
      promise.then(
        () => (settled = true),
        () => (settled = true),
      )
      for (let idle = 0; !settled; idle++) {
        await turn()
        await (idle > TURNS_BEFORE_A_REST && idleTurns === Number.POSITIVE_INFINITY ? rest() : turn())
        const sleeper = next()
        if (settled) break
        if (sleeper !== undefined) {
          idle = 0
          wake(sleeper)
        } else if (idle > idleTurns) throw new Error('nobody sleeps, and nothing happens')
      }
      return promise
    },
    async pass(ms) {
      const untilMs = nowMs + ms
      for (;;) {
        await turn()
        await turn()
        const sleeper = next()
        if (sleeper === undefined || sleeper.atMs > untilMs) break
        wake(sleeper)
      }
      nowMs = untilMs
      await turn()
    },
    jump(ms) {
      jumpedMs += ms
    },
  }
}
