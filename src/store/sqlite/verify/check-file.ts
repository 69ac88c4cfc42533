import type { Database } from 'better-sqlite3'
import type { Findings } from './collect-findings.js'

/** Faults named one by one at most. */
const MAX_FAULTS = 100

/** Pages, indexes and inverted indexes by SQLite's own checks (sqlite.org/pragma.html#pragma_integrity_check). */
export function checkFile(database: Database, findings: Findings): void {
  findings.run('file', () => {
    const faults = (
      database.pragma(`integrity_check(${MAX_FAULTS})`) as readonly { integrity_check: string }[]
    )
      .map((row) => row.integrity_check)
      .filter((fault) => fault !== 'ok')
    const ofKeywords = faults.filter((fault) => /fts5/i.test(fault) && fault.includes('chunk_fts'))
    const ofTurns = faults.filter((fault) => /fts5/i.test(fault) && fault.includes('turn_fts'))
    const ofIndexes = faults.filter((fault) =>
      /missing from index|entries in index|non-unique entry/.test(fault),
    )
    const known = new Set([...ofKeywords, ...ofTurns, ...ofIndexes])
    const others = faults.filter((fault) => !known.has(fault))
    findings.add('keywords', 'repair', ofKeywords.length, 'The keyword index does not fit its terms')
    findings.add(
      'conversations',
      'repair',
      ofTurns.length,
      'The words of conversations do not fit their terms',
    )
    findings.add('file', 'repair', ofIndexes.length, `Indexes do not fit their tables: ${ofIndexes[0]}`)
    findings.add('file', 'restore', others.length, `Pages are damaged: ${oneLine(others[0] ?? '')}`)
  })
  findings.run('references', () => {
    const broken = database.pragma('foreign_key_check') as readonly { table: string; parent: string }[]
    for (const table of new Set(broken.map((row) => row.table))) {
      const rows = broken.filter((row) => row.table === table)
      const message = `Rows of ${table} belong to nothing in ${rows[0]?.parent}`
      findings.add('references', 'repair', rows.length, message)
    }
  })
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').slice(0, 200)
}
