import { deflateRawSync, inflateRawSync } from 'node:zlib'
import type { Database } from 'better-sqlite3'
import type {
  Block,
  Document,
  DocumentSummary,
  Location,
  Metadata,
  MetadataValue,
  Passage,
  WholeDocument,
} from '../../types.js'
import {
  type DocumentFilter,
  type IndexedChunk,
  type Page,
  type PartCounts,
  passageId,
  type StoredChunk,
} from '../store.js'
import { documentChecksum, passageChecksum } from './checksum.js'
import { DOCUMENT_TIME } from './compile-filter.js'
import { createFieldWriter } from './document-fields.js'
import type { AddedPassage, KeywordTables } from './keyword-tables.js'

type DocumentRow = {
  rowid: number
  id: string
  collection: string
  uri: string
  fileUri: string
  title: string
  type: string
  metadata: string
  sizeBytes: number
  contentHash: string
  modifiedMs: number
  dateMs: number
  indexedMs: number
  embedded: number
  expected: number
}

const SUMMARY = `
  SELECT d.id AS rowid, d.public_id AS id, c.name AS collection, d.uri, d.file_uri AS fileUri, d.title, d.type,
    d.metadata, d.size_bytes AS sizeBytes, d.content_hash AS contentHash, d.modified_ms AS modifiedMs, d.date_ms AS dateMs,
    d.indexed_ms AS indexedMs,
    (SELECT count(*) FROM chunks k WHERE k.document_id = d.id) AS expected,
    (SELECT count(*) FROM chunks k JOIN chunk_vectors v ON v.chunk_id = k.id JOIN vector_sets s ON s.id = v.set_id
      WHERE k.document_id = d.id AND s.state = 'active') AS embedded
  FROM documents d JOIN collections c ON c.id = d.collection_id`

/** URIs below a folder, or all: an upper end that is a BLOB comes after every text. */
export type UriRange = { readonly from: string; readonly below: string | Buffer }

export function uriRange(folder: string | undefined): UriRange {
  // `0` is the character after the slash.
  return folder === undefined
    ? { from: '', below: Buffer.alloc(0) }
    : { from: `${folder}/`, below: `${folder}0` }
}

/** JSON list of the collections that count, and a pattern of LIKE for URIs; null for all. */
type Within = { collections: string | null; pattern: string | null }
const WITHIN = `($collections IS NULL OR c.name IN (SELECT value FROM json_each($collections)))
  AND ($pattern IS NULL OR d.uri LIKE $pattern ESCAPE '\\')`

function patternOf(parts: readonly string[]): string {
  return `%${parts.map((part) => part.replace(/[\\%_]/g, '\\$&')).join('%')}%`
}

export type DocumentTables = ReturnType<typeof createDocumentTables>

/** Documents, their texts, passages and terms. Writes expect to run inside the caller's transaction. */
export function createDocumentTables(database: Database, keywords: KeywordTables) {
  const byId = database.prepare<[string], DocumentRow>(`${SUMMARY} WHERE d.public_id = ?`)
  const byUri = database.prepare<[string], DocumentRow>(`${SUMMARY} WHERE d.uri = ? ORDER BY c.name`)
  const textOf = database.prepare<[number], { text: string; blocks: Buffer | null; checksum: number | null }>(
    'SELECT text, blocks, checksum FROM document_texts WHERE document_id = ?',
  )
  const page = database.prepare<Within & { after: string; limit: number }, DocumentRow>(
    `${SUMMARY} WHERE ${WITHIN} AND d.public_id > $after ORDER BY d.public_id LIMIT $limit`,
  )
  const total = database
    .prepare<Within, number>(
      `SELECT count(*) FROM documents d JOIN collections c ON c.id = d.collection_id WHERE ${WITHIN}`,
    )
    .pluck()
  const passagesOf = database.prepare<[number], PassageRow>(
    'SELECT ordinal, start, end, headings, location FROM chunks WHERE document_id = ? ORDER BY ordinal',
  )
  const insertDocument = database.prepare(
    `INSERT INTO documents (public_id, collection_id, uri, file_uri, title, type, metadata, size_bytes, content_hash,
       modified_ms, date_ms, indexed_ms)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  )
  const insertText = database.prepare(
    'INSERT INTO document_texts (document_id, text, blocks, checksum) VALUES (?, ?, ?, ?)',
  )
  const insertChunk = database.prepare(
    `INSERT INTO chunks (document_id, ordinal, start, end, tokens, headings, location, text, language, checksum)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  )
  const writeFields = createFieldWriter(database)
  const updateMetadata = database.prepare('UPDATE documents SET metadata = ? WHERE id = ?')
  const changeChecksum = database.prepare(
    'UPDATE document_texts SET checksum = $after WHERE document_id = $id AND checksum = $before',
  )
  const deleteFields = database.prepare('DELETE FROM document_fields WHERE document_id = ?')
  const insertRange = database.prepare(
    'INSERT INTO passage_ranges (document_id, first_chunk, last_chunk) VALUES (?, ?, ?)',
  )
  const rowidByUri = database
    .prepare<[number, string], number>('SELECT id FROM documents WHERE collection_id = ? AND uri = ?')
    .pluck()
  const replaced = database
    .prepare<[number, string, string], number>(
      `SELECT id FROM documents WHERE collection_id = ? AND uri = ?
       UNION SELECT id FROM documents WHERE public_id = ?`,
    )
    .pluck()
  const rowidsByFile = database
    .prepare<[number, string], number>('SELECT id FROM documents WHERE collection_id = ? AND file_uri = ?')
    .pluck()
  const WITHIN_RANGE = `FROM documents d LEFT JOIN passage_ranges p ON p.document_id = d.id
     WHERE d.collection_id = $collection AND d.uri >= $from AND d.uri < $below`
  const CHUNKS = 'ifnull(p.last_chunk - p.first_chunk + 1, 0)'
  const inRange = database.prepare<UriRange & { collection: number }, RangeRow>(
    `SELECT d.id AS rowid, d.uri, ${CHUNKS} AS chunks ${WITHIN_RANGE} ORDER BY d.uri`,
  )
  const countRange = database.prepare<UriRange & { collection: number }, PartCounts>(
    `SELECT count(*) AS documents, ifnull(sum(${CHUNKS}), 0) AS chunks ${WITHIN_RANGE}`,
  )
  const publicId = database.prepare<[number], string>('SELECT public_id FROM documents WHERE id = ?').pluck()
  const deleteDocuments = database.prepare<[string]>(
    'DELETE FROM documents WHERE id IN (SELECT value FROM json_each(?))',
  )
  const chunksById = database.prepare<[string], ChunkRow>(
    `SELECT k.id AS chunkId, d.public_id AS documentId, k.ordinal, k.text, k.headings, k.location, k.language, d.title,
       d.uri, c.name AS collection, d.metadata, ${DOCUMENT_TIME} AS timeMs
     FROM json_each(?) wanted CROSS JOIN chunks k ON k.id = wanted.value
     JOIN documents d ON d.id = k.document_id JOIN collections c ON c.id = d.collection_id
     ORDER BY wanted.key`,
  )
  const presentIds = database
    .prepare<[string], number>(
      'SELECT k.id FROM json_each(?) wanted CROSS JOIN chunks k ON k.id = wanted.value',
    )
    .pluck()
  const chunkIdsOf = database
    .prepare<[string], number>(
      'SELECT k.id FROM chunks k JOIN documents d ON d.id = k.document_id WHERE d.public_id = ? ORDER BY k.ordinal',
    )
    .pluck()
  const chunkIdsAfter = database
    .prepare<[number, number], number>('SELECT id FROM chunks WHERE id > ? ORDER BY id LIMIT ?')
    .pluck()

  return {
    get(id: string): WholeDocument | undefined {
      const row = byId.get(id)
      if (row === undefined) return undefined
      const { text = '', blocks = null } = textOf.get(row.rowid) ?? {}
      const passages = passagesOf.all(row.rowid).map((passage) => toPassage(id, passage))
      return { ...summaryOf(row), text, blocks: unpackBlocks(blocks), passages }
    },

    find(uri: string): DocumentSummary[] {
      return byUri.all(uri).map(summaryOf)
    },

    list(filter: DocumentFilter): Page<DocumentSummary> {
      const { collection } = filter
      const named = collection === undefined ? filter.collections : [collection]
      const collections = named === undefined ? null : JSON.stringify(named)
      const pattern = filter.uriHolds === undefined ? null : patternOf(filter.uriHolds)
      const within = { collections, pattern }
      const rows = page.all({ ...within, after: filter.after ?? '', limit: filter.limit + 1 })
      const items = rows.slice(0, filter.limit).map(summaryOf)
      const last = items.at(-1)
      const next = rows.length > filter.limit && last !== undefined ? { next: last.id } : {}
      return { items, total: total.get(within) ?? 0, ...next }
    },

    rowidOf(collectionId: number, uri: string): number | undefined {
      return rowidByUri.get(collectionId, uri)
    },

    /** What a document takes the place of; where the path of one is damaged, by its id. */
    replacedBy(collectionId: number, { id, uri }: Pick<Document, 'id' | 'uri'>): number[] {
      return replaced.all(collectionId, uri, id)
    },

    isIntact(id: string): boolean {
      const row = byId.get(id)
      const stored = row === undefined ? undefined : textOf.get(row.rowid)
      if (row === undefined || stored === undefined) return false
      return stored.checksum === null || stored.checksum === documentChecksum({ ...row, ...stored })
    },

    /** The documents of a file. */
    rowidsOfFile(collectionId: number, fileUri: string): number[] {
      return rowidsByFile.all(collectionId, fileUri)
    },

    countIn(collectionId: number, range: UriRange): PartCounts {
      return countRange.get({ collection: collectionId, ...range }) ?? { documents: 0, chunks: 0 }
    },

    /** The first documents by URI, until they have `maxChunks` passages; whether these are all. */
    firstIn(collectionId: number, range: UriRange, maxChunks: number): { rows: RangeRow[]; areAll: boolean } {
      const rows: RangeRow[] = []
      let chunks = 0
      for (const row of inRange.iterate({ collection: collectionId, ...range })) {
        if (chunks >= maxChunks) return { rows, areAll: false }
        rows.push(row)
        chunks += Math.max(1, row.chunks)
      }
      return { rows, areAll: true }
    },

    idOf(rowid: number): string {
      return publicId.get(rowid) ?? ''
    },

    remove(rowids: readonly number[]): void {
      keywords.removeDocuments(rowids)
      deleteDocuments.run(JSON.stringify(rowids))
    },

    /** Gives the passages with their row ids; their terms and vectors are left to be added. */
    insert(
      collectionId: number,
      document: Document,
      chunks: readonly IndexedChunk[],
      indexedMs: number,
    ): AddedPassage[] {
      const metadata = JSON.stringify(document.metadata)
      const { lastInsertRowid } = insertDocument.run(
        document.id,
        collectionId,
        document.uri,
        document.fileUri,
        document.title,
        document.type,
        metadata,
        document.sizeBytes,
        document.contentHash,
        Math.round(document.modifiedMs),
        Math.round(document.dateMs),
        indexedMs,
      )
      const rowid = Number(lastInsertRowid)
      const blocks = packBlocks(document.blocks)
      insertText.run(rowid, document.text, blocks, documentChecksum({ ...document, metadata, blocks }))
      writeFields(rowid, document.metadata)
      const passages = chunks.map((chunk) => {
        const headings = JSON.stringify(chunk.headings)
        const location = JSON.stringify(chunk.location)
        const { lastInsertRowid: chunkId } = insertChunk.run(
          rowid,
          chunk.ordinal,
          chunk.start,
          chunk.end,
          chunk.tokens,
          headings,
          location,
          chunk.text,
          chunk.language,
          passageChecksum({ ...chunk, headings, location }),
        )
        return { chunkId: Number(chunkId), documentId: rowid, chunk }
      })
      if (passages.length > 0) insertRange.run(rowid, passages[0]?.chunkId, passages.at(-1)?.chunkId)
      return passages
    },

    setMetadata(id: string, key: string, value: MetadataValue | undefined): void {
      const row = byId.get(id)
      if (row === undefined) return
      const { [key]: _, ...rest } = JSON.parse(row.metadata) as Metadata
      const metadata = value === undefined ? rest : { ...rest, [key]: value }
      const packed = JSON.stringify(metadata)
      const { text = '', blocks = null } = textOf.get(row.rowid) ?? {}
      const checksum = (metadata: string) => documentChecksum({ ...row, metadata, text, blocks })
      updateMetadata.run(packed, row.rowid)
      // One that does not fit tells of damage, and is left to.
      changeChecksum.run({ id: row.rowid, before: checksum(row.metadata), after: checksum(packed) })
      deleteFields.run(row.rowid)
      writeFields(row.rowid, metadata)
    },

    /** Of these passages those that are still there. */
    present(passages: readonly AddedPassage[]): AddedPassage[] {
      const present = new Set(presentIds.all(JSON.stringify(passages.map(({ chunkId }) => chunkId))))
      return passages.filter(({ chunkId }) => present.has(chunkId))
    },

    chunkIds(documentId: string): number[] {
      return chunkIdsOf.all(documentId)
    },

    chunkIdsAfter(after: number, limit: number): number[] {
      return chunkIdsAfter.all(after, limit)
    },

    chunks(chunkIds: readonly number[]): StoredChunk[] {
      return chunksById.all(JSON.stringify(chunkIds)).map((row) => ({
        ...row,
        headings: JSON.parse(row.headings) as string[],
        location: JSON.parse(row.location) as StoredChunk['location'],
        metadata: JSON.parse(row.metadata) as Metadata,
      }))
    },
  }
}

type RangeRow = { rowid: number; uri: string; chunks: number }

type ChunkRow = Omit<StoredChunk, 'headings' | 'location' | 'metadata'> & {
  headings: string
  location: string
  metadata: string
}

type PassageRow = Pick<Passage, 'start' | 'end'> & { ordinal: number; headings: string; location: string }

function toPassage(documentId: string, { ordinal, headings, location, ...range }: PassageRow): Passage {
  return {
    id: passageId(documentId, ordinal),
    ...range,
    headings: JSON.parse(headings) as string[],
    location: JSON.parse(location) as Location,
  }
}

/** Places repeat themselves: packed they take a tenth. */
function packBlocks(blocks: readonly Block[]): Buffer {
  return deflateRawSync(JSON.stringify(blocks), { level: 1 })
}

/** Documents of older indexes have none. */
function unpackBlocks(packed: Buffer | null): readonly Block[] {
  return packed === null ? [] : (JSON.parse(inflateRawSync(packed).toString('utf8')) as Block[])
}

function summaryOf({ rowid: _, metadata, ...row }: DocumentRow): DocumentSummary {
  return { ...row, metadata: JSON.parse(metadata) as Metadata }
}
