import type { Database } from 'better-sqlite3'
import type { IndexIdentity } from '../store.js'
import { createVectorSetFinder, identityOf } from './find-vector-set.js'

export type IndexFacts = ReturnType<typeof createIndexFacts>

/** What every search asks of an index first. */
export function createIndexFacts(database: Database) {
  const sets = createVectorSetFinder(database)
  const chunker = database.prepare<[], string>("SELECT value FROM meta WHERE key = 'chunker'").pluck()
  const languages = database.prepare<[], string>('SELECT language FROM languages ORDER BY language').pluck()

  return {
    identity(): IndexIdentity | undefined {
      const set = sets.active()
      return set && { embedder: identityOf(set), chunker: chunker.get() ?? '' }
    },

    languages: (): string[] => languages.all(),
  }
}
