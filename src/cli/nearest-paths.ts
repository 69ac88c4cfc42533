import type { SearchEngine } from '../engine.js'
import { GemdexError, toGemdexError } from '../errors.js'
import { listAll } from './list-all.js'
import { oneLine } from './style.js'

/** Paths that a hint names. */
const MOST_NAMED = 3
/** Characters of a name below which it may be part of too many others. */
const LEAST_OF_PART = 3

/**
 * The paths that somebody may have meant, the likeliest first, at most three: the same but for case, then those of that name in
 * another folder, of that name with another ending, and those whose name holds it.
 */
export function nearestPaths(paths: readonly string[], reference: string): string[] {
  const wanted = fold(reference)
  const name = nameOf(wanted)
  const stem = stemOf(name)
  const likenesses: readonly ((path: string) => boolean)[] = [
    (path) => path === wanted || path.endsWith(`/${wanted}`),
    (path) => nameOf(path) === name,
    (path) => stemOf(nameOf(path)) === stem,
    (path) => stem.length >= LEAST_OF_PART && nameOf(path).includes(stem),
  ]
  return paths
    .map((path) => ({ path, rank: likenesses.findIndex((isAlike) => isAlike(fold(path))) }))
    .filter(({ rank }) => rank !== -1)
    .sort((a, b) => a.rank - b.rank)
    .slice(0, MOST_NAMED)
    .map(({ path }) => path)
}

/** Rethrows an error, with the paths that are nearest to what was not found in the place of its hint. */
export function suggestingPaths(
  engine: SearchEngine,
  reference: string,
  collection?: string,
): (thrown: unknown) => Promise<never> {
  return async (thrown) => {
    const { code, message } = toGemdexError(thrown)
    if (code !== 'NOT_FOUND') throw thrown
    const documents = await listAll(engine, collection).catch(() => [])
    const paths = documents.map(({ collection, uri }) => `${collection}/${uri}`)
    const nearest = nearestPaths(paths, reference)
    if (nearest.length === 0) throw thrown
    throw new GemdexError(code, message, { hint: `Did you mean ${nearest.map(oneLine).join(' or ')}?` })
  }
}

function fold(path: string): string {
  return path.normalize('NFC').toLowerCase()
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1)
}

function stemOf(name: string): string {
  return name.replace(/(?<=.)\.[^.]*$/, '')
}
