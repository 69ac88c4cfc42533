import type { Database } from 'better-sqlite3'

/** Some passages, whose they are, and how many terms each has in title and text: entry i of each list is of one passage. */
export type PassageLengths = {
  readonly ids: Uint32Array
  readonly documentIds: Uint32Array
  readonly titles: Uint32Array
  readonly texts: Uint32Array
}

/** Passages whose lengths a connection keeps: 5 MB. A search ranks some two thousand. */
const KEPT_PASSAGES = 50_000

type Length = { readonly documentId: number; readonly title: number; readonly text: number }
type Lists = Record<'chunkIds' | 'documentIds' | 'titles' | 'texts', readonly number[]>

/** Reads how long passages are, and keeps that until told that the index has changed. */
export function createPassageLengths(database: Database, most = KEPT_PASSAGES) {
  const lengths = database.prepare<[string], Record<keyof Lists, string>>(
    `SELECT json_group_array(l.chunk_id) AS chunkIds, json_group_array(l.document_id) AS documentIds,
       json_group_array(l.title_terms) AS titles, json_group_array(l.text_terms) AS texts
     FROM json_each(?) wanted CROSS JOIN chunk_lengths l ON l.chunk_id = wanted.value`,
  )
  const known = new Map<number, Length>()

  function read(ids: Uint32Array): void {
    const row = lengths.get(JSON.stringify(Array.from(ids)))
    const list = (name: keyof Lists): readonly number[] => JSON.parse(row?.[name] ?? '[]')
    const [documentIds, titles, texts] = [list('documentIds'), list('titles'), list('texts')]
    for (const [i, chunkId] of list('chunkIds').entries())
      known.set(chunkId, { documentId: documentIds[i] ?? 0, title: titles[i] ?? 0, text: texts[i] ?? 0 })
  }

  return {
    /** Those of the passages that exist, in the order given. */
    of(ids: Uint32Array): PassageLengths {
      if (known.size + ids.length > most) known.clear()
      const unknown = ids.filter((id) => !known.has(id))
      if (unknown.length > 0) read(unknown)
      const list = () => new Uint32Array(ids.length)
      const found = { ids: list(), documentIds: list(), titles: list(), texts: list() }
      let count = 0
      for (const id of ids) {
        const length = known.get(id)
        if (length === undefined) continue
        found.ids[count] = id
        found.documentIds[count] = length.documentId
        found.titles[count] = length.title
        found.texts[count++] = length.text
      }
      const { documentIds, titles, texts } = found
      const cut = (all: Uint32Array) => all.subarray(0, count)
      return { ids: cut(found.ids), documentIds: cut(documentIds), titles: cut(titles), texts: cut(texts) }
    },

    forget(): void {
      known.clear()
    },
  }
}
