import { copyFileSync, readFileSync, truncateSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Database } from 'better-sqlite3'
import { describe, expect, test } from 'vitest'
import { createTermsOfPassages } from '../../../src/ingest/prepare-document.js'
import { repairIndex } from '../../../src/store/sqlite/verify/repair-index.js'
import { verifyIndex } from '../../../src/store/sqlite/verify/verify-index.js'
import { seededRandom } from '../../helpers/seeded-random.js'
import {
  COLLECTION,
  foundByKeywords,
  foundNear,
  makeChunks,
  makeDocument,
  makeFile,
  openPrepared,
  putVectors,
  unitVector,
} from '../samples.js'
import { checkSound } from './check-sound.js'
import { inspect, openTempStore, tempPath } from './temp-store.js'

const termsOfPassage = createTermsOfPassages()
const TEXTS: Readonly<Record<string, string>> = {
  a: 'the walrus sleeps on the ice',
  b: 'bread needs sourdough and time',
  c: 'the harbour freezes in winter',
}
const VECTORS = { a: unitVector(1, 2, 3, 4), b: unitVector(4, 3, 2, 1), c: unitVector(1, -1, 1, -1) }

/** A closed index of three documents with a passage each, and a conversation. */
async function makeIndex(): Promise<string> {
  const path = tempPath()
  const store = openTempStore(path)
  await openPrepared(() => store)
  await putVectors(store, VECTORS)
  await store.replaceDocuments(
    Object.entries(TEXTS).map(([uri, text]) => {
      const chunk = makeChunks([{ text, embedding: uri }]).map((each) => ({
        ...each,
        ...termsOfPassage({ title: `Title of ${uri}`, headings: [], text, language: 'en' }),
        start: 0,
        end: text.length,
      }))
      return {
        document: makeDocument(uri, { text, metadata: { author: 'Ada' } }),
        chunks: chunk,
        file: makeFile(uri),
      }
    }),
  )
  const { sessions } = store
  await sessions.openSession('s', 'Ice')
  await sessions.appendTurn(
    's',
    {
      question: 'Where does it sleep?',
      standaloneQuestion: 'Where does it sleep?',
      status: 'answered',
      answer: 'On the ice.',
      citations: [],
      unsupported: [],
      sources: [],
      model: 'm',
      terms: 'sleep ice',
    },
    'Ice',
  )
  await store.close()
  return path
}

function damage(path: string, sql: string): void {
  inspect(path, (database) => {
    database.unsafeMode(true)
    database.pragma('foreign_keys = OFF')
    database.exec(sql)
  })
}

test('a sound index has no findings, and is left as it is', async () => {
  const path = await makeIndex()
  const before = readFileSync(path)
  expect(verifyIndex(path)).toMatchObject({
    isSound: true,
    findings: [],
    unsummed: 0,
    counts: { documents: 3, passages: 3, embedded: 3, vectors: 3 },
  })
  expect(readFileSync(path).equals(before)).toBe(true)
})

test('metadata that is set later leaves documents sound, and damaged ones damaged', async () => {
  const path = await makeIndex()
  damage(path, "UPDATE document_texts SET text = replace(text, 'sourdough', 'sourdoigh')")
  const store = openTempStore(path)
  const documents = (await store.listDocuments({ limit: 9 })).items
  await store.setMetadata(
    'topic',
    documents.map(({ id }) => ({ documentId: id, value: 'fruit' })),
  )
  await store.setMetadata(
    'topic',
    documents.map(({ id }) => ({ documentId: id, value: undefined })),
  )
  await store.close()
  expect(verifyIndex(path).findings).toEqual([
    expect.objectContaining({ check: 'documents', count: 1, documents: ['notes/b'] }),
  ])
})

describe('what is damaged is told, and made anew from what is sound', () => {
  const cases: readonly (readonly [what: string, sql: string, check: string])[] = [
    ['the text of a passage', "UPDATE chunks SET text = replace(text, 'ice', 'ire')", 'passages'],
    ['terms of a passage', "UPDATE chunk_fts_content SET c1 = 'other words' WHERE id = 1", 'keywords'],
    ['a passage without terms', 'DELETE FROM chunk_fts WHERE rowid = 2', 'keywords'],
    ['the inverted index', "UPDATE chunk_fts_data SET block = x'0000' WHERE id > 10", 'keywords'],
    ['a length of a passage', 'UPDATE chunk_lengths SET text_terms = 9000', 'keywords'],
    ['a code', "UPDATE codes SET record = substr(record, 1, 40) || x'55' || substr(record, 42)", 'codes'],
    ['a missing code', 'DELETE FROM codes WHERE chunk_id = 1', 'codes'],
    ['the mean of codes', "UPDATE code_sets SET mean = x'00'", 'codes'],
    ['fields of filters', "UPDATE document_fields SET value = 'Bob'", 'fields'],
    ['a range of passages', 'UPDATE passage_ranges SET last_chunk = 7 WHERE document_id = 1', 'ranges'],
    ['the languages', 'DELETE FROM languages', 'languages'],
    ['words of conversations', 'DELETE FROM turn_fts', 'conversations'],
    ['a link to no passage', 'INSERT INTO chunk_vectors VALUES (1, 77, 1)', 'references'],
    ['a vector of no document', 'INSERT INTO document_vectors VALUES (77, 1)', 'references'],
    [
      'an index',
      "PRAGMA writable_schema = ON; UPDATE sqlite_schema SET sql = 'CREATE INDEX documents_type ON documents (title)' WHERE name = 'documents_type'",
      'file',
    ],
  ]
  test.each(cases)('%s', async (_what, sql, check) => {
    const path = await makeIndex()
    damage(path, sql)
    const { isSound, findings } = verifyIndex(path)
    expect(isSound).toBe(false)
    expect(findings).toContainEqual(
      expect.objectContaining({ check, mend: 'repair', message: expect.any(String) }),
    )
    expect(repairIndex(path, termsOfPassage)).toMatchObject({
      isSound: true,
      counts: { passages: 3, embedded: 3 },
    })
    checkSound(path)
    const store = openTempStore(path)
    expect(await foundByKeywords(store, 'walru')).toEqual(['a#0'])
    expect(await foundNear(store, VECTORS.a)).toEqual(expect.arrayContaining(['a#0']))
  })
})

test('a damaged vector is told and taken out, and its passage is still found by words', async () => {
  const path = await makeIndex()
  damage(path, "UPDATE vectors SET vector = x'01' || substr(vector, 2) WHERE id = 2")
  expect(verifyIndex(path).findings).toEqual([
    expect.objectContaining({ check: 'vectors', mend: 'migrate', count: 1 }),
    expect.objectContaining({ check: 'codes' }),
  ])
  expect(repairIndex(path, termsOfPassage)).toMatchObject({
    isSound: true,
    counts: { passages: 3, embedded: 2 },
  })
  expect(await foundByKeywords(openTempStore(path), 'sourdough')).toEqual(['b#0'])
})

test('a damaged vector of a whole document is taken out with its link, and whoever has the index open hears of it', async () => {
  const path = await makeIndex()
  const store = openTempStore(path)
  const [document] = await store.findDocuments('a')
  const key = 'ab'.repeat(32)
  await store.putDocumentEmbeddings([{ documentId: document?.id ?? '', key, vector: unitVector(1, 1, 1, 1) }])
  damage(path, "UPDATE vectors SET vector = x'01' || substr(vector, 2) WHERE id = 4")
  const before = await store.revision()
  expect(repairIndex(path, termsOfPassage)).toMatchObject({ isSound: true, findings: [] })
  expect(await store.revision()).not.toBe(before)
  expect(await store.embeddings([key])).toEqual(new Map())
})

test('a damaged text is named, and its file is read again by the next run', async () => {
  const path = await makeIndex()
  damage(path, "UPDATE document_texts SET text = replace(text, 'bread', 'dread')")
  const finding = { check: 'documents', mend: 'index', documents: ['notes/b'] }
  expect(verifyIndex(path).findings).toMatchObject([finding])
  expect(repairIndex(path, termsOfPassage).findings).toMatchObject([finding])
  const states = await openTempStore(path).fileStates(COLLECTION)
  expect([states.get('a')?.fingerprint, states.get('b')?.fingerprint]).toEqual(['fingerprint of a', ''])
})

test('a passage that does not come of its document again is left to be read from its file', async () => {
  const path = await makeIndex()
  damage(path, 'UPDATE chunks SET headings = \'["Another"]\' WHERE id = 2')
  const finding = { check: 'passages', mend: 'index', documents: ['notes/b'] }
  expect(verifyIndex(path).findings).toMatchObject([finding])
  expect(repairIndex(path, termsOfPassage).findings).toMatchObject([finding])
  expect((await openTempStore(path).fileStates(COLLECTION)).get('b')?.fingerprint).toBe('')
})

test('every flipped bit in texts and vectors is found', async () => {
  const path = await makeIndex()
  const random = seededRandom(7)
  const flip = (database: Database, table: string, column: string, id: string) => {
    const row = database
      .prepare<[], { id: number; bytes: Buffer }>(
        `SELECT ${id} AS id, CAST(${column} AS BLOB) AS bytes FROM ${table} ORDER BY ${id} LIMIT 1`,
      )
      .get()
    if (row === undefined) throw new Error('no row')
    const at = Math.floor(random() * row.bytes.length)
    row.bytes[at] = (row.bytes[at] ?? 0) ^ (1 << Math.floor(random() * 8))
    const value = column === 'vector' ? '?' : 'CAST(? AS TEXT)'
    database.prepare(`UPDATE ${table} SET ${column} = ${value} WHERE ${id} = ?`).run(row.bytes, row.id)
  }
  const original = readFileSync(path)
  for (const [table, column, id] of [
    ['chunks', 'text', 'id'],
    ['document_texts', 'text', 'document_id'],
    ['vectors', 'vector', 'id'],
  ] as const) {
    for (let i = 0; i < 10; i++) {
      writeFileSync(path, original)
      inspect(path, (database) => flip(database, table, column, id))
      expect(verifyIndex(path).isSound).toBe(false)
    }
  }
})

test('a file that is cut off is to be restored; what is no index, or not there, is refused', async () => {
  const path = await makeIndex()
  truncateSync(path, 40_000)
  expect(verifyIndex(path)).toMatchObject({
    isSound: false,
    findings: expect.arrayContaining([expect.objectContaining({ check: 'file', mend: 'restore' })]),
  })
  expect(() => verifyIndex(tempPath())).toThrow(expect.objectContaining({ code: 'NO_INDEX' }))
})

test('an index of the first schema has its file checked; once upgraded it lacks sums until it is compacted', async () => {
  const path = tempPath()
  copyFileSync(fileURLToPath(new URL('../../../data/indexes/schema-1.db', import.meta.url)), path)
  expect(verifyIndex(path)).toMatchObject({ schema: 1, isSound: true, counts: { documents: 0 } })
  const store = openTempStore(path, { create: false })
  expect(verifyIndex(path)).toMatchObject({ isSound: true, unsummed: 6, counts: { documents: 2 } })
  await store.compact()
  expect(verifyIndex(path)).toMatchObject({ isSound: true, unsummed: 0 })
})
