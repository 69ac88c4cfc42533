import { statSync } from 'node:fs'
import type { Database } from 'better-sqlite3'
import type { KeyStore } from '../../access/key-store.js'
import { GemdexError } from '../../errors.js'
import type { JobStore } from '../../jobs/job-store.js'
import type { SessionStore } from '../../sessions/session-store.js'
import type { DocumentEntry, IndexIdentity, Store } from '../store.js'
import { createSharedCodes } from './codes/code-space.js'
import { convertStoreError } from './convert-error.js'
import { createDocumentTables } from './document-tables.js'
import { createFacets } from './facets.js'
import { createFileTables } from './file-tables.js'
import { createJobTables } from './job-tables.js'
import { createKeyTables } from './key-tables.js'
import { createKeywordSearch } from './keyword-search.js'
import { type AddedPassage, createKeywordTables } from './keyword-tables.js'
import { assertFullSync, openDatabase } from './open-database.js'
import { createPassageScopes } from './passage-scopes.js'
import { requireRoom } from './require-room.js'
import { createSessionStore } from './session-store.js'
import { createSessionTables } from './session-tables.js'
import { createUsageTables } from './usage-tables.js'
import { type CodeAccess, createVectorSearch } from './vector-search.js'
import { createVectorTables } from './vector-tables.js'

export type SqliteStoreOptions = {
  /** Make the file, and its folder, when missing; else NO_INDEX is thrown. */
  readonly create: boolean
  /** Milliseconds since 1970. */
  readonly now?: () => number
  /** Where the codes of passages are kept for searching; in memory of its own when left out. */
  readonly codes?: CodeAccess
}

/** Everything that one index file keeps: what removes documents blanks what conversations quote of them. */
export type SqliteStore = Store & {
  readonly sessions: SessionStore
  readonly keys: KeyStore
  readonly jobs: JobStore
}

/** Opens the store in one SQLite file (WAL, synchronous=FULL). Throws GemdexError with NO_INDEX or a STORE_ code. */
export function openSqliteStore(path: string, options: SqliteStoreOptions): SqliteStore {
  try {
    return createStore(openDatabase(path, options), path, options)
  } catch (error) {
    throw convertStoreError(error, path)
  }
}

function createStore(
  database: Database,
  path: string,
  { codes, now = Date.now }: SqliteStoreOptions,
): SqliteStore {
  const vectorSearch = createVectorSearch(database, codes ?? { codes: createSharedCodes(1), lane: 0 })
  const keywords = createKeywordTables(database)
  const keywordSearch = createKeywordSearch(database, keywords)
  const documents = createDocumentTables(database, keywords)
  const vectors = createVectorTables(database)
  const scopes = createPassageScopes(database)
  const facets = createFacets(database)
  const files = createFileTables(database)
  const usages = createUsageTables(database)
  const sessions = createSessionTables(database)
  const keys = createKeyTables(database)
  const jobs = createJobTables(database)
  const getMeta = database.prepare<[string], string>('SELECT value FROM meta WHERE key = ?').pluck()
  const setMeta = database.prepare(
    'INSERT INTO meta (key, value) VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value',
  )
  const counts = database.prepare<[], { documents: number; chunks: number; embedded: number }>(
    `SELECT (SELECT count(*) FROM documents) AS documents, (SELECT count(*) FROM chunks) AS chunks,
       (SELECT count(*) FROM chunk_vectors v JOIN vector_sets s ON s.id = v.set_id WHERE s.state = 'active') AS embedded`,
  )
  const versions = database.prepare<[], { SQLite: string; 'sqlite-vec': string }>(
    'SELECT sqlite_version() AS SQLite, vec_version() AS "sqlite-vec"',
  )
  let syncAsserted = false

  function read<T>(operation: () => T): Promise<T> {
    try {
      if (!database.open) throw new GemdexError('STORE_FAILED', `The index ${path} has been closed`)
      return Promise.resolve(operation())
    } catch (error) {
      return Promise.reject(convertStoreError(error, path))
    }
  }

  /** One immediate transaction: it waits for the lock at its start, so it never fails half-way for being second. */
  function write<T>(operation: () => T): Promise<T> {
    return read(() => {
      const result = database.transaction(operation).immediate()
      if (!syncAsserted) assertFullSync(database)
      syncAsserted = true
      return result
    })
  }

  function identity(): IndexIdentity | undefined {
    const embedder = vectors.identity()
    return embedder && { embedder, chunker: getMeta.get('chunker') ?? '' }
  }

  /** Removes the document of this URI and those of the file of this URI, with the vectors that only they used. */
  function removeDocuments(collectionId: number, uri: string): number {
    const named = documents.rowidOf(collectionId, uri)
    const rowids = new Set(documents.rowidsOfFile(collectionId, uri).concat(named ?? []))
    for (const rowid of rowids) {
      const vectorIds = vectors.idsOf(rowid)
      removeDocument(rowid)
      vectors.dropUnused(vectorIds)
    }
    return rowids.size
  }

  /** What conversations quoted of it goes with it. */
  function removeDocument(rowid: number): void {
    sessions.blank(documents.idOf(rowid))
    documents.remove(rowid)
  }

  /** Vectors stay until they are pruned: a document of the same run may be about to use them. */
  function keepOnly(collectionId: number, fileUri: string, uris: readonly string[]): void {
    const kept = new Set(uris.map((uri) => documents.rowidOf(collectionId, uri)))
    for (const rowid of documents.rowidsOfFile(collectionId, fileUri)) {
      if (!kept.has(rowid)) removeDocument(rowid)
    }
  }

  /** Gives the passages, which are not to be found before `makeFindable`. */
  function putDocument({ document, chunks, file, siblings = [] }: DocumentEntry): AddedPassage[] {
    const collectionId = files.collectionId(document.collection)
    const previous = documents.rowidOf(collectionId, document.uri)
    if (previous !== undefined) documents.remove(previous)
    const passages = documents.insert(collectionId, document, chunks, now())
    if (file !== undefined) {
      keepOnly(collectionId, file.uri, [document.uri, ...siblings])
      files.record(collectionId, file)
    }
    return passages
  }

  function makeFindable(passages: readonly AddedPassage[]): void {
    vectors.link(
      passages.flatMap(({ chunkId, chunk: { embeddingKey } }) =>
        embeddingKey === null ? [] : [[chunkId, embeddingKey] as const],
      ),
    )
    keywords.add(passages)
  }

  database.transaction(() => vectors.repairCodes()).immediate()
  keywords.refresh()

  return {
    identity: () => read(identity),

    adopt: (wanted) =>
      write(() => {
        const present = identity()
        if (present === undefined) vectors.create(wanted.embedder, now())
        else if (!sameEmbedder(present, wanted)) {
          throw new GemdexError(
            'INDEX_MISMATCH',
            `The index holds vectors of ${nameEmbedder(present)}, not of ${nameEmbedder(wanted)}`,
          )
        }
        if (present === undefined) setMeta.run('chunker', wanted.chunker)
      }),

    counts: () =>
      read(() => {
        const row = counts.get() ?? { documents: 0, chunks: 0, embedded: 0 }
        return {
          ...row,
          expected: row.chunks,
          skipped: files.skipped(),
          sizeBytes: sizeOf(database),
          walBytes: statSync(`${path}-wal`, { throwIfNoEntry: false })?.size ?? 0,
          versions: versions.get() ?? {},
        }
      }),

    collections: () => read(() => files.collections()),
    openCollection: (name, root) => write(() => files.openCollection(name, root)),
    markRun: (collection, state) => write(() => files.markRun(files.collectionId(collection), state)),
    fileStates: (collection) => read(() => files.states(files.collectionId(collection))),

    recordFile: (collection, file) =>
      write(() => {
        const collectionId = files.collectionId(collection)
        if (file.outcome === 'skipped') keepOnly(collectionId, file.uri, [])
        files.record(collectionId, file)
      }),

    knownEmbeddings: (keys) => read(() => vectors.known(keys)),
    putEmbeddings: (embeddings, usage) =>
      write(() => {
        vectors.put(embeddings)
        if (usage !== undefined) usages.add(usage)
      }),
    pruneEmbeddings: () => write(() => (files.hasUnfinishedRun() ? 0 : vectors.prune())),

    // Of entries for the same document or file the last one counts: what others added is gone again.
    async replaceDocuments(entries, fresh) {
      await write(() => {
        if (fresh !== undefined && fresh.embeddings.length > 0) {
          vectors.put(fresh.embeddings)
          usages.add(fresh.usage)
        }
        makeFindable(documents.present(entries.flatMap(putDocument)))
      })
      // The documents are stored: what hinders counting is met again, by the next write.
      await read(() => keywords.refresh()).catch(() => {})
    },

    removeFiles: (collection, uris) =>
      write(() => {
        const collectionId = files.collectionId(collection)
        let removed = 0
        for (const uri of uris) {
          removed += removeDocuments(collectionId, uri)
          files.remove(collectionId, uri)
        }
        return removed
      }),

    getDocument: (id) => read(() => documents.get(id)),
    findDocuments: (uri) => read(() => documents.find(uri)),
    listDocuments: (filter) => read(() => documents.list(filter)),
    searchVectors: (query, limit, scope, { exact = false } = {}) =>
      read(() => vectorSearch.search(query, limit, scopes.passagesOf(scope), exact)),
    searchKeywords: (units, limit, scope) =>
      read(() => keywordSearch.search(units, limit, scopes.passagesOf(scope))),
    termStatistics: (terms) => read(() => keywords.statistics(terms)),
    languages: () => read(() => keywords.languages()),
    termsWithPrefix: (prefix) => read(() => keywords.termsWithPrefix(prefix)),
    searchTitles: (terms, prefix, limit, scope) =>
      read(() => keywords.searchTitles(terms, prefix, limit, scopes.passagesOf(scope))),
    facets: (fields, chunkIds, limit) =>
      read(() => fields.map((field) => facets.count(field, chunkIds, limit))),
    vectors: (chunkIds) => read(() => vectors.ofChunks(chunkIds)),
    chunkIdsOf: (documentId) => read(() => documents.chunkIds(documentId)),
    getChunks: (chunkIds) => read(() => documents.chunks(chunkIds)),
    setMetadata: (key, entries) =>
      write(() => {
        for (const { documentId, value } of entries) documents.setMetadata(documentId, key, value)
        scopes.forget()
      }),
    listChunks: (after, limit, scope) =>
      read(() => {
        const ids = scopes.passagesOf(scope)?.idsAfter(after, limit)
        return documents.chunks(ids ?? documents.chunkIdsAfter(after, limit))
      }),

    usage: () => read(() => usages.all()),

    compact: () =>
      read(() => {
        const bytesBefore = sizeOf(database)
        requireRoom(path, bytesBefore)
        database.transaction(() => vectors.rebuildCodes()).immediate()
        keywords.merge()
        keywords.refresh()
        database.exec('VACUUM')
        database.pragma('wal_checkpoint(TRUNCATE)')
        return { bytesBefore, bytesAfter: sizeOf(database) }
      }),

    sessions: createSessionStore({ sessions, vectors, read, write, now }),

    keys: {
      listKeys: () => read(() => keys.list()),
      findKey: (id) => read(() => keys.find(id)),
      hasKeys: () => read(() => keys.hasAny()),
      addKey: (key) => write(() => keys.add(key)),
      revokeKey: (id, atMs) => write(() => keys.revoke(id, atMs)),
      forgetKey: (id) => write(() => keys.forget(id)),
      noteUse: (id, atMs) => write(() => keys.noteUse(id, atMs)),
    },

    jobs: {
      addJob: (job) => write(() => jobs.add(job)),
      getJob: (id) => read(() => jobs.get(id)),
      listJobs: (limit) => read(() => jobs.list(limit)),
      changeJob: (id, from, change) => write(() => jobs.change(id, from, change)),
      pruneJobs: (keep) => write(() => jobs.prune(keep)),
    },

    close: async () => {
      database.close()
    },
  }
}

function sizeOf(database: Database): number {
  const pages = database.pragma('page_count', { simple: true }) as number
  return pages * (database.pragma('page_size', { simple: true }) as number)
}

function sameEmbedder({ embedder: a }: IndexIdentity, { embedder: b }: IndexIdentity): boolean {
  return (
    a.provider === b.provider &&
    a.modelId === b.modelId &&
    a.dimensions === b.dimensions &&
    a.roles === b.roles
  )
}

function nameEmbedder({ embedder }: IndexIdentity): string {
  return `${embedder.modelId} (${embedder.dimensions} dimensions, ${embedder.roles})`
}
