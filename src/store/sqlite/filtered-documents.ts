import type { Database } from 'better-sqlite3'
import { compileGlob } from '../../text/match-glob.js'
import type { Filter } from '../filter.js'
import { compileFilter, type FilterPlan, type LookUp } from './compile-filter.js'
import { difference, type IdSet, idSet, idsWithin, intersection, union } from './id-set.js'
import { numberList, readNumbers } from './number-list.js'

/**
 * Which documents a filter holds. Each look-up is a set of bits, so that whatever they are put together by costs next to
 * nothing; SQLite would sort and store the ids of each, and look every document up in all of them.
 *
 * Expects to run inside the caller's transaction: look-ups are statements of their own.
 */
export function createFilteredDocuments(database: Database): (filter: Filter) => IdSet {
  let matches = (_text: string): boolean => false
  database.function('match_glob', { directOnly: true }, (text) => (matches(String(text)) ? 1 : 0))
  const lastDocument = database.prepare<[], number>('SELECT ifnull(max(id), 0) FROM documents').pluck()

  function lookUp({ sql, values, pattern }: LookUp): IdSet {
    if (pattern !== undefined) matches = createMatcher(pattern)
    const ids = database
      .prepare<(string | number)[], Buffer | null>(`SELECT ${numberList('id')} FROM (${sql})`)
      .pluck()
    return idSet(readNumbers(ids.get(...values)))
  }

  const all = (): IdSet => idsWithin([1], [lastDocument.get() ?? 0])

  function documentsOf(plan: FilterPlan): IdSet {
    switch (plan.op) {
      case 'and':
        return plan.of.length === 0 ? all() : plan.of.map(documentsOf).reduce(intersection)
      case 'or':
        return plan.of.map(documentsOf).reduce(union, idSet([]))
      case 'not':
        return difference(all(), documentsOf(plan.of))
      case 'look up':
        return lookUp(plan)
    }
  }

  return (filter) => documentsOf(compileFilter(filter))
}

/** Compiled when first asked. Values of a field come in order, so that equal ones follow one another: the last is remembered. */
function createMatcher(pattern: string): (text: string) => boolean {
  let matches: ((text: string) => boolean) | undefined
  let last: { readonly text: string; readonly isMatch: boolean } | undefined
  return (text) => {
    matches ??= compileGlob(pattern)
    if (last?.text !== text) last = { text, isMatch: matches(text) }
    return last.isMatch
  }
}
