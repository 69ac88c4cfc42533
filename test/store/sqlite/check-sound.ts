import { load as loadVectorFunctions } from 'sqlite-vec'
import { expect } from 'vitest'
import { inspect } from './temp-store.js'

type Counts = Readonly<
  Record<'chunks' | 'terms' | 'documents' | 'texts' | 'linked' | 'codes' | 'strayVectors', number>
>

/** Fails unless the file is sound by SQLite's own checks and its tables agree with one another. Gives their sizes. */
export function checkSound(path: string): Counts {
  return inspect(path, (database) => {
    loadVectorFunctions(database)
    expect(database.pragma('integrity_check', { simple: true })).toBe('ok')
    expect(database.pragma('foreign_key_check')).toEqual([])
    database.exec("INSERT INTO chunk_fts (chunk_fts) VALUES ('integrity-check')")
    const counts = database
      .prepare<[], Counts>(
        `SELECT (SELECT count(*) FROM chunks) AS chunks, (SELECT count(*) FROM chunk_fts_docsize) AS terms,
           (SELECT count(*) FROM documents) AS documents, (SELECT count(*) FROM document_texts) AS texts,
           (SELECT count(*) FROM chunk_vectors v JOIN vector_sets s ON s.id = v.set_id WHERE s.state = 'active') AS linked, (SELECT count(*) FROM codes) AS codes,
           (SELECT count(*) FROM vectors WHERE length(vector) % 4 <> 0
              OR vec_distance_cosine(vector, vector) IS NULL) AS strayVectors`,
      )
      .get()
    if (counts === undefined) throw new Error('no counts')
    expect(counts.terms).toBe(counts.chunks)
    expect(counts.texts).toBe(counts.documents)
    expect(counts.codes).toBe(counts.linked)
    expect(counts.strayVectors).toBe(0)
    const strangers = database
      .prepare('SELECT count(*) FROM chunk_fts_docsize WHERE id NOT IN (SELECT id FROM chunks)')
      .pluck()
      .get()
    expect(strangers).toBe(0)
    return counts
  })
}
