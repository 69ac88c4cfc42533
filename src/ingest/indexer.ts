import { realpath, stat } from 'node:fs/promises'
import { basename, dirname, relative, sep } from 'node:path'
import { chunkerVersion } from '../chunk/chunk-document.js'
import { embedTexts } from '../embed/embed-texts.js'
import type { Embedder } from '../embed/embedder.js'
import { throwIfAborted } from '../errors.js'
import type { ExtractLimits, Skipped } from '../extract/extractor.js'
import { looksLikeSecret } from '../files/looks-like-secret.js'
import { guardRemoval, planChanges } from '../files/plan-changes.js'
import { readSourceFile } from '../files/read-file.js'
import { type FoundSkip, walkFolder } from '../files/walk.js'
import type { FileState, Store } from '../store/store.js'
import type { Extracted, SkipReason, SourceFile } from '../types.js'
import { type PreparedDocument, prepareDocument } from './prepare-document.js'
import type { IndexProgress, IndexReport, SkippedFile } from './report.js'

/** Texts gathered from several files before they are sent, so that requests are full. */
const TEXTS_PER_ROUND = 800

export type IndexRequest = {
  readonly path: string
  readonly collection?: string
  /** Gitignore-style patterns. */
  readonly include?: readonly string[]
  readonly exclude?: readonly string[]
  /** Read every file again, and let a suddenly empty root remove what it held. */
  readonly force?: boolean
  readonly signal?: AbortSignal
  readonly onProgress?: (progress: IndexProgress) => void
}

export type ExtractFile = (
  bytes: Uint8Array,
  options: { readonly name: string; readonly limits: ExtractLimits; readonly signal?: AbortSignal },
) => Promise<Extracted | Skipped>

export type IndexerDependencies = {
  readonly store: Store
  readonly embedder: Embedder
  readonly extractFile: ExtractFile
  /** Changes whenever a file that was skipped may be readable now. */
  readonly extractVersion: string
  readonly limits: ExtractLimits
  /** Requests to the embedder under way at the same time. */
  readonly concurrency: number
  /** Monotonic milliseconds. */
  readonly clock: () => number
}

export interface Indexer {
  index(request: IndexRequest): Promise<IndexReport>
}

/** What a path on the command line means: the root it belongs to, and the one file when it names a file. */
type Target = { readonly root: string; readonly collection: string; readonly only?: string }

type Run = {
  readonly request: IndexRequest
  readonly target: Target
  readonly known: ReadonlyMap<string, FileState>
  readonly skipped: Map<string, SkippedFile>
  indexed: number
  unchanged: number
  kept: number
  chunks: number
  embedded: number
}

/** A document waiting for its vectors, with the file state to be stored along with it. */
type Waiting = PreparedDocument & { readonly file: FileState }

/**
 * Brings a collection up to date with its folder: new and changed files are read, cut, embedded and stored, each in one
 * transaction; vanished ones are removed, last of all. A text whose vector is known is not sent again. A bad file is
 * reported and the run goes on; a fault of the embedder or the store ends it, and what was stored stays.
 */
export function createIndexer(dependencies: IndexerDependencies): Indexer {
  const { store, embedder, clock } = dependencies
  const progress = (run: Run, event: IndexProgress) => run.request.onProgress?.(event)

  async function resolveTarget(request: IndexRequest): Promise<Target> {
    const path = await realpath(request.path).catch(() => request.path)
    const info = await stat(path).catch(() => undefined)
    const collections = await store.collections()
    const owner = collections
      .filter(({ root }) => root !== null && (path === root || path.startsWith(root + sep)))
      .sort((a, b) => (b.root ?? '').length - (a.root ?? '').length)[0]
    if (info === undefined) {
      const missing = request.collection ?? (owner?.root === path ? owner.name : basename(path))
      return { root: path, collection: missing }
    }
    if (info.isDirectory()) {
      const same = owner?.root === path && request.collection === undefined ? owner.name : undefined
      return { root: path, collection: same ?? request.collection ?? (basename(path) || 'root') }
    }
    if (owner?.root && (request.collection === undefined || request.collection === owner.name)) {
      return { root: owner.root, collection: owner.name, only: toUri(relative(owner.root, path)) }
    }
    const folder = dirname(path)
    return {
      root: folder,
      collection: request.collection ?? (basename(folder) || 'root'),
      only: basename(path),
    }
  }

  /** Skipped files are looked at again when this program can read more than the one that skipped them. */
  async function knownFiles(collection: string): Promise<Map<string, FileState>> {
    const states = await store.fileStates(collection)
    const suffix = `|${dependencies.extractVersion}`
    for (const [uri, state] of states) {
      if (state.outcome !== 'skipped') continue
      const current = state.fingerprint.endsWith(suffix)
      states.set(uri, { ...state, fingerprint: current ? state.fingerprint.slice(0, -suffix.length) : '' })
    }
    return states
  }

  async function find(run: Run): Promise<{ files: SourceFile[]; skips: FoundSkip[]; ignored: number }> {
    const { request, target } = run
    const files: SourceFile[] = []
    const skips: FoundSkip[] = []
    let ignored = 0
    const walked =
      target.only === undefined ? target.root : `${target.root}${sep}${target.only.split('/').join(sep)}`
    const filters = {
      ...(request.include === undefined ? {} : { include: request.include }),
      ...(request.exclude === undefined ? {} : { exclude: request.exclude }),
      ...(request.signal === undefined ? {} : { signal: request.signal }),
    }
    for await (const event of walkFolder(walked, filters)) {
      const only = target.only
      if (event.type === 'ignored') ignored++
      else if (event.type === 'file')
        files.push(only === undefined ? event.file : { ...event.file, uri: only })
      else skips.push(only === undefined ? event : { ...event, uri: only })
    }
    return { files, skips, ignored }
  }

  async function recordSkip(
    run: Run,
    file: SkippedFile,
    fingerprint: string,
    contentHash: string,
  ): Promise<void> {
    run.skipped.set(file.uri, file)
    progress(run, { type: 'skipped', ...file })
    await store.recordFile(run.target.collection, {
      ...file,
      fingerprint: `${fingerprint}|${dependencies.extractVersion}`,
      contentHash,
      outcome: 'skipped',
    })
  }

  /** Reads and cuts one file. Undefined when there is nothing to embed: skipped, or the same bytes as before. */
  async function prepare(run: Run, file: SourceFile): Promise<Waiting | undefined> {
    const { request, target } = run
    const skip = (reason: SkipReason, message: string, fingerprint = file.fingerprint, hash = '') =>
      recordSkip(run, { uri: file.uri, reason, message }, fingerprint, hash).then(() => undefined)
    const signal = request.signal === undefined ? {} : { signal: request.signal }
    const read = await readSourceFile(file, target.root, signal)
    const known = run.known.get(file.uri)
    if ('skipped' in read) {
      const mayPass = read.skipped === 'unreadable' || read.skipped === 'vanished'
      if (!mayPass || known?.outcome !== 'indexed') return skip(read.skipped, read.message)
      // What the index has of it stays: the fault may pass, and a file that is gone is removed by the next run.
      run.skipped.set(file.uri, { uri: file.uri, reason: read.skipped, message: read.message })
      run.kept++
      return undefined
    }
    const { bytes, contentHash, fingerprint } = read
    if (!request.force && known?.outcome === 'indexed' && known.contentHash === contentHash) {
      await store.recordFile(target.collection, {
        uri: file.uri,
        fingerprint,
        contentHash,
        outcome: 'indexed',
      })
      run.unchanged++
      return undefined
    }
    const secret = looksLikeSecret(bytes)
    if (secret !== undefined) return skip('secret', secret, fingerprint, contentHash)
    const extracted = await dependencies.extractFile(bytes, {
      name: file.uri,
      limits: dependencies.limits,
      ...signal,
    })
    if ('skipped' in extracted) return skip(extracted.skipped, extracted.message, fingerprint, contentHash)
    const source = {
      collection: target.collection,
      uri: file.uri,
      sizeBytes: file.sizeBytes,
      contentHash,
      modifiedMs: file.modifiedMs,
    }
    const prepared = prepareDocument(extracted, source, embedder.identity)
    if (prepared.chunks.length === 0) return skip('no-text', 'it holds no text', fingerprint, contentHash)
    return { ...prepared, file: { uri: file.uri, fingerprint, contentHash, outcome: 'indexed' } }
  }

  /** Sends the texts whose vectors are not known yet, each once, and keeps each batch as soon as it is there. */
  async function embedMissing(run: Run, waiting: readonly Waiting[]): Promise<void> {
    const byKey = new Map(
      waiting.flatMap(({ chunks, inputs }) =>
        chunks.flatMap((chunk, i) => {
          const input = inputs[i]
          return chunk.embeddingKey === null || input === undefined
            ? []
            : [[chunk.embeddingKey, input] as const]
        }),
      ),
    )
    const known = await store.knownEmbeddings([...byKey.keys()])
    const missing = [...byKey].filter(([key]) => !known.has(key))
    await embedTexts(
      embedder,
      missing.map(([, input]) => input),
      {
        role: 'document',
        concurrency: dependencies.concurrency,
        ...(run.request.signal === undefined ? {} : { signal: run.request.signal }),
        onBatch: async (batch) => {
          await store.putEmbeddings(
            batch.map(({ index, vector }) => ({ key: missing[index]?.[0] ?? '', vector })),
          )
          run.embedded += batch.length
          progress(run, { type: 'embedded', texts: batch.length })
        },
      },
    )
  }

  async function storeWaiting(run: Run, waiting: readonly Waiting[]): Promise<void> {
    if (waiting.length === 0) return
    await embedMissing(run, waiting)
    for (const { document, chunks, file } of waiting) {
      throwIfAborted(run.request.signal)
      await store.replaceDocument(document, chunks, file)
      run.indexed++
      run.chunks += chunks.length
      progress(run, { type: 'indexed', uri: document.uri, chunks: chunks.length })
    }
  }

  async function readAll(run: Run, files: readonly SourceFile[]): Promise<void> {
    let waiting: Waiting[] = []
    let texts = 0
    for (const file of files) {
      throwIfAborted(run.request.signal)
      const prepared = await prepare(run, file)
      if (prepared === undefined) continue
      waiting.push(prepared)
      texts += prepared.chunks.length
      if (texts < TEXTS_PER_ROUND) continue
      await storeWaiting(run, waiting)
      waiting = []
      texts = 0
    }
    await storeWaiting(run, waiting)
  }

  return {
    async index(request) {
      const started = clock()
      throwIfAborted(request.signal)
      const target = await resolveTarget(request)
      const rootExists = (await stat(target.root).catch(() => undefined)) !== undefined
      if (rootExists) await store.openCollection(target.collection, target.root)
      const isKnown = (await store.collections()).some(
        ({ name, root }) => name === target.collection && root === target.root,
      )
      const known = isKnown ? await knownFiles(target.collection) : new Map<string, FileState>()
      const run: Run = {
        request,
        target,
        known,
        skipped: new Map(),
        indexed: 0,
        unchanged: 0,
        kept: 0,
        chunks: 0,
        embedded: 0,
      }
      const { files, skips, ignored } = rootExists ? await find(run) : { files: [], skips: [], ignored: 0 }
      if (target.only === undefined) {
        guardRemoval({
          root: target.root,
          rootExists,
          foundCount: files.length + skips.length,
          knownIndexedCount: [...known.values()].filter(({ outcome }) => outcome === 'indexed').length,
          force: request.force ?? false,
        })
      }
      const scope =
        target.only === undefined ? known : new Map([...known].filter(([uri]) => uri === target.only))
      const plan = planChanges(files, skips, scope, { force: request.force ?? false })
      run.unchanged = plan.unchanged.filter(({ uri }) => known.get(uri)?.outcome === 'indexed').length
      progress(run, { type: 'found', files: files.length, toRead: plan.toRead.length })
      for (const skip of plan.toRecord) await recordSkip(run, skip, skip.fingerprint ?? '', '')
      await readAll(run, plan.toRead)
      const removed = plan.removed.length === 0 ? 0 : await store.removeFiles(target.collection, plan.removed)
      await store.pruneEmbeddings()
      const skippedFiles = listSkipped(run, await store.fileStates(target.collection))
      return {
        collection: target.collection,
        root: target.root,
        indexed: run.indexed,
        unchanged: run.unchanged,
        kept: run.kept + plan.kept.length,
        skipped: skippedFiles.length,
        removed,
        ignored,
        skippedFiles,
        chunks: run.chunks,
        embedded: run.embedded,
        tookMs: Math.round(clock() - started),
        notes: await notesOf(store),
      }
    },
  }
}

function listSkipped(run: Run, states: ReadonlyMap<string, FileState>): SkippedFile[] {
  const skipped = new Map(run.skipped)
  for (const { uri, outcome, reason, message } of states.values()) {
    if (outcome === 'skipped' && reason !== undefined)
      skipped.set(uri, { uri, reason, message: message ?? '' })
  }
  return [...skipped.values()].sort((a, b) => (a.uri < b.uri ? -1 : 1))
}

async function notesOf(store: Store): Promise<string[]> {
  const identity = await store.identity()
  if (identity === undefined || identity.chunker === chunkerVersion) return []
  return [
    `The passages were cut by older rules (${identity.chunker}). Indexing into a new file would renew them.`,
  ]
}

function toUri(path: string): string {
  return path.split(sep).join('/').normalize('NFC')
}
