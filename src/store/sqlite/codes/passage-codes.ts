import { RECORD_HEADER_BYTES, RECORDS, SEGMENT_SLOTS, type SegmentLayout } from './code-layout.js'
import type { CodeSpace } from './code-space.js'

/** Free slots are closed up when they are so large a part of all: a search counts them as if passages were in them. */
const DEAD_SHARE = 1 / 8

/** The codes of passages in memory, in slots ascending by the passages' ids. Changes run inside `exclusively`. */
export interface PassageCodes {
  /** Adds records (see `packRecord`) one after another, ascending by passage and above those there are. */
  append(records: Uint8Array): void
  /** Frees the slots of passages by a range of ids. */
  remove(first: number, last: number): void
  /** The first slot whose passage has this id or a higher one. */
  slotOf(chunkId: number): number
}

export function createPassageCodes(space: CodeSpace): PassageCodes {
  const segmentOf = (slot: number) => space.layout.segment(Math.floor(slot / SEGMENT_SLOTS), space.lane)

  function chunkAt(slot: number): number {
    return space.views.f64[segmentOf(slot).chunks / 8 + (slot % SEGMENT_SLOTS)] ?? 0
  }

  function slotOf(chunkId: number): number {
    let from = 0
    let to = space.slots
    while (from < to) {
      const middle = Math.floor((from + to) / 2)
      if (chunkAt(middle) < chunkId) from = middle + 1
      else to = middle
    }
    return from
  }

  /** Moves slots down, over those before them. */
  function move(from: number, to: number, number: number): void {
    const { layout, views } = space
    for (let done = 0; done < number; ) {
      const [source, target] = [from + done, to + done]
      const left = Math.min(
        number - done,
        SEGMENT_SLOTS - (source % SEGMENT_SLOTS),
        SEGMENT_SLOTS - (target % SEGMENT_SLOTS),
      )
      const [a, b] = [segmentOf(source), segmentOf(target)]
      const [i, j] = [source % SEGMENT_SLOTS, target % SEGMENT_SLOTS]
      const copy = (part: keyof SegmentLayout, bytes: number) =>
        views.u8.copyWithin(b[part] + j * bytes, a[part] + i * bytes, a[part] + (i + left) * bytes)
      copy('codes', layout.codeBytes)
      for (const part of ['chunks', 'documents', 'vectors'] as const) copy(part, 8)
      for (const part of ['scales', 'offsets'] as const) copy(part, 4)
      done += left
    }
  }

  function isFree(slot: number): boolean {
    return space.views.f64[segmentOf(slot).vectors / 8 + (slot % SEGMENT_SLOTS)] === 0
  }

  function closeUp(): void {
    const slots = space.slots
    let kept = 0
    for (let slot = 0; slot < slots; ) {
      if (isFree(slot)) {
        slot++
        continue
      }
      let end = slot + 1
      while (end < slots && !isFree(end)) end++
      if (slot !== kept) move(slot, kept, end - slot)
      kept += end - slot
      slot = end
    }
    space.setSlots(kept, 0)
  }

  return {
    append(records) {
      const { layout, kernel, lane } = space
      const bytes = RECORD_HEADER_BYTES + layout.codeBytes
      const number = records.length / bytes
      const first = space.slots
      space.setSlots(first + number, space.dead)
      const room = layout.lane(lane).records
      for (let done = 0; done < number; ) {
        const start = (first + done) % SEGMENT_SLOTS
        const some = Math.min(number - done, SEGMENT_SLOTS - start, RECORDS)
        space.views.u8.set(records.subarray(done * bytes, (done + some) * bytes), room)
        const { chunks, documents, vectors, scales, offsets, codes } = segmentOf(first + done)
        kernel.unpack(
          room,
          some,
          layout.words,
          chunks + start * 8,
          documents + start * 8,
          vectors + start * 8,
          scales + start * 4,
          offsets + start * 4,
          codes + start * layout.codeBytes,
        )
        done += some
      }
    },

    remove(first, last) {
      const { views } = space
      let freed = 0
      const end = slotOf(last + 1)
      for (let slot = slotOf(first); slot < end; slot++) {
        if (isFree(slot)) continue
        const segment = segmentOf(slot)
        views.f64[segment.vectors / 8 + (slot % SEGMENT_SLOTS)] = 0
        // No bar is so low: none of these is expected among the nearest.
        views.f32[segment.offsets / 4 + (slot % SEGMENT_SLOTS)] = Number.NEGATIVE_INFINITY
        freed++
      }
      const dead = space.dead + freed
      space.setSlots(space.slots, dead)
      if (dead >= space.slots * DEAD_SHARE) closeUp()
    },

    slotOf,
  }
}
