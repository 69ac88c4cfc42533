import type { Clock } from '../embed/clock.js'

export type Pauses = {
  /** Milliseconds after which what comes next is late. */
  readonly afterMs: number
  /** Whether anybody minds at the moment. */
  readonly isWaitedFor: () => boolean
  readonly clock: Clock
  /** Ends what is still to come, when the reader leaves during a pause. */
  readonly abort: () => void
}

/** Yields what comes, and before what comes late `undefined`, once. */
export async function* withPauses<T>(
  items: AsyncIterable<T>,
  { afterMs, isWaitedFor, clock, abort }: Pauses,
): AsyncGenerator<T | undefined> {
  const iterator = items[Symbol.asyncIterator]()
  let isPending = false
  try {
    for (;;) {
      const next = iterator.next()
      isPending = true
      if (isWaitedFor() && (await isLate(next, afterMs, clock))) yield undefined
      const { done, value } = await next
      isPending = false
      if (done) return
      yield value
    }
  } finally {
    if (isPending) abort()
    await iterator.return?.()
  }
}

async function isLate(next: Promise<unknown>, afterMs: number, clock: Clock): Promise<boolean> {
  const settled = new AbortController()
  const settle = () => settled.abort()
  next.then(settle, settle)
  return clock.sleep(afterMs, settled.signal).then(
    () => true,
    () => false,
  )
}
