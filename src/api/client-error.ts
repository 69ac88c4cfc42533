import { type ErrorCode, toGemdexError } from '../errors.js'

type Constant = { readonly message: string; readonly hint?: string }

const checkLog = { hint: 'The log of the service says more under this request id.' }
const unreadable = { message: 'The index cannot be read or written', ...checkLog }

/** Said in place of an error's own message and hint, which name paths of this machine or are not for clients. */
const constants: Readonly<Partial<Record<ErrorCode, Constant>>> = {
  NO_INDEX: { message: 'There is no index yet', hint: 'Make one with `gemdex index <folder>`.' },
  COLLECTION_TAKEN: { message: 'The collection belongs to another folder', hint: 'Choose another name.' },
  INDEX_LOCKED: {
    message: 'The index is being written, by a job of this service or by another process',
    hint: 'Try again when that has ended; `GET /v1/jobs` lists jobs, and `DELETE /v1/jobs/:id` cancels one.',
  },
  ROOT_MISSING: { message: 'The folder of the collection is not there' },
  ROOT_EMPTY: { message: 'The folder of the collection holds no files' },
  STORE_BUSY: { message: 'The index is being written by another process', hint: 'Try again in a moment.' },
  STORE_READ_ONLY: { message: 'The index cannot be written', ...checkLog },
  STORE_FULL: { message: 'The disk that holds the index is full', ...checkLog },
  STORE_CORRUPT: unreadable,
  STORE_TOO_NEW: { message: 'The index was made by a newer gemdex', hint: 'Update the service.' },
  STORE_FAILED: unreadable,
  INTERNAL: { message: 'Something went wrong in the service', ...checkLog },
}

/** What a client may know of whatever was thrown: never a stack, a path of this machine, or a key. */
export type ClientError = {
  readonly code: ErrorCode
  readonly message: string
  readonly hint?: string
  readonly field?: string
  /** What had come of an answer that broke off. */
  readonly partialAnswer?: string
}

/** `masked` is true when the client sees a constant: the log must hold what really happened. */
export function clientError(thrown: unknown): ClientError & { readonly masked: boolean } {
  const error = toGemdexError(thrown)
  const constant = constants[error.code]
  const { message, hint } = constant ?? error
  return {
    code: error.code,
    message,
    ...(hint === undefined ? {} : { hint }),
    ...(error.field === undefined ? {} : { field: error.field }),
    ...(error.partialAnswer === undefined ? {} : { partialAnswer: error.partialAnswer }),
    masked: constant !== undefined,
  }
}
