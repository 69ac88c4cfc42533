import { trailingZeros } from '../passage-set.js'
import { SEGMENT_SLOTS } from './code-layout.js'
import type { CodeSpace } from './code-space.js'
import type { PassageCodes } from './passage-codes.js'

/** Marks of slots, 32 in each word. */
export type Marks = Uint32Array

/** The slots that hold passages of a set. */
export function marksOf(space: CodeSpace, codes: PassageCodes, passages: Uint32Array): Marks {
  const { layout, views, lane, slots } = space
  const marks = new Uint32Array(Math.ceil(slots / 64) * 2)
  const chunkAt = (slot: number) =>
    views.f64[layout.segment(Math.floor(slot / SEGMENT_SLOTS), lane).chunks / 8 + (slot % SEGMENT_SLOTS)] ?? 0
  for (const [at, word] of passages.entries()) {
    if (word === 0) continue
    // Both ascend: from the first passage of the word on, the slots are walked along.
    let slot = codes.slotOf(at * 32 + trailingZeros(word))
    for (let rest = word; rest !== 0 && slot < slots; rest &= rest - 1) {
      const chunkId = at * 32 + trailingZeros(rest)
      while (slot < slots && chunkAt(slot) < chunkId) slot++
      if (slot < slots && chunkAt(slot) === chunkId)
        marks[slot >>> 5] = (marks[slot >>> 5] ?? 0) | (1 << (slot & 31))
    }
  }
  return marks
}

/** Puts marks where the kernel looks for those of this thread. */
export function putMarks({ layout, views, lane }: CodeSpace, marks: Marks): void {
  const words = SEGMENT_SLOTS / 32
  for (let segment = 0; segment * words < marks.length; segment++) {
    views.u32.set(
      marks.subarray(segment * words, (segment + 1) * words),
      layout.segment(segment, lane).marks / 4,
    )
  }
}
