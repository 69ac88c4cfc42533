import { type ErrorCode, GemdexError, toGemdexError } from '../errors.js'

type Answer = {
  readonly status: number
  /** Said in place of the error's own message and hint, which name paths of this machine or are not for clients. */
  readonly constant?: { readonly message: string; readonly hint?: string }
}

const checkLog = { hint: 'The log of the service says more under this request id.' }
const unreadable = { message: 'The index cannot be read or written', ...checkLog }

/** The one table of statuses. 499 is nginx's word for a client that left: nobody reads it but the log. */
const answers: Readonly<Record<ErrorCode, Answer>> = {
  BAD_INPUT: { status: 400 },
  BAD_CONFIG: { status: 400 },
  FORBIDDEN: { status: 403 },
  NOT_FOUND: { status: 404 },
  NO_INDEX: {
    status: 404,
    constant: { message: 'There is no index yet', hint: 'Make one with `gemdex index <folder>`.' },
  },
  INDEX_MISMATCH: { status: 409 },
  COLLECTION_TAKEN: {
    status: 409,
    constant: { message: 'The collection belongs to another folder', hint: 'Choose another name.' },
  },
  INDEX_LOCKED: {
    status: 409,
    constant: {
      message: 'Another process is indexing into this index',
      hint: 'Try again when it has ended.',
    },
  },
  ROOT_MISSING: { status: 409, constant: { message: 'The folder of the collection is not there' } },
  ROOT_EMPTY: { status: 409, constant: { message: 'The folder of the collection holds no files' } },
  RATE_LIMITED: { status: 429 },
  QUOTA_EXHAUSTED: { status: 429 },
  CANCELLED: { status: 499 },
  STORE_BUSY: {
    status: 503,
    constant: { message: 'The index is being written by another process', hint: 'Try again in a moment.' },
  },
  OVERLOADED: { status: 503 },
  STORE_READ_ONLY: { status: 503, constant: { message: 'The index cannot be written', ...checkLog } },
  STORE_FULL: { status: 507, constant: { message: 'The disk that holds the index is full', ...checkLog } },
  STORE_CORRUPT: { status: 500, constant: unreadable },
  STORE_TOO_NEW: {
    status: 500,
    constant: { message: 'The index was made by a newer gemdex', hint: 'Update the service.' },
  },
  STORE_FAILED: { status: 500, constant: unreadable },
  // The service lacks something that its operator can give; the request itself is sound.
  KEY_MISSING: { status: 503 },
  UNAVAILABLE: { status: 503 },
  // What the model's provider did wrong, or was asked wrongly by this service: a gateway's errors.
  KEY_REFUSED: { status: 502 },
  MODEL_NOT_FOUND: { status: 502 },
  REQUEST_REFUSED: { status: 502 },
  BAD_RESPONSE: { status: 502 },
  INCOMPLETE: { status: 502 },
  OFFLINE: { status: 502 },
  TIMEOUT: { status: 504 },
  INTERNAL: { status: 500, constant: { message: 'Something went wrong in the service', ...checkLog } },
}

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
  }
}

export type DescribedError = {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: ErrorBody
  /** True when the client sees a constant: the log must hold what really happened. */
  readonly masked: boolean
}

/** What a client may know of whatever was thrown: never a stack, a path of this machine, or a key. */
export function describeError(thrown: unknown, requestId: string): DescribedError {
  const error = toGemdexError(thrown)
  const { status, constant } = answers[error.code]
  const { message, hint } = constant ?? error
  return {
    status: error instanceof HttpError ? error.status : status,
    headers: {
      ...(error.retryAfterMs === undefined
        ? {}
        : { 'retry-after': String(Math.max(1, Math.ceil(error.retryAfterMs / 1000))) }),
      ...(error instanceof HttpError ? error.headers : {}),
    },
    body: {
      error: {
        code: error.code,
        message,
        ...(hint === undefined ? {} : { hint }),
        ...(error.field === undefined ? {} : { field: error.field }),
        ...(error.partialAnswer === undefined ? {} : { partialAnswer: error.partialAnswer }),
        requestId,
      },
    },
    masked: constant !== undefined,
  }
}
