import type { Database } from 'better-sqlite3'
import { compileGlob } from '../../text/match-glob.js'
import type { SearchScope } from '../store.js'
import { compileFilter } from './compile-filter.js'
import { difference, intersection, type PassageSet, passagesOf, passagesWithin } from './passage-set.js'
import { quoteTerms } from './quote-terms.js'

/** Scopes that are kept, those used last: of a megabyte for each eight million passages. */
const KEPT_SCOPES = 32
const KEPT_GLOBS = 64

const IN_COLLECTION = `p.document_id IN (
  SELECT d.id FROM documents d WHERE d.collection_id = (SELECT id FROM collections WHERE name = ?))`

/**
 * Works out which passages a scope holds, so that all searches, to whatever depth, honour the same set. Sets are kept as
 * long as the index does not change.
 */
export function createPassageScopes(database: Database) {
  const globs = new Map<string, (text: string) => boolean>()
  database.function('match_glob', { deterministic: true, directOnly: true }, (pattern, value) => {
    // Called for every value of a field: the order of use that `kept` keeps would cost more than matching.
    const glob = String(pattern)
    const matches = globs.get(glob) ?? kept(globs, glob, KEPT_GLOBS, () => compileGlob(glob))
    return matches(String(value)) ? 1 : 0
  })
  const matching = database
    .prepare<[string], string>('SELECT json_group_array(rowid) FROM chunk_fts WHERE chunk_fts MATCH ?')
    .pluck()
  const lastChunk = database.prepare<[], number>('SELECT ifnull(max(id), 0) FROM chunks').pluck()
  // Every change of a document gives its passages new ids, and removes old ones.
  const stateNow = database
    .prepare<[], string>(
      "SELECT json_group_array(seq) FROM sqlite_sequence WHERE name IN ('chunks', 'removals') ORDER BY name",
    )
    .pluck()
  const addRemoval = database.prepare('INSERT INTO removals (first_chunk, last_chunk) VALUES (0, -1)')
  const known = new Map<string, PassageSet | undefined>()
  let knownState: string | undefined

  function ofDocuments({ collection, filter }: SearchScope): PassageSet | undefined {
    if (collection === undefined && filter === undefined) return undefined
    const condition = filter === undefined ? { sql: '1', values: [] } : compileFilter(filter)
    const inCollection = collection === undefined ? [] : [collection]
    const { firsts = '[]', lasts = '[]' } =
      database
        .prepare<(string | number)[], { firsts: string; lasts: string }>(
          `SELECT json_group_array(p.first_chunk) AS firsts, json_group_array(p.last_chunk) AS lasts
           FROM passage_ranges p WHERE ${collection === undefined ? '1' : IN_COLLECTION} AND ${condition.sql}`,
        )
        .get(...inCollection, ...condition.values) ?? {}
    return passagesWithin(JSON.parse(firsts), JSON.parse(lasts))
  }

  function holding(phrase: readonly (readonly string[])[]): PassageSet {
    const sequences = phrase.filter((terms) => terms.length > 0)
    if (sequences.length === 0) return passagesOf([])
    return passagesOf(JSON.parse(matching.get(sequences.map(quoteTerms).join(' OR ')) ?? '[]'))
  }

  function resolve(scope: SearchScope): PassageSet | undefined {
    let passages = ofDocuments(scope)
    for (const phrase of scope.phrases ?? []) {
      const found = holding(phrase)
      passages = passages === undefined ? found : intersection(passages, found)
    }
    for (const phrase of scope.excluded ?? []) {
      passages ??= passagesWithin([0], [lastChunk.get() ?? 0])
      passages = difference(passages, holding(phrase))
    }
    return passages
  }

  const state = () => stateNow.get() ?? ''

  return {
    /** Has all connections work out their sets anew, by a removal of nothing: for changes that leave passages as they are. */
    forget(): void {
      addRemoval.run()
    },
    /** Changes whenever passages come or go, and with every call of `forget`. */
    state,

    /** The passages of a scope; undefined for all. */
    passagesOf(scope: SearchScope): PassageSet | undefined {
      if (Object.keys(scope).length === 0) return undefined
      const present = state()
      if (present !== knownState) known.clear()
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
