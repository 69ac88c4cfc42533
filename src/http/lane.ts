import { GemdexError } from '../errors.js'

/** What is served at once, and what may wait for it. */
export type LaneSize = { readonly atOnce: number; readonly waiting: number }

export type Lane = {
  readonly active: number
  readonly waiting: number
  /** How many were refused so far. */
  readonly refused: number
  /**
   * Waits for a place and gives what releases it. Throws OVERLOADED at once when the queue is full, and CANCELLED (or the
   * signal's own reason) when the signal aborts before.
   */
  enter(signal?: AbortSignal): Promise<() => void>
}

/** What a client that was turned away is told to wait. */
const RETRY_AFTER_MS = 1_000

type Waiting = { readonly start: () => void }

/**
 * A bounded queue for work of one kind: whoever comes first is served first, and who would have to wait for too many is told
 * so at once instead of waiting in vain. Each place is released once, whatever happens.
 */
export function createLane(name: string, size: LaneSize): Lane {
  const queue = new Set<Waiting>()
  let active = 0
  let refused = 0

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
    enter(signal) {
      if (signal?.aborted) return Promise.reject(reasonOf(signal))
      if (active < size.atOnce) return Promise.resolve(take())
      if (queue.size >= size.waiting) {
        refused++
        return Promise.reject(overloaded(name, size))
      }
      return new Promise((resolve, reject) => {
        const leave = () => {
          queue.delete(waiting)
          reject(reasonOf(signal))
        }
        const waiting: Waiting = {
          start() {
            queue.delete(waiting)
            signal?.removeEventListener('abort', leave)
            resolve(take())
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

function overloaded(name: string, { atOnce, waiting }: LaneSize): GemdexError {
  return new GemdexError(
    'OVERLOADED',
    `The service is busy: ${atOnce} ${name} are under way and ${waiting} wait already`,
    { hint: 'Try again in a moment.', retryable: true, retryAfterMs: RETRY_AFTER_MS },
  )
}
