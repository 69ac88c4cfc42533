import { isAbsolute, relative, sep } from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { PartOfIndex, Reach, RemovalRequest } from '../engine.js'
import { GemdexError, throwIfAborted } from '../errors.js'
import { isWithin } from '../files/is-within.js'
import { requireCollection } from '../search/search-request.js'
import type { Collection, CollectionPart, Store } from '../store/store.js'

/** Passages that are removed in one transaction: others who write wait for half a second, not for minutes. */
const STEP_CHUNKS = 500

/**
 * Removes a collection, or what lies below a folder of it, step by step, each a transaction: stopped between two, it goes on when
 * it is asked for again. Gives what was removed; with `dryRun` what would be.
 */
export async function removePart(
  store: Store,
  { collection, folder, dryRun = false, collections, signal, onProgress }: RemovalRequest & Reach,
): Promise<PartOfIndex> {
  await requireCollection(store, collection, collections)
  const part = partOf(collection, folder)
  const { run } = (await store.collections()).find(({ name }) => name === collection) ?? {}
  const all = await store.countPart(part)
  if (part.folder !== undefined && all.documents === 0) {
    throw new GemdexError('NOT_FOUND', `There is no document below ${part.folder} in ${collection}`, {
      field: 'folder',
    })
  }
  if (dryRun) return { ...part, ...all }
  const removed = { documents: 0, chunks: 0 }
  for (let isDone = false; !isDone; ) {
    throwIfAborted(signal)
    const step = await store.removePart(part, STEP_CHUNKS)
    removed.documents += step.documents
    removed.chunks += step.chunks
    isDone = step.isDone
    onProgress?.({ done: removed.documents, total: Math.max(all.documents, removed.documents) })
    await nextTurn()
  }
  // A run that was stopped has left vectors of its texts that no document came to use.
  const isStopped = run !== undefined && run.endedMs === undefined
  if (part.folder === undefined && isStopped) await store.pruneEmbeddings()
  return { ...part, ...removed }
}

function partOf(collection: string, given: string | undefined): CollectionPart {
  if (given === undefined) return { collection }
  const folder = trimFolder(given)
  // Nothing stands for the whole collection but leaving the folder out.
  if (folder === '' || folder === '.') {
    throw new GemdexError('BAD_INPUT', `The folder must be a path within the collection, not "${given}"`, {
      field: 'folder',
    })
  }
  return { collection, folder }
}

function trimFolder(path: string): string {
  return path
    .replace(/^\.\/+/, '')
    .replace(/\/+$/, '')
    .normalize('NFC')
}

/**
 * What lies below a folder: by its path on this machine, which may hold the folders of several collections; by its path within its
 * collection; or as lists show it. NOT_FOUND else, BAD_INPUT when several collections have that path.
 */
export async function findFolder(
  store: Store,
  reference: string,
  { collections: reach }: Reach = {},
): Promise<PartOfIndex[]> {
  const collections = (await store.collections()).filter(
    ({ name }) => reach === undefined || reach.includes(name),
  )
  const parts = isAbsolute(reference) ? byPath(collections, reference) : byName(collections, reference)
  const found: PartOfIndex[] = []
  for (const part of parts) {
    const counts = await store.countPart(part)
    if (part.folder === undefined || counts.documents > 0) found.push({ ...part, ...counts })
  }
  if (found.length === 0) throw noSuchFolder(collections, reference)
  if (found.length > 1 && !isAbsolute(reference)) {
    const names = found.map(({ collection }) => collection).join(', ')
    throw new GemdexError('BAD_INPUT', `${found.length} collections have the folder ${reference}: ${names}`, {
      hint: 'Name one of them with -c.',
    })
  }
  return found
}

/** Collections whose folder it is or lies in it, and the one that it lies in. */
function byPath(collections: readonly Collection[], path: string): CollectionPart[] {
  return collections.flatMap(({ name: collection, root }) => {
    if (root === null) return []
    if (isWithin(path, root)) return [{ collection }]
    if (!isWithin(root, path)) return []
    return [{ collection, folder: relative(root, path).split(sep).join('/').normalize('NFC') }]
  })
}

/** Within any collection, and as lists show it: `collection/path`. */
function byName(collections: readonly Collection[], reference: string): CollectionPart[] {
  const path = trimFolder(reference)
  if (path === '' || path === '.') return []
  const slash = path.indexOf('/')
  const listed = collections.filter(({ name }) => name === path.slice(0, Math.max(0, slash)))
  return [
    ...collections.map(({ name }) => ({ collection: name, folder: path })),
    ...listed.map(({ name }) => ({ collection: name, folder: path.slice(slash + 1) })),
  ]
}

function noSuchFolder(collections: readonly Collection[], reference: string): GemdexError {
  const name = trimFolder(reference)
  const isName = collections.some((collection) => collection.name === name)
  return new GemdexError('NOT_FOUND', `There is no document or folder "${reference}" in the index`, {
    hint: isName
      ? `\`gemdex remove -c ${name}\` removes the collection of that name.`
      : '`gemdex list` shows what there is.',
  })
}
