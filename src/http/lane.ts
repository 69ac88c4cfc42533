import { GemdexError } from '../errors.js'

/** What is served at once, and what may wait for it. */
export type LaneSize = { readonly atOnce: number; readonly waiting: number }

export type Lane = {
  readonly active: number
  readonly waiting: number
  /** How many were refused so far. */
  readonly refused: number
  /** Whether whoever enters now is refused. */
  readonly isFull: boolean
  /** Counts one more that is turned away, and gives the error that says so. */
  refuse(): GemdexError
  /**
   * Waits until those that came together have `arrived`, counted meanwhile as one of those who will enter. Throws OVERLOADED as soon
   * as there turns out to be no room.
   */
  expect(arrived: Promise<void>): Promise<void>
  /**
   * Waits for a place and gives what releases it. Throws OVERLOADED at once when the queue is full, and CANCELLED (or the
   * signal's own reason) when the signal aborts before.
   */
  enter(signal?: AbortSignal): Promise<() => void>
}

/** Those who were turned away are told to come back after 1, 2 or 3 seconds in turn, not all at the same time. */
const RETRY_AFTER_SECONDS = 3
/** Within so long all who were turned away have come back. */
const RUSH_MS = 1_000 * RETRY_AFTER_SECONDS
/** So many are turned away within that time before it is a rush, or as many as may wait if those are more. */
const RUSH_REFUSALS = 16

type Waiting = { readonly start: () => void; readonly fail: (error: unknown) => void }

/**
 * A bounded queue for work of one kind: whoever comes first is served first, and who would have to wait for too many is told
 * so at once instead of waiting in vain. Each place is released once, whatever happens.
 *
 * The queue is for bursts. In a rush, when more come than it could hold, a full one would only have everybody wait longer, and none
 * would be served more: then a quarter as many wait as are served at once, one at least, so that waiting adds a quarter to the time of
 * being served, and the others are sent away (compare "good queue" and "bad queue" of Nichols and Jacobson, Controlling Queue Delay,
 * 2012). `clock` gives monotonic milliseconds.
 */
export function createLane(
  name: string,
  size: LaneSize,
  clock: () => number = () => performance.now(),
): Lane {
  const waitingInRush = Math.min(size.waiting, Math.max(1, Math.floor(size.atOnce / 4)))
  const rushRefusals = Math.max(RUSH_REFUSALS, size.waiting)
  const queue = new Set<Waiting>()
  /** Those who will enter when all that came together have arrived. */
  const expected = new Set<Pick<Waiting, 'fail'>>()
  let active = 0
  let refused = 0
  /** When the last ones were turned away, as many as make a rush at most. */
  const refusedMs: number[] = []

  function take(): () => void {
    active++
    let isHeld = true
    return () => {
      if (!isHeld) return
      isHeld = false
      active--
      const [next] = queue
      next?.start()
    }
  }

  function isFull(): boolean {
    const ahead = active + queue.size + expected.size - size.atOnce
    if (ahead < 0 || ahead < waitingInRush) return false
    return ahead >= size.waiting || isRush(clock())
  }

  function isRush(nowMs: number): boolean {
    const [first = nowMs] = refusedMs
    return refusedMs.length === rushRefusals && nowMs - first < RUSH_MS
  }

  function refuse(): GemdexError {
    const nowMs = clock()
    const wasRush = isRush(nowMs)
    refusedMs.push(nowMs)
    if (refusedMs.length > rushRefusals) refusedMs.shift()
    if (!wasRush && isRush(nowMs)) {
      const room = size.atOnce + waitingInRush - active
      for (const waiting of [...queue, ...expected].slice(room)) waiting.fail(refusal())
    }
    return refusal()
  }

  function refusal(): GemdexError {
    const retryAfterMs = 1_000 * (1 + (refused++ % RETRY_AFTER_SECONDS))
    const asked = active + queue.size + expected.size
    const served = Math.min(asked, size.atOnce)
    return new GemdexError(
      'OVERLOADED',
      `The service is busy: ${served} ${name} are under way and ${asked - served} wait already`,
      { hint: 'Try again in a moment.', retryable: true, retryAfterMs },
    )
  }

  return {
    get active() {
      return active
    },
    get waiting() {
      return queue.size
    },
    get refused() {
      return refused
    },
    get isFull() {
      return isFull()
    },
    refuse,
    expect(arrived) {
      if (isFull()) return Promise.reject(refuse())
      return new Promise((resolve, reject) => {
        const one = { fail: (error: unknown) => end() && reject(error) }
        const end = () => expected.delete(one)
        expected.add(one)
        void arrived.then(() => end() && resolve())
      })
    },
    enter(signal) {
      if (signal?.aborted) return Promise.reject(reasonOf(signal))
      if (active < size.atOnce) return Promise.resolve(take())
      if (isFull()) return Promise.reject(refuse())
      return new Promise((resolve, reject) => {
        const leave = () => waiting.fail(reasonOf(signal))
        const end = () => {
          queue.delete(waiting)
          signal?.removeEventListener('abort', leave)
        }
        const waiting: Waiting = {
          start() {
            end()
            resolve(take())
          },
          fail(error) {
            end()
            reject(error)
          },
        }
        queue.add(waiting)
        signal?.addEventListener('abort', leave, { once: true })
      })
    },
  }
}

function reasonOf(signal: AbortSignal | undefined): unknown {
  return signal?.reason instanceof GemdexError
    ? signal.reason
    : new GemdexError('CANCELLED', 'The request was cancelled while it waited')
}
