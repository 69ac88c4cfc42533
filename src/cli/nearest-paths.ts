import type { SearchEngine } from '../engine.js'
import { GemdexError, toGemdexError } from '../errors.js'
import { oneLine } from './style.js'

/** Paths that a hint names. */
const MOST_NAMED = 3
/** Characters of a name below which it may be part of too many others. */
const LEAST_OF_PART = 3
/** Documents with such a name that are looked at; to count the passages of one takes 0.1 ms. */
const MOST_COMPARED = 500

/** How much of a name has to be the same: but for its ending, or any part of it that is the whole of what was typed. */
export type Likeness = 'name' | 'part of a name'

/**
 * The paths that somebody may have meant, the likeliest first, at most three: the same but for case, then those of that name in
 * another folder, of that name with another ending, and, where a part is enough, those whose name holds it.
 */
export function nearestPaths(paths: readonly string[], reference: string, least: Likeness): string[] {
  const wanted = fold(reference)
  const name = nameOf(wanted)
  const stem = stemOf(name)
  const isPartEnough = least === 'part of a name' && stem.length >= LEAST_OF_PART
  const likenesses: readonly ((path: string) => boolean)[] = [
    (path) => path === wanted || path.endsWith(`/${wanted}`),
    (path) => nameOf(path) === name,
    (path) => stemOf(nameOf(path)) === stem,
    (path) => isPartEnough && nameOf(path).includes(stem),
  ]
  return paths
    .map((path) => ({ path, rank: likenesses.findIndex((isAlike) => isAlike(fold(path))) }))
    .filter(({ rank }) => rank !== -1)
    .sort((a, b) => a.rank - b.rank || (a.path < b.path ? -1 : 1))
    .slice(0, MOST_NAMED)
    .map(({ path }) => path)
}

export type SuggestionOptions = { readonly collection?: string | undefined; readonly least?: Likeness }

/** Rethrows an error; what was not found adds to its hint the paths that are nearest, by default by a part of their name. */
export function suggestingPaths(
  engine: SearchEngine,
  reference: string,
  { collection, least = 'part of a name' }: SuggestionOptions = {},
): (thrown: unknown) => Promise<never> {
  return async (thrown) => {
    const { code, message, hint, field, cause } = toGemdexError(thrown)
    if (code !== 'NOT_FOUND') throw thrown
    const paths = await pathsOfThatName(engine, reference, collection).catch(() => [])
    const nearest = nearestPaths(paths, reference, least)
    if (nearest.length === 0) throw thrown
    const suggestion = `Did you mean ${nearest.map(oneLine).join(' or ')}?`
    throw new GemdexError(code, message, {
      hint: hint === undefined ? suggestion : `${hint} ${suggestion}`,
      ...(field === undefined ? {} : { field }),
      cause,
    })
  }
}

/** `collection/path` of documents whose path holds the name that was typed, without its ending. */
async function pathsOfThatName(
  engine: SearchEngine,
  reference: string,
  collection: string | undefined,
): Promise<string[]> {
  const stem = stemOf(nameOf(fold(reference)))
  if (stem === '') return []
  const { items } = await engine.listDocuments({
    // Of other letters that may be capital ones SQLite does not know which are the same.
    uriHolds: stem.split(/[^\x20-\x7e\p{Lo}]+/u),
    limit: MOST_COMPARED,
    ...(collection === undefined ? {} : { collection }),
  })
  return items.map((document) => `${document.collection}/${document.uri}`)
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
