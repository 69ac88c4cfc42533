import { GemdexError } from '../errors.js'
import type { EmbedRole } from '../types.js'
import { type CallGuard, callGuarded, type WaitInfo } from './call-guarded.js'
import { BadVectorsError } from './check-vectors.js'
import type { Clock } from './clock.js'
import type { Embedder, EmbedInput } from './embedder.js'
import type { Cost } from './pace.js'
import { withRetry } from './retry.js'
import { mayBlameTexts } from './settle-batch.js'

/** How long a wait is told of. */
const TELL_FROM_MS = 1000

export type RequestVectorsOptions = {
  readonly embedder: Embedder
  readonly role: EmbedRole
  readonly cost: Cost
  readonly guard: CallGuard & { readonly clock: Clock }
  /** Ends the request. */
  readonly signal?: AbortSignal
  /** Ends waits between tries, and keeps further tries from beginning. */
  readonly stopSignal: AbortSignal
  /** Told before each HTTP request; `tries` counts from 1. */
  readonly onTry: (tries: number) => void
  readonly onWait?: (info: WaitInfo) => void
}

/** Vectors in the order of the texts, as far as they came; `blame` says why some did not, if that may be the texts' fault. */
export type ReceivedVectors = {
  readonly vectors: readonly (Float32Array | undefined)[]
  readonly blame?: GemdexError
}

/**
 * Makes one request for the vectors of some texts, with all the patience that work without an audience has: waits for
 * limits and service, tries what may pass up to 5 times within 10 minutes of its first failure. Throws what is fatal.
 */
export async function requestVectors(
  inputs: readonly EmbedInput[],
  options: RequestVectorsOptions,
): Promise<ReceivedVectors> {
  const { embedder, role, cost, guard, signal, stopSignal, onWait } = options
  let tries = 0
  const call = () => embedder.embed(inputs, { role, ...(signal && { signal }) })
  const operation = async (): Promise<ReceivedVectors> => {
    try {
      const vectors = await callGuarded(call, guard, {
        cost,
        patience: 'wait',
        signal: stopSignal,
        onTry: () => options.onTry(++tries),
        ...(onWait && { onWait }),
      })
      return { vectors }
    } catch (error) {
      // Good vectors at sure places are kept: only the missing ones are asked for again.
      if (error instanceof BadVectorsError && error.vectors) return { vectors: error.vectors, blame: error }
      if (exceedsLimits(error, guard, inputs.length)) return { vectors: [], blame: asTooLarge(error) }
      throw error
    }
  }
  try {
    return await withRetry(operation, {
      ...guard.clock,
      signal: stopSignal,
      rateLimitsCount: false,
      measuredFrom: 'first-failure',
      // The pacer holds up all calls after a 429; this one need not wait by a measure of its own.
      delayAfter: ({ code }) => (code === 'RATE_LIMITED' ? guard.pacer.waitMs() : undefined),
      onRetry({ code }, waitMs) {
        if (waitMs < TELL_FROM_MS) return
        const reason = code === 'RATE_LIMITED' ? 'rate-limit' : 'unavailable'
        onWait?.({ untilMs: guard.clock.wallTime() + waitMs, reason })
      },
    })
  } catch (error) {
    if (mayBlameTexts(error)) return { vectors: [], blame: error }
    throw error
  }
}

/** Whether fewer texts would fit what a minute, or the rest of the day, allows. */
function exceedsLimits(error: unknown, { pacer }: CallGuard, count: number): error is GemdexError {
  if (!(error instanceof GemdexError) || count === 1) return false
  if (error.code === 'RATE_LIMITED') return count > pacer.limits().perMinute
  return error.code === 'QUOTA_EXHAUSTED' && pacer.remainingToday() > 0
}

function asTooLarge(cause: GemdexError): GemdexError {
  return new GemdexError('REQUEST_REFUSED', cause.message, { field: 'payload', cause })
}
