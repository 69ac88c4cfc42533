import { isAbsolute, relative, sep } from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { PartOfIndex, Reach, RemovalRequest } from '../engine.js'
import { GemdexError, throwIfAborted } from '../errors.js'
import { isWithin } from '../files/is-within.js'
import { requireCollection } from '../search/search-request.js'
import type { Collection, CollectionPart, Store } from '../store/store.js'

/** Passages that are removed in one transaction: others who write wait for half a second, not for minutes. */
const STEP_CHUNKS = 2_000

/**
 * Removes a collection, or what lies below a folder of it, step by step, each a transaction: stopped between two, it goes on when
 * it is asked for again. Gives what was removed; with `dryRun` what would be. FORBIDDEN for a whole collection that was made from a
 * folder, when the reach is limited. Of a whole collection `onBegin` is told before anything of it is removed.
 */
export async function removePart(
  store: Store,
  { collection, folder, dryRun = false, collections, signal, onProgress }: RemovalRequest & Reach,
  onBegin: (collection: string) => Promise<void> = async () => {},
): Promise<PartOfIndex> {
  await requireCollection(store, collection, collections)
  const part = partOf(collection, folder)
  const { root = null, run } = (await store.collections()).find(({ name }) => name === collection) ?? {}
  if (collections !== undefined && part.folder === undefined && root !== null) throw ofFolder(collection)
  const all = await store.countPart(part)
  if (part.folder !== undefined && all.documents === 0) {
    throw new GemdexError('NOT_FOUND', `There is no document below ${part.folder} in ${collection}`, {
      field: 'folder',
    })
  }
  if (dryRun) return { ...part, ...all }
  if (part.folder === undefined) await onBegin(collection)
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

/** Whoever reaches parts of the index only could take the name that was freed, and the folder would have lost it. */
function ofFolder(collection: string): GemdexError {
  return new GemdexError('FORBIDDEN', `The collection ${collection} belongs to a folder of this machine`, {
    hint: 'A key that reaches all collections can remove it; this one can remove what lies below a folder of it.',
  })
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
    .replace(/(?<!\/)\/+$/, '')
    .normalize('NFC')
}

/**
 * What lies below a folder: by its path on this machine; by its path within its collection; or as lists show it. NOT_FOUND else.
 * BAD_INPUT for nothing, for a folder above those of collections, and when several parts have that path.
 */
export async function findFolder(
  store: Store,
  reference: string,
  { collections: reach }: Reach = {},
): Promise<PartOfIndex[]> {
  if (reference.trim() === '') throw new GemdexError('BAD_INPUT', 'An empty path names nothing')
  const collections = (await store.collections()).filter(
    ({ name }) => reach === undefined || reach.includes(name),
  )
  const present = (parts: readonly CollectionPart[]) => countPresent(store, parts)
  if (isAbsolute(reference)) {
    requireBelowRoots(collections, reference)
    const found = await present(byPath(collections, reference))
    if (found.length === 0) throw noSuchFolder(collections, reference)
    return found
  }
  const path = trimFolder(reference)
  if (path === '' || path === '.') throw noSuchFolder(collections, reference)
  const within = await present(collections.map(({ name }) => ({ collection: name, folder: path })))
  // Where a collection is named, a path is one within it first.
  const isNamed = reach !== undefined && within.length > 0
  const found = isNamed ? within : [...within, ...(await present(asListed(collections, path)))]
  if (found.length === 0) throw noSuchFolder(collections, reference)
  if (found.length > 1) throw severalFolders(found, path)
  return found
}

async function countPresent(store: Store, parts: readonly CollectionPart[]): Promise<PartOfIndex[]> {
  const found: PartOfIndex[] = []
  for (const part of parts) {
    const counts = await store.countPart(part)
    if (part.folder === undefined || counts.documents > 0) found.push({ ...part, ...counts })
  }
  return found
}

/** A folder stands for no more collections than the one that is made from it: throws BAD_INPUT for one above. */
function requireBelowRoots(collections: readonly Collection[], path: string): void {
  const above = collections.filter(({ root }) => root !== null && root !== path && isWithin(path, root))
  if (above.length === 0) return
  const names = above.map(({ name }) => name).join(', ')
  throw new GemdexError('BAD_INPUT', `${path} holds the folders of collections: ${names}`, {
    hint: 'Name the one that is to be removed with -c.',
  })
}

/** The collection of that folder, and what lies below it in those that it lies in. */
function byPath(collections: readonly Collection[], path: string): CollectionPart[] {
  return collections.flatMap(({ name: collection, root }) => {
    if (root === path) return [{ collection }]
    if (root === null || !isWithin(root, path)) return []
    return [{ collection, folder: relative(root, path).split(sep).join('/').normalize('NFC') }]
  })
}

/** As lists show it: `collection/path`. */
function asListed(collections: readonly Collection[], path: string): CollectionPart[] {
  const slash = path.indexOf('/')
  return collections
    .filter(({ name }) => slash > 0 && name === path.slice(0, slash))
    .map(({ name }) => ({ collection: name, folder: path.slice(slash + 1) }))
}

function severalFolders(found: readonly PartOfIndex[], path: string): GemdexError {
  const names = [...new Set(found.map(({ collection }) => collection))]
  if (names.length === found.length) {
    return new GemdexError(
      'BAD_INPUT',
      `${found.length} collections have the folder ${path}: ${names.join(', ')}`,
      { hint: 'Name one of them with -c.' },
    )
  }
  const choices = found.map(({ collection, folder }) => `\`-c ${collection} ${folder}\``)
  return new GemdexError('BAD_INPUT', `${path} may mean ${found.length} folders`, {
    hint: `Name the collection, and the path within it: ${choices.join(' or ')}.`,
  })
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
