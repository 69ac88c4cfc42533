import { isUtf8 } from 'node:buffer'
import type { Dirent } from 'node:fs'
import { readdir } from 'node:fs/promises'

/** One name in a folder. */
export type FolderEntry = {
  /** The name as the system has it, for opening. */
  readonly name: string
  /** The name as URIs have it: NFC, unless that is the URI of another name. */
  readonly key: string
  readonly kind: 'file' | 'folder' | 'link' | 'other'
  /** Why no URI can stand for the entry; `key` is then only for showing. */
  readonly problem?: string
}

/**
 * The names in a folder, sorted by the UTF-16 code units of their keys, so that every machine sees the same order.
 * Throws the system's error when the folder cannot be read.
 */
export async function listFolder(path: string): Promise<FolderEntry[]> {
  // As bytes: names on Linux need not be UTF-8, and a name decoded with replacement characters opens nothing.
  const dirents = await readdir(path, { withFileTypes: true, encoding: 'buffer' })
  const entries = dirents.map(toEntry)
  entries.sort(
    (a, b) => compare(a.key, b.key) || compare(composedFirst(a), composedFirst(b)) || compare(a.name, b.name),
  )
  return entries.map(tellApart)
}

function toEntry(dirent: Dirent<Buffer>): FolderEntry {
  const kind = kindOf(dirent)
  if (isUtf8(dirent.name)) {
    const name = dirent.name.toString('utf8')
    return { name, key: name.normalize('NFC'), kind }
  }
  return { name: '', key: showBytes(dirent.name), kind, problem: 'its name is not valid UTF-8; rename it' }
}

function kindOf(dirent: Dirent<Buffer>): FolderEntry['kind'] {
  if (dirent.isSymbolicLink()) return 'link'
  if (dirent.isDirectory()) return 'folder'
  return dirent.isFile() ? 'file' : 'other'
}

/** ASCII as it is and any other byte as `\xe9`: readable, and different names stay different. */
function showBytes(name: Buffer): string {
  return name.toString('latin1').replace(/[\x80-\xff]/g, (char) => `\\x${char.charCodeAt(0).toString(16)}`)
}

/** Two names that differ only in Unicode normalisation would share a URI: the composed one has it, the other its own name. */
function tellApart(entry: FolderEntry, index: number, entries: readonly FolderEntry[]): FolderEntry {
  return entries[index - 1]?.key === entry.key ? { ...entry, key: entry.name } : entry
}

function composedFirst(entry: FolderEntry): number {
  return entry.name === entry.key ? 0 : 1
}

function compare<T extends string | number>(a: T, b: T): number {
  if (a === b) return 0
  return a < b ? -1 : 1
}
