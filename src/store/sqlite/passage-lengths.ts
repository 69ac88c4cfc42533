import type { Database } from 'better-sqlite3'
import type { PassageLength } from './rank-passages.js'

/** Passages whose lengths a connection keeps: 5 MB. A search ranks some two thousand. */
const KEPT_PASSAGES = 50_000

type Lists = Record<'chunkIds' | 'documentIds' | 'titles' | 'texts', readonly number[]>

/** Reads how long passages are, and keeps that until told that the index has changed. */
export function createPassageLengths(database: Database, most = KEPT_PASSAGES) {
  const lengths = database.prepare<[string], Record<keyof Lists, string>>(
    `SELECT json_group_array(l.chunk_id) AS chunkIds, json_group_array(l.document_id) AS documentIds,
       json_group_array(l.title_terms) AS titles, json_group_array(l.text_terms) AS texts
     FROM json_each(?) wanted CROSS JOIN chunk_lengths l ON l.chunk_id = wanted.value`,
  )
  const known = new Map<number, PassageLength>()

  function read(ids: readonly number[]): void {
    const row = lengths.get(JSON.stringify(ids))
    const list = (name: keyof Lists): readonly number[] => JSON.parse(row?.[name] ?? '[]')
    const [documentIds, titles, texts] = [list('documentIds'), list('titles'), list('texts')]
    for (const [i, chunkId] of list('chunkIds').entries())
      known.set(chunkId, { documentId: documentIds[i] ?? 0, title: titles[i] ?? 0, text: texts[i] ?? 0 })
  }

  return {
    /** Those of the passages that exist, in the order given. */
    of(ids: readonly number[]): Map<number, PassageLength> {
      if (known.size + ids.length > most) known.clear()
      const unknown = ids.filter((id) => !known.has(id))
      if (unknown.length > 0) read(unknown)
      const found = new Map<number, PassageLength>()
      for (const id of ids) {
        const length = known.get(id)
        if (length !== undefined) found.set(id, length)
      }
      return found
    },

    forget(): void {
      known.clear()
    },
  }
}
