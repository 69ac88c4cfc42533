import { realpath } from 'node:fs/promises'
import { isAbsolute, join } from 'node:path'
import { GemdexError } from '../errors.js'
import { isWithin } from '../files/is-within.js'

/**
 * The real path of a folder or file that clients may have indexed. A relative path is looked for in each of the roots. Throws
 * FORBIDDEN for everything else, whether it exists or not: what there is on this machine is nothing that a client may find out.
 */
export async function allowedPath(given: string, roots: readonly string[]): Promise<string> {
  const real = await Promise.all(roots.map((root) => realpath(root).catch(() => undefined)))
  const folders = real.filter((root) => root !== undefined)
  const candidates = isAbsolute(given) ? [given] : folders.map((root) => join(root, given))
  for (const candidate of candidates) {
    // Node refuses a path with a NUL by a TypeError.
    const path = await realpath(candidate).catch(() => undefined)
    if (path !== undefined && folders.some((root) => isWithin(root, path))) return path
  }
  throw new GemdexError('FORBIDDEN', 'This service does not index that path', {
    hint:
      roots.length === 0
        ? 'Its operator allows folders by GEMDEX_ALLOWED_ROOTS.'
        : 'Name a folder that lies in one of those its operator allows (GEMDEX_ALLOWED_ROOTS).',
    field: 'path',
  })
}
