import type { Database } from 'better-sqlite3'
import type { Filter } from '../filter.js'
import type { SearchScope } from '../store.js'
import { createFilteredDocuments } from './filtered-documents.js'
import { difference, type IdSet, idSet, idsWithin, intersection } from './id-set.js'
import { numberList, readNumbers } from './number-list.js'
import { quoteTerms } from './quote-terms.js'

/** Scopes that are kept, those used last: of a megabyte for each eight million passages. */
const KEPT_SCOPES = 32
/** One document of so many, or fewer, are looked up one by one: that takes twice as long for each as reading all in order. */
const FEW = 3
/** The same where the ranges of all documents are known: to go through them takes a few nanoseconds for each. */
const FEW_OF_KNOWN = 100

/** Which passages each document has: entry i of each list is of one document. */
type Ranges = {
  readonly documents: Uint32Array
  readonly firsts: Uint32Array
  readonly lasts: Uint32Array
}
type Lists<Name extends keyof Ranges> = { readonly [name in Name]: Buffer | null }

/**
 * Works out which passages a scope holds, so that all searches, to whatever depth, honour the same set. Sets are kept as
 * long as the index does not change, and so are the ranges of documents once many were needed, 12 bytes for each.
 */
export function createPassageScopes(database: Database) {
  const documentsOf = createFilteredDocuments(database)
  const allRanges = database.prepare<[], Lists<keyof Ranges>>(
    `SELECT ${numberList('document_id')} AS documents, ${numberList('first_chunk')} AS firsts,
       ${numberList('last_chunk')} AS lasts FROM passage_ranges`,
  )
  const rangesOf = database.prepare<[string], Lists<'firsts' | 'lasts'>>(
    `SELECT ${numberList('first_chunk')} AS firsts, ${numberList('last_chunk')} AS lasts
     FROM json_each(?) wanted CROSS JOIN passage_ranges p ON p.document_id = wanted.value`,
  )
  const matching = database
    .prepare<[string], Buffer | null>(`SELECT ${numberList('rowid')} FROM chunk_fts WHERE chunk_fts MATCH ?`)
    .pluck()
  // Every change of a document gives its passages new ids, and removes old ones.
  const stateNow = database
    .prepare<[], string>(
      "SELECT json_group_array(seq) FROM sqlite_sequence WHERE name IN ('chunks', 'removals') ORDER BY name",
    )
    .pluck()
  const addRemoval = database.prepare('INSERT INTO removals (first_chunk, last_chunk) VALUES (0, -1)')
  const known = new Map<string, IdSet | undefined>()
  let ranges: Ranges | undefined
  let knownState: string | undefined

  function readRanges(): Ranges {
    const lists = allRanges.get()
    return {
      documents: readNumbers(lists?.documents),
      firsts: readNumbers(lists?.firsts),
      lasts: readNumbers(lists?.lasts),
    }
  }

  /** Those of all documents: ids between them may be of passages that were removed. */
  function all(): IdSet {
    ranges ??= readRanges()
    return idsWithin(ranges.firsts, ranges.lasts)
  }

  function passagesIn(documents: IdSet): IdSet {
    const oneOf = ranges === undefined ? FEW : FEW_OF_KNOWN
    const most = Math.floor((documents.words.length * 32) / oneOf)
    const few = documents.idsAfter(-1, most + 1)
    if (few.length <= most) {
      const lists = rangesOf.get(JSON.stringify(few))
      return idsWithin(readNumbers(lists?.firsts), readNumbers(lists?.lasts))
    }
    ranges ??= readRanges()
    const ids = ranges.documents
    return idsWithin(ranges.firsts, ranges.lasts, (at) => documents.has(ids[at] ?? 0))
  }

  function ofDocuments({ collection, filter }: SearchScope): IdSet | undefined {
    const parts: Filter[] = []
    if (collection !== undefined)
      parts.push({ op: 'in', field: { kind: 'collection' }, values: [collection] })
    if (filter !== undefined) parts.push(filter)
    return parts.length === 0 ? undefined : passagesIn(documentsOf({ op: 'and', of: parts }))
  }

  function holding(phrase: readonly (readonly string[])[]): IdSet {
    const sequences = phrase.filter((terms) => terms.length > 0)
    if (sequences.length === 0) return idSet([])
    return idSet(readNumbers(matching.get(sequences.map(quoteTerms).join(' OR '))))
  }

  /** All from one snapshot. */
  const resolve = database.transaction((scope: SearchScope): IdSet | undefined => {
    let passages = ofDocuments(scope)
    for (const phrase of scope.phrases ?? []) {
      const found = holding(phrase)
      passages = passages === undefined ? found : intersection(passages, found)
    }
    for (const phrase of scope.excluded ?? []) {
      passages ??= all()
      passages = difference(passages, holding(phrase))
    }
    return passages
  })

  const state = () => stateNow.get() ?? ''

  return {
    /** Has all connections work out their sets anew, by a removal of nothing: for changes that leave passages as they are. */
    forget(): void {
      addRemoval.run()
    },
    /** Changes whenever passages come or go, and with every call of `forget`. */
    state,

    /** The passages of a scope; undefined for all. */
    passagesOf(scope: SearchScope): IdSet | undefined {
      if (Object.keys(scope).length === 0) return undefined
      const present = state()
      if (present !== knownState) {
        known.clear()
        ranges = undefined
      }
      knownState = present
      return kept(known, JSON.stringify(scope), KEPT_SCOPES, () => resolve(scope))
    },
  }
}

/** What a map holds, or what is made for it; the entry used longest ago goes when there are too many. */
function kept<T>(map: Map<string, T>, key: string, most: number, make: () => T): T {
  const value = map.has(key) ? (map.get(key) as T) : make()
  map.delete(key)
  map.set(key, value)
  const [oldest] = map.keys()
  if (map.size > most && oldest !== undefined) map.delete(oldest)
  return value
}
