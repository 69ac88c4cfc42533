import Database from 'better-sqlite3'
import { type Measures, meanMeasures, measureQuery, type Run } from '#dist/evaluate/metrics.js'
import type { BeirFolder } from '#dist/evaluate/read-beir-folder.js'

const DEPTH = 100

/**
 * What SQLite's full-text search gives by itself: whole documents, Porter's stemmer, any word of the query, the title
 * weighed double. The measure to beat.
 */
export function measurePlainBaseline({ documents, queries, judgements }: BeirFolder): Measures {
  const database = new Database(':memory:')
  try {
    database.exec("CREATE VIRTUAL TABLE documents USING fts5 (title, text, tokenize = 'porter unicode61')")
    const insert = database.prepare('INSERT INTO documents (rowid, title, text) VALUES (?, ?, ?)')
    database.transaction(() => {
      for (const [i, { title, text }] of documents.entries()) insert.run(i + 1, title, text)
    })()
    const find = database.prepare<[string], { rowid: number; score: number }>(
      `SELECT rowid, -bm25(documents, 2.0, 1.0) AS score FROM documents WHERE documents MATCH ?
       ORDER BY score DESC, rowid LIMIT ${DEPTH}`,
    )
    const runs = new Map<string, Run>()
    for (const { id, text } of queries) {
      const words = new Set(text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [])
      const found = words.size === 0 ? [] : find.all([...words].map((word) => `"${word}"`).join(' OR '))
      // Ranks for scores: equal ones stay in the order that they were found in, as in a search.
      runs.set(id, new Map(found.map(({ rowid }, i) => [documents[rowid - 1]?.id ?? '', DEPTH - i])))
    }
    const measured = [...judgements].flatMap(
      ([query, judged]) => measureQuery(judged, runs.get(query) ?? new Map()) ?? [],
    )
    return meanMeasures(measured)
  } finally {
    database.close()
  }
}
