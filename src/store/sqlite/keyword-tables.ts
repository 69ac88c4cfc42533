import type { Database } from 'better-sqlite3'
import type { ScoredChunk, SearchScope, TermStatistics } from '../store.js'

export type KeywordTables = ReturnType<typeof createKeywordTables>

/** The inverted index: BM25 (FTS5: k1 1.2, b 0.75) with title and headings weighed double. */
export function createKeywordTables(database: Database) {
  const everywhere = database.prepare<{ match: string; limit: number }, ScoredChunk>(
    `SELECT rowid AS chunkId, -rank AS score FROM chunk_fts
     WHERE chunk_fts MATCH $match AND rank MATCH 'bm25(2.0, 1.0)' ORDER BY rank, rowid LIMIT $limit`,
  )
  const inCollection = database.prepare<{ match: string; limit: number; collection: string }, ScoredChunk>(
    `SELECT f.rowid AS chunkId, -f.rank AS score FROM chunk_fts f
     JOIN chunks k ON k.id = f.rowid JOIN documents d ON d.id = k.document_id
     JOIN collections c ON c.id = d.collection_id
     WHERE f.chunk_fts MATCH $match AND f.rank MATCH 'bm25(2.0, 1.0)' AND c.name = $collection
     ORDER BY f.rank, f.rowid LIMIT $limit`,
  )
  const frequency = database.prepare<[string], number>('SELECT doc FROM chunk_vocab WHERE term = ?').pluck()

  const merge = database.prepare("INSERT INTO chunk_fts (chunk_fts) VALUES ('optimize')")
  const passages = database.prepare<[], number>('SELECT count(*) FROM chunks').pluck()

  return {
    search(terms: readonly string[], limit: number, scope: SearchScope): ScoredChunk[] {
      if (terms.length === 0) return []
      const match = terms.map(quoteTerm).join(' OR ')
      return scope.collection === undefined
        ? everywhere.all({ match, limit })
        : inCollection.all({ match, limit, collection: scope.collection })
    },

    /** Merges the index into one piece, without what was deleted. */
    merge(): void {
      merge.run()
    },

    statistics(terms: readonly string[]): TermStatistics {
      return {
        passages: passages.get() ?? 0,
        frequencies: new Map(terms.map((term) => [term, frequency.get(term) ?? 0])),
      }
    },
  }
}

/** A quoted string is the only FTS5 syntax without operators. */
function quoteTerm(term: string): string {
  return `"${term.replaceAll('"', '""')}"`
}
