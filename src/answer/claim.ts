import type { Statement } from '../text/read-statement.js'

/** What is said; an answer of a word or two has the words of its `question` among its own. */
export type Claim = Statement & { readonly question?: Statement }
