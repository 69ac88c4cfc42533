import { clientError } from '../api/client-error.js'
import { errorStatus } from '../api/error-status.js'
import { type ErrorCode, GemdexError, toGemdexError } from '../errors.js'

/** A fault of HTTP itself, whose status the code does not tell. */
export class HttpError extends GemdexError {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>

  constructor(
    status: number,
    code: ErrorCode,
    message: string,
    facts: {
      readonly hint?: string
      readonly field?: string
      readonly headers?: Record<string, string>
    } = {},
  ) {
    const { headers = {}, ...rest } = facts
    super(code, message, rest)
    this.name = 'HttpError'
    this.status = status
    this.headers = headers
  }
}

export type ErrorBody = {
  readonly error: {
    readonly code: ErrorCode
    readonly message: string
    readonly hint?: string
    readonly field?: string
    /** What had come of an answer that broke off: incomplete. */
    readonly partialAnswer?: string
    readonly requestId: string
    /** Of the OpenAI protocol. */
    readonly type?: string
    readonly param?: string | null
  }
}

/** What of a call its errors tell. */
export type ErrorContext = { readonly requestId: string; readonly isOpenAi?: boolean }

export type DescribedError = {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: ErrorBody
  /** True when the client sees a constant: the log must hold what really happened. */
  readonly masked: boolean
}

/** What a client may know of whatever was thrown: never a stack, a path of this machine, or a key. */
export function describeError(thrown: unknown, { requestId, isOpenAi }: ErrorContext): DescribedError {
  const error = toGemdexError(thrown)
  const { masked, ...shown } = clientError(error)
  const status = error instanceof HttpError ? error.status : errorStatus[error.code]
  return {
    status,
    headers: {
      ...(error.retryAfterMs === undefined
        ? {}
        : { 'retry-after': String(Math.max(1, Math.ceil(error.retryAfterMs / 1000))) }),
      ...(error instanceof HttpError ? error.headers : {}),
    },
    body: {
      error: {
        ...shown,
        requestId,
        ...(isOpenAi ? { type: openAiType(status), param: error.field ?? null } : {}),
      },
    },
    masked,
  }
}

function openAiType(status: number): string {
  if (status === 401) return 'authentication_error'
  if (status === 429) return 'rate_limit_error'
  return status < 500 ? 'invalid_request_error' : 'server_error'
}
