/** Everything that can go wrong, as a closed list. `docs/errors.md` explains each. */
export type ErrorCode =
  | 'BAD_INPUT'
  | 'BAD_CONFIG'
  | 'NOT_FOUND'
  | 'NO_INDEX'
  | 'INDEX_MISMATCH'
  | 'COLLECTION_TAKEN'
  | 'ROOT_MISSING'
  | 'ROOT_EMPTY'
  | 'INDEX_LOCKED'
  | 'SESSION_BUSY'
  | 'STORE_BUSY'
  | 'STORE_FULL'
  | 'STORE_READ_ONLY'
  | 'STORE_CORRUPT'
  | 'STORE_TOO_NEW'
  | 'STORE_FAILED'
  | 'OVERLOADED'
  | 'KEY_MISSING'
  | 'KEY_REFUSED'
  | 'MODEL_NOT_FOUND'
  | 'REQUEST_REFUSED'
  | 'RATE_LIMITED'
  | 'QUOTA_EXHAUSTED'
  | 'UNAVAILABLE'
  | 'OFFLINE'
  | 'TIMEOUT'
  | 'BAD_RESPONSE'
  | 'INCOMPLETE'
  | 'CANCELLED'
  | 'UNAUTHORIZED'
  | 'FORBIDDEN'
  | 'INTERNAL'

/** A limit that the other side told of when it refused a call. */
export type QuotaLimit = {
  readonly of: 'requests' | 'tokens'
  readonly per: 'minute' | 'day'
  readonly limit: number
}

export type ErrorFacts = {
  /** What to do next, in one sentence. */
  readonly hint?: string
  /** Whether the same call may succeed later without a change. Default false. */
  readonly retryable?: boolean
  /** How long the other side asked to wait, in milliseconds. */
  readonly retryAfterMs?: number
  /** For QUOTA_EXHAUSTED: when it is renewed, in milliseconds since 1970. */
  readonly resumeAtMs?: number
  /** For RATE_LIMITED and QUOTA_EXHAUSTED: the limits that were reached, as far as the other side names them. */
  readonly quotaLimits?: readonly QuotaLimit[]
  /** For BAD_INPUT and REQUEST_REFUSED: the field or option at fault; `payload` when the request is too large. */
  readonly field?: string
  /** For BAD_INPUT and REQUEST_REFUSED of several texts: the position (from 0) of the one at fault. */
  readonly inputIndex?: number
  /** For an answer that broke off: what had come of it, which is incomplete. */
  readonly partialAnswer?: string
  readonly cause?: unknown
}

/** The one error of gemdex. Messages name the value at fault and never hold a key. */
export class GemdexError extends Error {
  readonly code: ErrorCode
  readonly hint: string | undefined
  readonly retryable: boolean
  readonly retryAfterMs: number | undefined
  readonly resumeAtMs: number | undefined
  readonly quotaLimits: readonly QuotaLimit[]
  readonly field: string | undefined
  readonly inputIndex: number | undefined
  readonly partialAnswer: string | undefined

  constructor(code: ErrorCode, message: string, facts: ErrorFacts = {}) {
    super(message, facts.cause === undefined ? undefined : { cause: facts.cause })
    this.name = 'GemdexError'
    this.code = code
    this.hint = facts.hint
    this.retryable = facts.retryable ?? false
    this.retryAfterMs = facts.retryAfterMs
    this.resumeAtMs = facts.resumeAtMs
    this.quotaLimits = facts.quotaLimits ?? []
    this.field = facts.field
    this.inputIndex = facts.inputIndex
    this.partialAnswer = facts.partialAnswer
  }
}

/** Converts whatever was thrown; what is not a GemdexError becomes INTERNAL with the original as its cause. */
export function toGemdexError(thrown: unknown): GemdexError {
  if (thrown instanceof GemdexError) return thrown
  return new GemdexError('INTERNAL', 'An unexpected error occurred', { cause: thrown })
}

/** Throws CANCELLED when the signal is already aborted (an event listener alone would miss that). */
export function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new GemdexError('CANCELLED', 'The operation was cancelled')
}
