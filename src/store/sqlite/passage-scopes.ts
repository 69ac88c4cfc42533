import type { Database } from 'better-sqlite3'
import { matchGlob } from '../../text/match-glob.js'
import type { SearchScope } from '../store.js'
import { compileFilter } from './compile-filter.js'
import { quoteTerms } from './quote-terms.js'

/** The passages that a search is restricted to, by id; undefined for all. */
export type PassageSet = ReadonlySet<number> | undefined

export type PassageScopes = ReturnType<typeof createPassageScopes>

/**
 * Works out which passages a scope holds: once for each scope, so that both searches, to whatever depth, honour the same
 * set and it is not asked for again.
 */
export function createPassageScopes(database: Database) {
  database.function('match_glob', { deterministic: true, directOnly: true }, (pattern, value) =>
    matchGlob(String(pattern), String(value)) ? 1 : 0,
  )
  const matching = database
    .prepare<[string], number>('SELECT rowid FROM chunk_fts WHERE chunk_fts MATCH ?')
    .pluck()
  const all = database.prepare<[], number>('SELECT id FROM chunks').pluck()
  const known = new WeakMap<SearchScope, PassageSet>()

  function ofDocuments({ collection, filter }: SearchScope): Set<number> | undefined {
    if (collection === undefined && filter === undefined) return undefined
    const condition = filter === undefined ? { sql: '1', values: [] } : compileFilter(filter)
    const inCollection = collection === undefined ? [] : [collection]
    const select = database
      .prepare<(string | number)[], number>(
        `SELECT k.id FROM documents d JOIN collections c ON c.id = d.collection_id
         JOIN chunks k ON k.document_id = d.id
         WHERE ${collection === undefined ? '1' : 'c.name = ?'} AND ${condition.sql}`,
      )
      .pluck()
    return new Set(select.all(...inCollection, ...condition.values))
  }

  function holding(phrase: readonly (readonly string[])[]): number[] {
    const sequences = phrase.filter((terms) => terms.length > 0)
    return sequences.length === 0 ? [] : matching.all(sequences.map(quoteTerms).join(' OR '))
  }

  function resolve(scope: SearchScope): PassageSet {
    let passages = ofDocuments(scope)
    for (const phrase of scope.phrases ?? []) {
      const found = holding(phrase)
      passages = new Set(passages === undefined ? found : found.filter((id) => passages?.has(id)))
    }
    const excluded = (scope.excluded ?? []).flatMap(holding)
    if (excluded.length === 0) return passages
    const left = passages ?? new Set(all.all())
    for (const id of excluded) left.delete(id)
    return left
  }

  return {
    /** The passages of a scope. The same object is resolved once: make a new one for each search. */
    passagesOf(scope: SearchScope): PassageSet {
      if (!known.has(scope)) known.set(scope, resolve(scope))
      return known.get(scope)
    },
  }
}
