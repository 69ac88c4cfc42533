import { SEGMENT_SLOTS } from './code-layout.js'
import type { CodeSpace } from './code-space.js'
import type { PassageCodes } from './passage-codes.js'

/** Marks of slots, 32 in each word. */
export type Marks = Uint32Array

/** The slots that hold passages of a set, a bit for each. */
export function marksOf(
  { layout, views, lane, slots }: CodeSpace,
  codes: PassageCodes,
  passages: Uint32Array,
): Marks {
  const marks = new Uint32Array(Math.ceil(slots / 64) * 2)
  const first = passages.findIndex((word) => word !== 0)
  if (first === -1) return marks
  const last = passages.findLastIndex((word) => word !== 0)
  const end = codes.slotOf((last + 1) * 32)
  for (let slot = codes.slotOf(first * 32); slot < end; ) {
    const number = Math.floor(slot / SEGMENT_SLOTS)
    const chunks = layout.segment(number, lane).chunks / 8
    const before = number * SEGMENT_SLOTS
    for (const segmentEnd = Math.min(end, before + SEGMENT_SLOTS); slot < segmentEnd; slot++) {
      const chunkId = views.f64[chunks + slot - before] ?? 0
      const isMarked = ((passages[Math.floor(chunkId / 32)] ?? 0) >>> (chunkId % 32)) & 1
      marks[slot >>> 5] = (marks[slot >>> 5] ?? 0) | (isMarked << (slot & 31))
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
