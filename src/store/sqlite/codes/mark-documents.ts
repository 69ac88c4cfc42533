import { SEGMENT_SLOTS } from './code-layout.js'
import type { CodeSpace } from './code-space.js'

/** A set of ids as bits. */
export type IdSet = Uint32Array

export function idSetOf(ids: readonly number[]): IdSet {
  const set = new Uint32Array(Math.floor(ids.reduce((most, id) => Math.max(most, id), 0) / 32) + 1)
  for (const id of ids) set[id >>> 5] = (set[id >>> 5] ?? 0) | (1 << (id & 31))
  return set
}

/** Marks the passages of these documents in this thread's lane; gives their number. */
export function markDocuments(space: CodeSpace, documents: IdSet): number {
  const { layout, views, lane, slots } = space
  let marked = 0
  for (let first = 0; first < slots; first += SEGMENT_SLOTS) {
    const segment = layout.segment(first / SEGMENT_SLOTS, lane)
    const end = Math.min(SEGMENT_SLOTS, slots - first)
    for (let word = 0; word * 32 < end; word++) {
      let bits = 0
      for (let bit = 0; bit < Math.min(32, end - word * 32); bit++) {
        const slot = word * 32 + bit
        const id = views.f64[segment.documents / 8 + slot] ?? 0
        if ((((documents[Math.floor(id / 32)] ?? 0) >>> (id % 32)) & 1) === 0) continue
        if (views.f64[segment.vectors / 8 + slot] === 0) continue
        bits |= 1 << bit
        marked++
      }
      views.i32[segment.marks / 4 + word] = bits
    }
    // The kernel looks at marks of 64 slots at once.
    views.i32.fill(0, segment.marks / 4 + Math.ceil(end / 32), segment.marks / 4 + Math.ceil(end / 64) * 2)
  }
  return marked
}
