import { SEGMENT_SLOTS } from './code-layout.js'
import type { CodeSpace } from './code-space.js'
import type { CodedQuery } from './vector-coder.js'

export type Candidate = {
  readonly chunkId: number
  readonly vectorId: number
  /** Of the cosine, from the code. */
  readonly estimate: number
  /** The standard deviation of the estimate's error is this times a number that is about the same for all. */
  readonly spread: number
  /** Hamming distance of its code from the query's. */
  readonly distance: number
}

/** The passages near a query by Hamming distance. */
export interface CandidatePool {
  /** How many codes lie at each distance, free slots among them. */
  readonly histogram: Uint32Array
  /** The candidates up to a distance that have not been given before, ascending by passage. */
  upTo(distance: number): Candidate[]
}

/**
 * Compares the query's code, which lies in this thread's lane, with all codes, or with those marked in the lane. What it
 * found lies in the lane too: only the pool opened last may be read.
 */
export function openCandidatePool(space: CodeSpace, query: CodedQuery, isMarked: boolean): CandidatePool {
  const { kernel, layout, lane, slots, views } = space
  const { words, bits } = layout
  const { queryCode, query: components, histogram, found, products } = layout.lane(lane)
  const segments = Array.from({ length: Math.ceil(slots / SEGMENT_SLOTS) }, (_, i) => ({
    ...layout.segment(i, lane),
    slots: Math.min(SEGMENT_SLOTS, slots - i * SEGMENT_SLOTS),
  }))
  let given = -1

  views.u32.fill(0, histogram / 4, histogram / 4 + bits + 1)
  for (const { codes, distances, marks, slots } of segments) {
    if (isMarked) kernel.scanMarked(codes, slots, words, queryCode, distances, histogram, marks)
    else kernel.scan(codes, slots, words, queryCode, distances, histogram)
  }

  return {
    histogram: views.u32.slice(histogram / 4, histogram / 4 + bits + 1),

    upTo(distance) {
      const candidates: Candidate[] = []
      for (const { codes, slots, ...segment } of segments) {
        const number = kernel.collect(segment.distances, slots, given + 1, distance, found, SEGMENT_SLOTS)
        kernel.refine(codes, words, found, number, components, products)
        for (let i = 0; i < number; i++) {
          const slot = views.u32[found / 4 + i] ?? 0
          const vectorId = views.f64[segment.vectors / 8 + slot] ?? 0
          if (vectorId === 0) continue
          const scale = views.f32[segment.scales / 4 + slot] ?? 0
          const offset = views.f32[segment.offsets / 4 + slot] ?? 0
          candidates.push({
            chunkId: views.f64[segment.chunks / 8 + slot] ?? 0,
            vectorId,
            estimate: query.base + offset + scale * query.step * (views.i32[products / 4 + i] ?? 0),
            spread: scale * query.distance,
            distance: views.u16[segment.distances / 2 + slot] ?? 0,
          })
        }
      }
      given = distance
      return candidates
    },
  }
}
