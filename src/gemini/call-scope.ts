/** Who ended a call before it was done. */
export type CallEnd = 'caller' | 'deadline' | 'size'

/** What became known of an HTTP call beside its answer. */
export type CallFacts = {
  /** How long `Retry-After` of a refusal asks to wait. */
  retryAfterMs?: number
  /** Why there was no answer at all. */
  unreachable?: unknown
}

/**
 * The lifetime of one call: ends with the caller's signal, with a deadline, or because its answer is too large, whichever
 * comes first, and knows which.
 *
 * Made by hand because the SDK's own `timeout` never clears its timer (the process stays alive for it), covers a whole
 * stream, and cannot be told from an abort by the caller.
 */
export type CallScope = {
  /** Goes to the SDK or to fetch. Not aborted yet when given. */
  readonly signal: AbortSignal
  readonly ended: CallEnd | undefined
  readonly facts: CallFacts
  /** Starts the deadline afresh, from now. */
  arm(deadlineMs: number): void
  /** Takes the deadline away. */
  disarm(): void
  /** Ends it because its answer is too large. */
  endTooLarge(): void
  /** Clears timer and listener, and aborts what is still under way. To be called once, whatever happened. */
  close(): void
}

/** Opens the scope of a call. Throws nothing: the caller checks an already aborted signal first. */
export function openCallScope(callerSignal: AbortSignal | undefined): CallScope {
  const controller = new AbortController()
  let ended: CallEnd | undefined
  let timer: NodeJS.Timeout | undefined

  const end = (by: CallEnd) => {
    ended ??= by
    controller.abort()
  }
  const onCallerAbort = () => end('caller')
  callerSignal?.addEventListener('abort', onCallerAbort, { once: true })

  const disarm = () => clearTimeout(timer)
  return {
    signal: controller.signal,
    facts: {},
    get ended() {
      return ended
    },
    arm(deadlineMs) {
      disarm()
      timer = setTimeout(() => end('deadline'), deadlineMs)
    },
    disarm,
    endTooLarge: () => end('size'),
    close() {
      disarm()
      callerSignal?.removeEventListener('abort', onCallerAbort)
      controller.abort()
    },
  }
}
