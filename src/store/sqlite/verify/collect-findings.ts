import Database from 'better-sqlite3'
import type { Checked, Finding, Mend } from '../../verify-report.js'

const MAX_NAMED = 5

export type Findings = {
  readonly all: readonly Finding[]
  /** Notes what is wrong, unless nothing is. */
  add(check: Checked, mend: Mend, count: number, message: string, documents?: readonly string[]): void
  /** Runs a check; what SQLite cannot read is a finding of the file. */
  run(check: Checked, look: () => void): void
}

export function collectFindings(): Findings {
  const all: Finding[] = []
  const add: Findings['add'] = (check, mend, count, message, documents = []) => {
    if (count === 0) return
    const named = [...new Set(documents)].slice(0, MAX_NAMED)
    all.push({ check, message, count, mend, ...(named.length === 0 ? {} : { documents: named }) })
  }
  return {
    all,
    add,
    run(check, look) {
      try {
        look()
      } catch (thrown) {
        // Values of another type or size than was written come of damage too.
        const isDamage = [Database.SqliteError, RangeError, TypeError].some((kind) => thrown instanceof kind)
        if (!isDamage) throw thrown
        add('file', 'restore', 1, `The ${check} cannot be read: ${(thrown as Error).message}`)
      }
    },
  }
}
