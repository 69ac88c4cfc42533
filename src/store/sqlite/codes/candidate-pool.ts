import { SEGMENT_SLOTS } from './code-layout.js'
import type { CodeSpace } from './code-space.js'
import type { CodedQuery } from './vector-coder.js'

/** Passages that may be near a query, as columns. */
export type Candidates = {
  readonly chunkIds: number[]
  readonly vectorIds: number[]
  /** Of the cosines, from the codes. */
  readonly estimates: number[]
  /** The standard deviation of an estimate's error is its spread times a number that is about the same for all. */
  readonly spreads: number[]
  /** Hamming distances of the codes from the query's. */
  readonly distances: number[]
}

/** The passages near a query by Hamming distance. */
export interface CandidatePool {
  /** How many codes lie at each distance, free slots among them. */
  readonly histogram: Uint32Array
  /** All that were asked for so far, in the order they came. */
  readonly candidates: Candidates
  /** Adds those up to a distance that are not among them yet, ascending by passage. */
  collect(distance: number): void
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
  const candidates: Candidates = { chunkIds: [], vectorIds: [], estimates: [], spreads: [], distances: [] }
  let collected = -1

  views.u32.fill(0, histogram / 4, histogram / 4 + bits + 1)
  for (const { codes, distances, marks, slots } of segments) {
    if (isMarked) kernel.scanMarked(codes, slots, words, queryCode, distances, histogram, marks)
    else kernel.scan(codes, slots, words, queryCode, distances, histogram)
  }

  return {
    histogram: views.u32.slice(histogram / 4, histogram / 4 + bits + 1),
    candidates,
    collect(distance) {
      for (const { codes, slots, ...segment } of segments) {
        const number = kernel.collect(segment.distances, slots, collected + 1, distance, found, SEGMENT_SLOTS)
        kernel.refine(codes, words, found, number, components, products)
        for (let i = 0; i < number; i++) {
          const slot = views.u32[found / 4 + i] ?? 0
          const vectorId = views.f64[segment.vectors / 8 + slot] ?? 0
          if (vectorId === 0) continue
          const scale = views.f32[segment.scales / 4 + slot] ?? 0
          const offset = views.f32[segment.offsets / 4 + slot] ?? 0
          const product = views.i32[products / 4 + i] ?? 0
          candidates.chunkIds.push(views.f64[segment.chunks / 8 + slot] ?? 0)
          candidates.vectorIds.push(vectorId)
          candidates.estimates.push(query.base + offset + scale * query.step * product)
          candidates.spreads.push(scale * query.distance)
          candidates.distances.push(views.u16[segment.distances / 2 + slot] ?? 0)
        }
      }
      collected = distance
    },
  }
}
