import { createHash } from 'node:crypto'
import Database from 'better-sqlite3'

/**
 * A hash of all that a SQLite file can be read to hold: its schema and every row of every table, those that inverted indexes are
 * kept in as well; with what SQLite's own check of pages and indexes says. Two files of the same hash differ in nothing that a
 * query could tell, but in bytes that SQLite does not use. Throws where it cannot be read.
 */
export function contentOf(path: string): string {
  const database = new Database(path, { readonly: true })
  const hash = createHash('sha256')
  const add = (value: unknown) => {
    const bytes = Buffer.isBuffer(value) ? value : Buffer.from(String(value))
    hash.update(`${typeof value} ${bytes.length} `).update(bytes)
  }
  try {
    for (const fact of ['user_version', 'encoding', 'page_size', 'auto_vacuum', 'integrity_check'])
      add(JSON.stringify(database.pragma(fact)))
    const schema = database.prepare('SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY rowid')
    for (const row of schema.raw().iterate()) for (const value of row as unknown[]) add(value)
    const tables = database
      .prepare<[], string>(
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND rootpage > 0 ORDER BY rowid",
      )
      .pluck()
    for (const table of tables.all()) {
      add(table)
      const rows = database.prepare(`SELECT * FROM "${table}"`).safeIntegers().raw()
      for (const row of rows.iterate()) for (const value of row as unknown[]) add(value)
    }
    return hash.digest('hex')
  } finally {
    database.close()
  }
}
