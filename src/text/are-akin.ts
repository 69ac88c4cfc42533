import { baseOfVerb } from './english-verbs.js'
import { wordGroupOf } from './word-groups.js'

/** A word as analysed, and what it is compared with others by. */
export type AkinKeys = {
  readonly term: string
  readonly folded: string
  /** The base of an irregular English verb. */
  readonly base: string
  /** Without the endings of German and Romance nouns and adjectives. */
  readonly stem: string
  /** Its group of words that may stand for one another. */
  readonly synonyms: number | undefined
}

const MIN_COMPOUND_PART_CHARS = 5
const MIN_STEM_CHARS = 4
const MIN_STEM_SHARE = 0.7

/** German and Romance endings of nouns and adjectives. */
const ENDING = /(?:e[nmrs]?|n|[oa]?s|[oa])$/

/** What a word is compared by. */
export function akinKeys({ term, folded }: { readonly term: string; readonly folded: string }): AkinKeys {
  const base = baseOfVerb(folded)
  return { term, folded, base, stem: folded.replace(ENDING, ''), synonyms: wordGroupOf(term, base) }
}

/**
 * Whether one word may stand for another: the same stem, an inflected form, an everyday synonym, or one a compound of the
 * other (`Schnee`, `Schneehöhe`).
 */
export function areAkin(a: AkinKeys, b: AkinKeys): boolean {
  if (a.term === b.term || a.base === b.base) return true
  if (a.synonyms !== undefined && a.synonyms === b.synonyms) return true
  if (a.stem === b.stem && a.stem.length >= MIN_STEM_CHARS) return true
  // Whatever follows needs the same beginning or the same end.
  const [short, long] = a.folded.length <= b.folded.length ? [a.folded, b.folded] : [b.folded, a.folded]
  if (short.length < MIN_STEM_CHARS) return false
  if (short.length >= MIN_COMPOUND_PART_CHARS) {
    if (long.startsWith(short)) return true
    // Three letters before it make a compound; two, such as `un`, may make the contrary.
    if (long.length >= short.length + 3 && long.endsWith(short)) return true
  }
  return short[0] === long[0] && commonPrefix(short, long) >= MIN_STEM_SHARE * long.length
}

function commonPrefix(a: string, b: string): number {
  let i = 0
  while (i < a.length && a[i] === b[i]) i++
  return i
}
