import type { Statement } from '../text/read-statement.js'

/** What is said; `isElliptic` when it is an answer of a word or two, with the words of its question. */
export type Claim = Statement & { readonly isElliptic?: true }
