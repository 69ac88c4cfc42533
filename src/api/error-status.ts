import type { ErrorCode } from '../errors.js'

/**
 * The one table of statuses. 499 is nginx's word for a client that left: nobody reads it but the log. The 502s are what the
 * model's provider did wrong, or was asked wrongly by this service: a gateway's errors.
 */
export const errorStatus: Readonly<Record<ErrorCode, number>> = {
  BAD_INPUT: 400,
  BAD_CONFIG: 400,
  UNAUTHORIZED: 401,
  FORBIDDEN: 403,
  NOT_FOUND: 404,
  NO_INDEX: 404,
  INDEX_MISMATCH: 409,
  COLLECTION_TAKEN: 409,
  INDEX_LOCKED: 409,
  SESSION_BUSY: 409,
  ROOT_MISSING: 409,
  ROOT_EMPTY: 409,
  RATE_LIMITED: 429,
  QUOTA_EXHAUSTED: 429,
  CANCELLED: 499,
  INTERNAL: 500,
  STORE_CORRUPT: 500,
  STORE_TOO_NEW: 500,
  STORE_FAILED: 500,
  KEY_REFUSED: 502,
  MODEL_NOT_FOUND: 502,
  REQUEST_REFUSED: 502,
  BAD_RESPONSE: 502,
  INCOMPLETE: 502,
  OFFLINE: 502,
  STORE_BUSY: 503,
  STORE_READ_ONLY: 503,
  KEY_MISSING: 503,
  UNAVAILABLE: 503,
  OVERLOADED: 503,
  TIMEOUT: 504,
  STORE_FULL: 507,
}
