import { type ErrorFacts, GemdexError, toGemdexError } from '../../../errors.js'

/** An error as it passes from thread to thread, which would keep only the message of a class of our own. */
export type WireError = Omit<ErrorFacts, 'cause'> & {
  readonly code: GemdexError['code']
  readonly message: string
  /** What was thrown underneath, with its stack: for the log. */
  readonly cause?: string
}

export function toWire(thrown: unknown): WireError {
  const { code, message, hint, retryable, field, cause } = toGemdexError(thrown)
  return {
    code,
    message,
    retryable,
    ...(hint === undefined ? {} : { hint }),
    ...(field === undefined ? {} : { field }),
    ...(cause === undefined
      ? {}
      : { cause: cause instanceof Error ? (cause.stack ?? cause.message) : String(cause) }),
  }
}

export function fromWire({ code, message, ...facts }: WireError): GemdexError {
  return new GemdexError(code, message, facts)
}
