/** What can go wrong where a model is asked. */
export const MODEL_FAULTS = [
  'KEY_MISSING',
  'KEY_REFUSED',
  'MODEL_NOT_FOUND',
  'REQUEST_REFUSED',
  'RATE_LIMITED',
  'QUOTA_EXHAUSTED',
  'UNAVAILABLE',
  'OFFLINE',
  'TIMEOUT',
  'BAD_RESPONSE',
  'INCOMPLETE',
] as const
/** What can go wrong where the index is written. */
export const WRITING_FAULTS = ['STORE_BUSY', 'STORE_FULL', 'STORE_READ_ONLY', 'INDEX_MISMATCH'] as const
/** Media type of answers that come as events. */
export const EVENTS = 'text/event-stream'
