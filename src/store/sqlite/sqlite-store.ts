import { statSync } from 'node:fs'
import { dirname } from 'node:path'
import type { Database } from 'better-sqlite3'
import type { KeyStore } from '../../access/key-store.js'
import type { GapStore } from '../../corpus/gaps/gap-store.js'
import { GemdexError } from '../../errors.js'
import type { JobStore } from '../../jobs/job-store.js'
import type { SessionStore } from '../../sessions/session-store.js'
import type { CollectionPart, DocumentEntry, Store } from '../store.js'
import { awaitShortLog } from './await-short-log.js'
import { createSharedCodes } from './codes/code-space.js'
import { convertStoreError } from './convert-error.js'
import { createDocumentTables, uriRange } from './document-tables.js'
import { createFacets } from './facets.js'
import { createFileTables } from './file-tables.js'
import { createGapTables } from './gap-tables.js'
import { createIndexFacts } from './index-facts.js'
import { createJobTables } from './job-tables.js'
import { createKeyTables } from './key-tables.js'
import { createKeywordSearch } from './keyword-search.js'
import { type AddedPassage, createKeywordTables } from './keyword-tables.js'
import { logOf } from './log-of.js'
import { assertFullSync, BUSY_TIMEOUT_MS, openDatabase, openReadOnly } from './open-database.js'
import { createOtherVectors } from './other-vectors.js'
import { createPassageScopes } from './passage-scopes.js'
import { createQuietCheckpoint } from './quiet-checkpoint.js'
import { requireFree, requireRoom } from './require-room.js'
import { retryWhenFull } from './retry-when-full.js'
import { createSessionStore } from './session-store.js'
import { createSessionTables } from './session-tables.js'
import { MIN_FREE_BYTES, type SqliteStoreOptions } from './store-options.js'
import { takeLogIn } from './take-log-in.js'
import { createTermPostings } from './term-postings.js'
import { createUsageTables } from './usage-tables.js'
import { createVectorSearch } from './vector-search.js'
import { createVectorTables } from './vector-tables.js'
import { fillChecksums } from './verify/fill-checksums.js'
import { waitInTurn } from './wait-in-turn.js'
import { documentBytes, vectorBytes } from './written-bytes.js'

/** How long a question waits to be kept: nobody is to feel that another process writes. */
const GAP_PATIENCE_MS = 250

/** Everything that one index file keeps: what removes documents blanks what conversations quote of them. */
export type SqliteStore = Store & {
  readonly sessions: SessionStore
  readonly keys: KeyStore
  readonly jobs: JobStore
  readonly gaps: GapStore
}

/** Opens the store in one SQLite file (WAL, synchronous=FULL). Throws GemdexError with NO_INDEX or a STORE_ code. */
export function openSqliteStore(path: string, options: SqliteStoreOptions): SqliteStore {
  try {
    const database = options.readOnly === 'in place' ? openReadOnly(path) : openDatabase(path, options)
    return createStore(database, path, options)
  } catch (error) {
    throw convertStoreError(error, options.shownAs ?? path)
  }
}

function createStore(
  database: Database,
  path: string,
  {
    codes,
    now = Date.now,
    onStep = () => {},
    readOnly,
    refusal,
    shownAs = path,
    minFreeBytes = MIN_FREE_BYTES,
    isUpToDate = false,
  }: SqliteStoreOptions,
): SqliteStore {
  const keywords = createKeywordTables(database)
  const documents = createDocumentTables(database, keywords)
  const vectors = createVectorTables(database)
  const vectorSearch = createVectorSearch(
    database,
    codes ?? { codes: createSharedCodes(1), lane: 0 },
    readOnly === 'in place' ? undefined : () => inTurn(() => vectors.repairCodes()),
  )
  const otherVectors = createOtherVectors(database)
  const scopes = createPassageScopes(database)
  const keywordSearch = createKeywordSearch(database, keywords, createTermPostings(database, scopes.state))
  const facets = createFacets(database)
  const files = createFileTables(database)
  const usages = createUsageTables(database)
  const sessions = createSessionTables(database)
  const keys = createKeyTables(database)
  const jobs = createJobTables(database)
  const gaps = createGapTables(database)
  const facts = createIndexFacts(database)
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
  const wrote = createQuietCheckpoint(database, path)
  let syncAsserted = false

  function read<T>(operation: () => T): Promise<T> {
    try {
      if (!database.open) throw new GemdexError('STORE_FAILED', `The index ${shownAs} has been closed`)
      return Promise.resolve(operation())
    } catch (error) {
      return Promise.reject(convertStoreError(error, shownAs))
    }
  }

  function requireWritable(): void {
    if (refusal !== undefined) throw refusal
    if (readOnly === undefined) return
    throw new GemdexError('STORE_READ_ONLY', `The index ${shownAs} can be searched, but not written`, {
      hint: 'Make the file and its folder writable, or free some space, and start again.',
    })
  }

  /** One immediate transaction: it waits for the lock at its start, so it never fails half-way for being second. */
  function inTurn<T>(operation: () => T, patienceMs = BUSY_TIMEOUT_MS): T {
    const transaction = database.transaction(operation)
    return waitInTurn(database, patienceMs, () => transaction.immediate())
  }

  function write<T>(operation: () => T, patienceMs = BUSY_TIMEOUT_MS): Promise<T> {
    return read(() => {
      requireWritable()
      awaitShortLog(database, path, patienceMs)
      const steps = () => {
        onStep('begun')
        const written = operation()
        onStep('written')
        return written
      }
      const result = retryWhenFull(database, () => inTurn(steps, patienceMs))
      wrote()
      onStep('committed')
      if (!syncAsserted) assertFullSync(database)
      syncAsserted = true
      return result
    })
  }

  /** Removes the document of this URI and those of the file of this URI, with the vectors that only they used. */
  function removeDocuments(collectionId: number, uri: string): number {
    const named = documents.rowidOf(collectionId, uri)
    const rowids = new Set(documents.rowidsOfFile(collectionId, uri).concat(named ?? []))
    forget([...rowids])
    return rowids.size
  }

  /** With what is known of their files: unchanged, a container such as a mailbox would not be read again. */
  function forget(rowids: readonly number[]): void {
    for (const rowid of rowids) files.forgetFileOf(rowid)
    const vectorIds = vectors.idsOf(rowids)
    remove(rowids)
    vectors.dropUnused(vectorIds)
  }

  /** A step of removing a part of a collection; see `Store`. */
  function removeSome({ collection, folder }: CollectionPart, maxChunks: number) {
    const collectionId = files.collectionId(collection)
    const range = uriRange(folder)
    const { rows, areAll } = documents.firstIn(collectionId, range, maxChunks)
    forget(rows.map(({ rowid }) => rowid))
    onStep('removed')
    files.removeIn(collectionId, areAll ? range : { ...range, below: `${rows.at(-1)?.uri ?? ''}\0` })
    if (areAll && folder === undefined) files.removeCollection(collectionId)
    const chunks = rows.reduce((sum, row) => sum + row.chunks, 0)
    return { documents: rows.length, chunks, isDone: areAll }
  }

  /** What conversations quoted of documents goes with them. */
  function remove(rowids: readonly number[]): void {
    if (rowids.length === 0) return
    for (const rowid of rowids) sessions.blank(documents.idOf(rowid))
    documents.remove(rowids)
  }

  /** Vectors stay until they are pruned: a document of the same run may be about to use them. */
  function keepOnly(collectionId: number, fileUri: string, uris: readonly string[]): void {
    const kept = new Set(uris.map((uri) => documents.rowidOf(collectionId, uri)))
    remove(documents.rowidsOfFile(collectionId, fileUri).filter((rowid) => !kept.has(rowid)))
  }

  /** Gives the passages, which are not to be found before `makeFindable`. */
  function putDocument({ document, chunks, file, siblings = [] }: DocumentEntry): AddedPassage[] {
    const collectionId = files.collectionId(document.collection)
    const previous = documents.replacedBy(collectionId, document)
    if (previous.length > 0) documents.remove(previous)
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
    onStep('links')
    keywords.add(passages)
    onStep('terms')
  }

  /** The same for what adds to the index, while there is room for `bytes` twice. */
  function grow<T>(bytes: number, operation: () => T): Promise<T> {
    return write(() => {
      if (path !== ':memory:')
        requireFree(dirname(path), Math.max(minFreeBytes, 2 * bytes), 'Adding to the index')
      return operation()
    })
  }

  if (!isUpToDate && readOnly !== 'in place') {
    inTurn(() => vectors.renewCodes())
    keywords.refresh()
  }

  return {
    identity: () => read(facts.identity),

    adopt: (wanted) =>
      write(() => {
        const present = facts.identity()
        if (present === undefined) vectors.create(wanted.embedder, now())
        else vectors.requireOwn(wanted.embedder)
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
          otherVectors: otherVectors.list(),
          walBytes: statSync(logOf(path), { throwIfNoEntry: false })?.size ?? 0,
          versions: versions.get() ?? {},
        }
      }),

    collections: () => read(() => files.collections()),
    openCollection: (name, root) => write(() => files.openCollection(name, root)),
    markRun: (collection, state, count = 0) =>
      write(() => files.markRun(files.collectionId(collection), state, count, now())),
    fileStates: (collection) => read(() => files.states(files.collectionId(collection))),

    recordFile: (collection, file) =>
      write(() => {
        const collectionId = files.collectionId(collection)
        if (file.outcome === 'skipped') keepOnly(collectionId, file.uri, [])
        files.record(collectionId, file)
      }),

    knownEmbeddings: (keys, of) => read(() => vectors.known(keys, of)),
    putEmbeddings: (embeddings, usage, of) =>
      grow(vectorBytes(embeddings), () => {
        vectors.put(embeddings, of)
        onStep('vectors')
        if (usage !== undefined) usages.add(usage)
      }),
    embeddings: (keys) => read(() => vectors.ofKeys(keys)),
    putDocumentEmbeddings: (embeddings) =>
      grow(vectorBytes(embeddings), () => vectors.putOfDocuments(embeddings)),
    requireWritable: () => read(requireWritable),
    pruneEmbeddings: () => write(() => (files.hasUnfinishedRun() ? 0 : vectors.prune())),

    beginVectors: (of) => write(() => otherVectors.begin(of, now())),
    linkEmbeddings: (links, of) =>
      write(() => {
        if (otherVectors.link(links, of)) scopes.forget()
      }),
    switchVectors: (to, refused) =>
      write(() => {
        const missing = otherVectors.makeOwn(to, refused)
        if (missing === 0) scopes.forget()
        onStep('switched')
        return missing
      }),
    dropOtherVectors: () => write(() => otherVectors.drop()),
    setRules: (rules) => write(() => void setMeta.run('chunker', rules)),

    // Of entries for the same document or file the last one counts: what others added is gone again.
    async replaceDocuments(entries, fresh) {
      await grow(documentBytes(entries, fresh), () => {
        if (fresh !== undefined) vectors.requireOwn(fresh.of)
        if (fresh !== undefined && fresh.embeddings.length > 0) {
          vectors.put(fresh.embeddings)
          usages.add(fresh.usage)
        }
        const passages = documents.present(entries.flatMap(putDocument))
        onStep('documents')
        makeFindable(passages)
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
          onStep('removed')
          files.remove(collectionId, uri)
        }
        return removed
      }),

    countPart: ({ collection, folder }) =>
      read(() => documents.countIn(files.collectionId(collection), uriRange(folder))),
    async removePart(part, maxChunks) {
      const removed = await write(() => removeSome(part, maxChunks))
      // Nothing is wrong with what was removed when counting is hindered.
      if (removed.isDone) await read(() => keywords.refresh()).catch(() => {})
      return removed
    },

    getDocument: (id) => read(() => documents.get(id)),
    isIntact: (documentId) => read(() => documents.isIntact(documentId)),
    findDocuments: (uri) => read(() => documents.find(uri)),
    listDocuments: (filter) => read(() => documents.list(filter)),
    searchVectors: (query, limit, scope, options = {}) =>
      read(() => vectorSearch.search(query, limit, scopes.passagesOf(scope), options)),
    searchKeywords: (units, limit, scope) =>
      read(() => keywordSearch.search(units, limit, scopes.passagesOf(scope))),
    termStatistics: (terms) => read(() => keywords.statistics(terms)),
    languages: () => read(facts.languages),
    termsWithPrefix: (prefix) => read(() => keywords.termsWithPrefix(prefix)),
    searchTitles: (terms, prefix, limit, scope) =>
      read(() => keywords.searchTitles(terms, prefix, limit, scopes.passagesOf(scope))),
    facets: (fields, chunkIds, limit) =>
      read(() => fields.map((field) => facets.count(field, chunkIds, limit))),
    vectors: (chunkIds) => read(() => vectors.ofChunks(chunkIds)),
    documentVectors: (documentIds) => read(() => vectors.ofDocuments(documentIds)),
    revision: () => read(() => scopes.state()),
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
        requireWritable()
        const bytesBefore = sizeOf(database)
        // The new index goes through the log: what that holds so far gives its room back first.
        takeLogIn(database, 0)
        requireRoom(path, bytesBefore)
        inTurn(() => {
          vectors.rebuildCodes()
          fillChecksums(database)
        })
        keywords.merge()
        keywords.refresh()
        database.exec('VACUUM')
        database.pragma('wal_checkpoint(TRUNCATE)')
        return { bytesBefore, bytesAfter: sizeOf(database) }
      }),

    sessions: createSessionStore({ sessions, vectors, requireWritable, read, write, now }),

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

    gaps: {
      addGap: (gap, keep) => write(() => gaps.add(gap, keep), GAP_PATIENCE_MS),
      listGaps: () => read(() => gaps.list()),
      countGaps: () => read(() => gaps.count()),
      removeGaps: (question) => write(() => gaps.remove(question)),
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
