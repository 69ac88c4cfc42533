import { statfsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname } from 'node:path'
import { GemdexError } from '../../errors.js'

/**
 * Throws STORE_FULL when an index of this size cannot be written anew: once among the system's temporary files, and once
 * into the log beside the index, before the old one is given up.
 */
export function requireRoom(path: string, bytes: number): void {
  if (path === ':memory:') return
  for (const folder of [dirname(path), tmpdir()]) requireFree(folder, bytes, 'Compacting')
}

/** Throws STORE_FULL, saying what needs the room, when a folder's disk has less free. */
export function requireFree(folder: string, bytes: number, what: string): void {
  const { bavail, bsize } = statfsSync(folder)
  if (bavail * bsize >= bytes) return
  const [free, needed] = [bavail * bsize, bytes].map((each) => `${Math.ceil(each / 1e6)} MB`)
  throw new GemdexError('STORE_FULL', `${what} needs ${needed} free in ${folder}; there are ${free}`, {
    hint: 'Free some space and run the command again; nothing was changed.',
  })
}
