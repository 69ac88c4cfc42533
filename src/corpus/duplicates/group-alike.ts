import { jaccard } from '../../text/shingles.js'
import { createDisjointSets, type DisjointSets } from './disjoint-sets.js'
import { createMinHashes } from './min-hash.js'

/** What is compared: texts by number. */
export type AlikeOptions = {
  readonly size: number
  readonly hashOf: (at: number) => string
  /** Ascending, each once. */
  readonly shinglesOf: (at: number) => Uint32Array
  /** Whether a text is long enough for likeness to mean something; equal ones are found at any length. */
  readonly isLong: (at: number) => boolean
  /** Least share of shingles that two texts have in common. */
  readonly similarity: number
  readonly onProgress: (done: number) => void
}

const REPORT_EVERY = 1000

/**
 * Groups texts that are equal, or near-equal: by hash, then by MinHash, each pair so found held against their shingles. A
 * text belongs to a group when it is like one of it.
 */
export function groupAlike(options: AlikeOptions): DisjointSets {
  const { size, hashOf, shinglesOf, isLong, similarity } = options
  const sets = createDisjointSets(size)
  const firsts = new Map<string, number>()
  const minHashes = createMinHashes()
  const hashed: number[] = []
  for (let at = 0; at < size; at++) {
    if (at % REPORT_EVERY === 0) options.onProgress(at)
    const first = firsts.get(hashOf(at))
    if (first !== undefined) sets.join(first, at)
    else {
      firsts.set(hashOf(at), at)
      if (!isLong(at)) continue
      minHashes.add(shinglesOf(at))
      hashed.push(at)
    }
  }
  for (const [i, j] of minHashes.candidates()) {
    const [a, b] = [hashed[i] ?? 0, hashed[j] ?? 0]
    if (sets.find(a) !== sets.find(b) && jaccard(shinglesOf(a), shinglesOf(b)) >= similarity) sets.join(a, b)
  }
  return sets
}
