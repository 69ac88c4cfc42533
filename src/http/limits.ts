/** Bytes of a body that are read at most; more is refused with 413. */
export const MAX_BODY_BYTES = 1_048_576
/** The same of a question with images: as much as Google takes of one request in all. */
export const MAX_ASK_BODY_BYTES = 20_000_000
/** Longer request targets are refused with 414. */
export const MAX_URL_CHARS = 8_192
/** Bytes of request line and headers; more is refused with 431. Leaves room for a URL that is to be answered 414. */
export const MAX_HEADER_BYTES = 32_768

/** Time for a client to send its headers, and its whole request; answers, streams too, may take longer. */
export const HEADERS_TIMEOUT_MS = 5_000
export const REQUEST_TIMEOUT_MS = 10_000
export const TIMEOUT_CHECK_INTERVAL_MS = 1_000
