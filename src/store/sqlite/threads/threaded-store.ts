import type { KeyStore } from '../../../access/key-store.js'
import { builtFile } from '../../../built-file.js'
import type { GapStore } from '../../../corpus/gaps/gap-store.js'
import { GemdexError } from '../../../errors.js'
import type { JobStore } from '../../../jobs/job-store.js'
import type { SessionStore } from '../../../sessions/session-store.js'
import type { Store } from '../../store.js'
import { type Finding, preventsWriting } from '../../verify-report.js'
import { createSharedCodes, recoverCodes } from '../codes/code-space.js'
import { isThere } from '../is-there.js'
import { createLookups, type Lookups } from '../lookups.js'
import { type OpenedStore, type OpeningOptions, openOrRead } from '../open-or-read.js'
import type { SqliteStore } from '../sqlite-store.js'
import { markUnclosed } from '../unclosed.js'
import { damagedIndex } from '../verify/examine-unclosed.js'
import { verifyAside } from '../verify/verify-aside.js'
import type { StoreThreadData } from './store-thread.js'
import { type CallOptions, createThreadPool, type ThreadCall } from './thread-pool.js'

export type ThreadedStoreOptions = OpeningOptions & {
  /** Threads that search, at most. */
  readonly searchers: number
}

/** Calls that may wait: some seconds of searching. */
const MAX_WAITING = 512

type Kind = 'read' | 'write'

/** Which thread does what. */
const STORE_METHODS = {
  adopt: 'write',
  counts: 'read',
  collections: 'read',
  openCollection: 'write',
  markRun: 'write',
  fileStates: 'read',
  recordFile: 'write',
  knownEmbeddings: 'read',
  putEmbeddings: 'write',
  embeddings: 'read',
  putDocumentEmbeddings: 'write',
  pruneEmbeddings: 'write',
  requireWritable: 'read',
  beginVectors: 'write',
  linkEmbeddings: 'write',
  switchVectors: 'write',
  dropOtherVectors: 'write',
  setRules: 'write',
  replaceDocuments: 'write',
  removeFiles: 'write',
  countPart: 'read',
  removePart: 'write',
  getDocument: 'read',
  findDocuments: 'read',
  isIntact: 'read',
  listDocuments: 'read',
  searchVectors: 'read',
  searchKeywords: 'read',
  termStatistics: 'read',
  termsWithPrefix: 'read',
  searchTitles: 'read',
  facets: 'read',
  vectors: 'read',
  documentVectors: 'read',
  revision: 'read',
  chunkIdsOf: 'read',
  getChunks: 'read',
  listChunks: 'read',
  setMetadata: 'write',
  usage: 'read',
  compact: 'write',
} as const satisfies Record<Exclude<keyof Store, keyof Lookups['facts'] | 'close'>, Kind>

const SESSION_METHODS = {
  requireWritable: 'read',
  openSession: 'write',
  getSession: 'read',
  listSessions: 'read',
  renameSession: 'write',
  removeSession: 'write',
  appendTurn: 'write',
  putTurnVectors: 'write',
  hasTurnVectors: 'read',
  searchTurnsByTerms: 'read',
  searchTurnsByVector: 'read',
} as const satisfies Record<keyof SessionStore, Kind>

const KEY_METHODS = {
  listKeys: 'read',
  addKey: 'write',
  revokeKey: 'write',
  forgetKey: 'write',
  noteUse: 'write',
} as const satisfies Record<Exclude<keyof KeyStore, keyof Lookups['keys']>, Kind>

const JOB_METHODS = {
  addJob: 'write',
  getJob: 'read',
  listJobs: 'read',
  changeJob: 'write',
  pruneJobs: 'write',
} as const satisfies Record<keyof JobStore, Kind>

const GAP_METHODS = {
  addGap: 'write',
  listGaps: 'read',
  countGaps: 'read',
  removeGaps: 'write',
} as const satisfies Record<keyof GapStore, Kind>

/**
 * The same store with its work in other threads, so that this one goes on answering: searches in several, each with a
 * connection of its own and all with the same codes, writes in one. What each request and each search needs is
 * looked up in this one. A large index that nobody has closed is verified beside. Throws what `openSqliteStore` throws.
 */
export function openThreadedStore(
  path: string,
  { searchers, onDamage, ...opening }: ThreadedStoreOptions,
): SqliteStore {
  const script = builtFile('./store-thread.js', import.meta.url)
  const codes = createSharedCodes(searchers)
  const readers = createThreadPool({
    script,
    size: searchers,
    setup: (lane): StoreThreadData => ({ ...opened, codes: { codes, lane } }),
    maxWaiting: MAX_WAITING,
    onDeath: (lane) => recoverCodes(codes, lane),
  })
  const writer = createThreadPool({
    script,
    size: 1,
    setup: (): StoreThreadData => opened,
    maxWaiting: MAX_WAITING,
  })
  // While this thread opens the index the other one loads its program, which takes longer. Not where nothing may come of it.
  if (isThere(path)) readers.warm()
  const { store: first, discard, damage: found, isUnchecked, ...place } = openFirst()
  void first.close()
  const opened = { ...place, isUpToDate: true }
  let refusal: GemdexError | undefined
  const noteDamage = (damage: readonly Finding[]) => {
    if (preventsWriting(damage)) refusal = damagedIndex(path, damage)
    onDamage?.(damage)
  }
  if (found !== undefined) noteDamage(found)
  const verifying = isUnchecked ? verifyAside(path, noteDamage) : undefined
  const lookups = createLookups(opened.path, opened.readOnly === 'in place')
  readers.warm()
  let isClosed = false

  /** Here, so that it throws at once: makes the file, brings its schema and the format of its codes up to date. */
  function openFirst(): OpenedStore {
    try {
      return openOrRead(path, opening)
    } catch (thrown) {
      void readers.close()
      throw thrown
    }
  }

  async function call(target: ThreadCall['target'], method: string, kind: Kind, args: readonly unknown[]) {
    if (isClosed) throw new GemdexError('STORE_FAILED', `The index ${path} has been closed`)
    if (refusal !== undefined && (kind === 'write' || method === 'requireWritable')) throw refusal
    const { options, sent } = splitSignal(args)
    return (kind === 'write' ? writer : readers).call({ target, method, args: sent }, options)
  }

  /** An object with these methods, whose work is done in a thread. */
  function inThreads(target: ThreadCall['target'], methods: Readonly<Record<string, Kind>>): unknown {
    return Object.fromEntries(
      Object.entries(methods).map(([method, kind]) => [
        method,
        (...args: readonly unknown[]) => call(target, method, kind, args),
      ]),
    )
  }

  return {
    ...(inThreads('store', STORE_METHODS) as Omit<Store, keyof Lookups['facts'] | 'close'>),
    ...lookups.facts,
    sessions: inThreads('sessions', SESSION_METHODS) as SessionStore,
    keys: {
      ...(inThreads('keys', KEY_METHODS) as Omit<KeyStore, keyof Lookups['keys']>),
      ...lookups.keys,
    },
    jobs: inThreads('jobs', JOB_METHODS) as JobStore,
    gaps: inThreads('gaps', GAP_METHODS) as GapStore,
    async close() {
      isClosed = true
      lookups.close()
      // One after the other: of connections that close at the same time none is the last, which takes the WAL into the file.
      await readers.close()
      await writer.close()
      if (verifying?.stop() === false || found !== undefined) markUnclosed(path)
      discard()
    },
  }
}

/** A signal stays in its thread. */
function splitSignal(args: readonly unknown[]): { options: CallOptions; sent: readonly unknown[] } {
  const last = args.at(-1)
  if (typeof last !== 'object' || last === null || !('signal' in last)) return { options: {}, sent: args }
  const { signal, ...rest } = last as { signal?: AbortSignal }
  return { options: { signal }, sent: [...args.slice(0, -1), rest] }
}
