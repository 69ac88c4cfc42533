import { realpath, stat } from 'node:fs/promises'
import { basename, dirname, relative, resolve, sep } from 'node:path'
import { GemdexError } from '../errors.js'
import { isWithin } from '../files/is-within.js'
import type { Collection } from '../store/store.js'

/** What a path to be indexed means. */
export type Target = {
  /** Real path of what is walked: the root, or the one file. */
  readonly path: string
  readonly root: string
  readonly rootExists: boolean
  readonly collection: string
  /** The one file's URI, when the path names a file. */
  readonly only?: string
}

/**
 * A folder is a root of its own, named by `collection` or by its own name, or by the name it has already. A file belongs
 * to the innermost collection whose root holds it, else to its folder. A path that does not exist stands for the root of
 * that path.
 */
export async function resolveTarget(
  given: string,
  collection: string | undefined,
  collections: readonly Collection[],
): Promise<Target> {
  if (collection !== undefined && !/^[^/\p{Cc}]+$/u.test(collection.trim())) {
    throw new GemdexError('BAD_INPUT', `A collection needs a name without slashes, not "${collection}"`, {
      field: 'collection',
    })
  }
  const path = await realpath(given).catch(() => resolve(given))
  const info = await stat(path).catch(() => undefined)
  const owner = collections
    .filter(({ root }) => root !== null && isWithin(root, path))
    .sort((a, b) => (b.root ?? '').length - (a.root ?? '').length)[0]
  if (info === undefined || info.isDirectory()) {
    const known = owner?.root === path ? owner.name : undefined
    const name = collection ?? known ?? (basename(path) || 'root')
    return { path, root: path, rootExists: info !== undefined, collection: name }
  }
  const isOwners = collection === undefined || collection === owner?.name
  if (owner?.root && owner.root !== path && isOwners) {
    const only = toUri(relative(owner.root, path))
    return { path, root: owner.root, rootExists: true, collection: owner.name, only }
  }
  const folder = dirname(path)
  const name = collection ?? (basename(folder) || 'root')
  return { path, root: folder, rootExists: true, collection: name, only: toUri(basename(path)) }
}

function toUri(path: string): string {
  return path.split(sep).join('/').normalize('NFC')
}
