import { throwIfAborted } from '../errors.js'
import { parseFilter } from '../search/parse-filter.js'
import { withinReach } from '../search/search-request.js'
import type { SearchScope, Store } from '../store/store.js'

/** Passages read from the store at a time: some milliseconds, so that searches need not wait. */
const PAGE = 500

/** What of the index is looked at as a whole. */
export type CorpusScope = {
  readonly collection?: string
  /** Documents of other collections are not there. */
  readonly collections?: readonly string[]
  /** MongoDB-like JSON over metadata, path, type and time; see `parseFilter`. */
  readonly filter?: unknown
}

/** A passage as the steps over the whole corpus take it. Those of a document follow one another. */
export type CorpusPassage = {
  readonly chunkId: number
  readonly documentId: string
  readonly title: string
  readonly text: string
  /** ISO 639-1. */
  readonly language: string
  /** Best known time of the document, milliseconds since 1970. */
  readonly timeMs: number
  /** Where vectors are compared. */
  readonly vector?: Float32Array
}

/** How far a step over the whole corpus is; `total` is 0 where nobody knows. */
export type CorpusProgress = {
  readonly stage: 'reading' | 'embedding' | 'comparing' | 'grouping' | 'drawing'
  readonly done: number
  readonly total: number
}

/** What requests over the whole corpus have in common. */
export type CorpusRun = {
  readonly signal?: AbortSignal
  readonly onProgress?: (progress: CorpusProgress) => void
}

/** Throws BAD_INPUT for a filter that cannot be read. */
export function searchScopeOf({ collection, collections, filter }: CorpusScope): SearchScope {
  const filters = [
    ...(filter === undefined ? [] : [parseFilter(filter)]),
    ...(collections === undefined ? [] : [withinReach(collections)]),
  ].filter((each) => each !== undefined)
  return {
    ...(collection === undefined ? {} : { collection }),
    ...(filters.length === 0 ? {} : { filter: { op: 'and', of: filters } }),
  }
}

/** All passages of a scope, by pages. Throws CANCELLED when the signal aborts. */
export async function* readPassages(
  store: Store,
  scope: SearchScope,
  { signal, onProgress }: CorpusRun,
): AsyncGenerator<CorpusPassage[]> {
  const { chunks: total } = await store.counts()
  let after = 0
  for (let done = 0; ; ) {
    throwIfAborted(signal)
    const page = await store.listChunks(after, PAGE, scope)
    const last = page.at(-1)
    if (last === undefined) return
    yield page.map(({ chunkId, documentId, title, text, language, timeMs }) => ({
      chunkId,
      documentId,
      title,
      text,
      language,
      timeMs,
    }))
    after = last.chunkId
    done += page.length
    onProgress?.({ stage: 'reading', done, total: Math.max(total, done) })
  }
}
