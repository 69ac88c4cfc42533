import type { StoredChunk } from '../store/store.js'
import { distinct, hashWords, jaccard, overlapOf, shinglesOf } from '../text/shingles.js'

/** Shared part of all three-word runs from which on two passages say the same in nearly the same words. */
const ALIKE = 0.6
/** Share of the runs of the shorter passage that the longer one holds, from which on it adds nothing. */
const CONTAINED = 0.8
/** Shorter passages are alike only when they are equal. */
const LEAST_RUNS = 10

/** What is shown once, with those that it stands for. */
export type Collapsed<T> = { readonly item: T; readonly duplicates: readonly T[] }

/** Keeps the first of those whose passages are near-duplicates of one another, in their order. */
export function collapseAlike<T extends { readonly chunk: Pick<StoredChunk, 'text'> }>(
  items: readonly T[],
): Collapsed<T>[] {
  const kept: { item: T; runs: Uint32Array; duplicates: T[] }[] = []
  for (const item of items) {
    const runs = distinct(shinglesOf(hashWords(item.chunk.text)))
    const like = kept.find((other) => other.item.chunk.text === item.chunk.text || areAlike(other.runs, runs))
    if (like === undefined) kept.push({ item, runs, duplicates: [] })
    else like.duplicates.push(item)
  }
  return kept.map(({ item, duplicates }) => ({ item, duplicates }))
}

function areAlike(a: Uint32Array, b: Uint32Array): boolean {
  const shorter = Math.min(a.length, b.length)
  if (shorter < LEAST_RUNS) return false
  return jaccard(a, b) >= ALIKE || overlapOf(a, b) >= CONTAINED * shorter
}
