import type { Database } from 'better-sqlite3'
import type { Gap } from '../../corpus/gaps/gap-store.js'

export type GapTables = ReturnType<typeof createGapTables>

/** Questions that were not answered, by day. Writes expect to run inside the caller's transaction. */
export function createGapTables(database: Database) {
  const hasLonger = database
    .prepare<Gap, number>(
      `SELECT EXISTS (SELECT 1 FROM gaps WHERE day = $day AND outcome = $outcome AND length(question) > length($question)
       AND substr(question, 1, length($question)) = $question COLLATE NOCASE)`,
    )
    .pluck()
  const dropShorter = database.prepare<Gap>(
    `DELETE FROM gaps WHERE day = $day AND outcome = $outcome AND asked = 1 AND length(question) < length($question)
     AND substr($question, 1, length(question)) = question COLLATE NOCASE`,
  )
  const insert = database.prepare<Gap>(
    `INSERT INTO gaps (question, day, outcome, asked) VALUES ($question, $day, $outcome, 1)
     ON CONFLICT DO UPDATE SET asked = asked + 1`,
  )
  const dropOldest = database.prepare<[number]>(
    'DELETE FROM gaps WHERE id IN (SELECT id FROM gaps ORDER BY day DESC, id DESC LIMIT -1 OFFSET ?)',
  )
  const all = database.prepare<[], Gap & { asked: number }>(
    'SELECT question, day, outcome, asked FROM gaps ORDER BY day DESC, id DESC',
  )
  const count = database.prepare<[], number>('SELECT count(DISTINCT question) FROM gaps').pluck()
  const removeAll = database.prepare('DELETE FROM gaps')
  const remove = database.prepare<[string]>('DELETE FROM gaps WHERE question = ?')

  return {
    add(gap: Gap, keep: number): void {
      if (gap.outcome === 'nothing') {
        if (hasLonger.get(gap) === 1) return
        dropShorter.run(gap)
      }
      insert.run(gap)
      dropOldest.run(keep)
    },

    list: (): (Gap & { asked: number })[] => all.all(),
    count: (): number => count.get() ?? 0,

    remove(question: string | undefined): number {
      const before = count.get() ?? 0
      if (question === undefined) removeAll.run()
      else remove.run(question)
      return before - (count.get() ?? 0)
    },
  }
}
