/** Bytes of a JSON body that are read at most; more is refused with 413. */
export const MAX_BODY_BYTES = 1_048_576
/** Bytes of a body that nobody wants any more which are read all the same, so that the connection can be kept. */
export const MAX_DROPPED_BYTES = 65_536
/** Objects and lists within one another that a JSON body may have; more is refused with 400. */
export const MAX_JSON_DEPTH = 64
/** Bytes of a file that is sent as it is; more is refused with 413. */
export const MAX_UPLOAD_BYTES = 50 << 20
/** Longer request targets are refused with 414. */
export const MAX_URL_CHARS = 8_192
/** Bytes of request line and headers; more is refused with 431. Leaves room for a URL that is to be answered 414. */
export const MAX_HEADER_BYTES = 32_768

/** Time for a client to send its headers, and its whole request; answers, streams too, may take longer. */
export const HEADERS_TIMEOUT_MS = 5_000
export const REQUEST_TIMEOUT_MS = 10_000
export const TIMEOUT_CHECK_INTERVAL_MS = 1_000
/** A file may take longer, as long as it gets on: so many bytes in each window of so many milliseconds. */
export const UPLOAD_TIMEOUT_MS = 300_000
export const UPLOAD_WINDOW_MS = 5_000
export const UPLOAD_WINDOW_BYTES = 64 << 10

/** A client that takes nothing of its answer for this long is dropped. */
export const STALLED_MS = 30_000
/** Bytes of a stream that wait for a client to take them; a slower one is dropped. */
export const MAX_BUFFERED_BYTES = 1_048_576
