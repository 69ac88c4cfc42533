import { SEGMENT_SLOTS } from './code-layout.js'
import type { CodeSpace } from './code-space.js'
import type { CodedQuery } from './vector-coder.js'

/** Passages that may be near a query, as columns. */
export type Candidates = {
  readonly chunkIds: Float64Array
  readonly vectorIds: Float64Array
  /** Of the cosines, from the codes. */
  readonly estimates: Float64Array
  /** The standard deviation of an estimate's error is its spread times a number that is about the same for all. */
  readonly spreads: Float64Array
  /** Hamming distances of the codes from the query's. */
  readonly distances: Uint16Array
}

/** The passages near a query by Hamming distance. */
export interface CandidatePool {
  /** How many codes lie at each distance, free slots among them. */
  readonly histogram: Uint32Array
  /** Those up to a distance: what was collected before comes first, then what is new, ascending by passage. */
  collect(distance: number): Candidates
}

/**
 * Compares the query's code, which lies in this thread's lane, with all codes, or with those marked in the lane. What it
 * found lies in the lane too: only the pool opened last may be read.
 */
export function openCandidatePool(space: CodeSpace, query: CodedQuery, isMarked: boolean): CandidatePool {
  const { kernel, layout, lane, slots, views } = space
  const { words, bits } = layout
  const { queryCode, query: components, histogram: counts, found, products } = layout.lane(lane)
  const segments = Array.from({ length: Math.ceil(slots / SEGMENT_SLOTS) }, (_, i) => ({
    ...layout.segment(i, lane),
    slots: Math.min(SEGMENT_SLOTS, slots - i * SEGMENT_SLOTS),
  }))
  let candidates = withRoom(undefined, 0)
  let collected = -1

  views.u32.fill(0, counts / 4, counts / 4 + bits + 1)
  for (const { codes, distances, marks, slots } of segments) {
    if (isMarked) kernel.scanMarked(codes, slots, words, queryCode, distances, counts, marks)
    else kernel.scan(codes, slots, words, queryCode, distances, counts)
  }
  const histogram = views.u32.slice(counts / 4, counts / 4 + bits + 1)

  return {
    histogram,
    collect(distance) {
      const more = histogram.subarray(collected + 1, distance + 1).reduce((sum, codes) => sum + codes, 0)
      let { length } = candidates.chunkIds
      const columns = withRoom(candidates, more)
      const { chunkIds, vectorIds, estimates, spreads, distances } = columns
      for (const { codes, slots, ...segment } of segments) {
        const range = [segment.distances, slots, collected + 1, distance, found, SEGMENT_SLOTS] as const
        const number = isMarked ? kernel.collectMarked(...range, segment.marks) : kernel.collect(...range)
        kernel.refine(codes, words, found, number, components, products)
        for (let i = 0; i < number; i++) {
          const slot = views.u32[found / 4 + i] ?? 0
          const vectorId = views.f64[segment.vectors / 8 + slot] ?? 0
          if (vectorId === 0) continue
          const scale = views.f32[segment.scales / 4 + slot] ?? 0
          const offset = views.f32[segment.offsets / 4 + slot] ?? 0
          const product = views.i32[products / 4 + i] ?? 0
          chunkIds[length] = views.f64[segment.chunks / 8 + slot] ?? 0
          vectorIds[length] = vectorId
          estimates[length] = query.base + offset + scale * query.step * product
          spreads[length] = scale * query.distance
          distances[length] = views.u16[segment.distances / 2 + slot] ?? 0
          length++
        }
      }
      collected = distance
      candidates = firstOf(columns, length)
      return candidates
    },
  }
}

/** The same candidates with room for more. */
function withRoom(candidates: Candidates | undefined, more: number): Candidates {
  const room = (candidates?.chunkIds.length ?? 0) + more
  const column = <T extends Float64Array | Uint16Array>(empty: T, before: T | undefined): T => {
    if (before !== undefined) empty.set(before)
    return empty
  }
  return {
    chunkIds: column(new Float64Array(room), candidates?.chunkIds),
    vectorIds: column(new Float64Array(room), candidates?.vectorIds),
    estimates: column(new Float64Array(room), candidates?.estimates),
    spreads: column(new Float64Array(room), candidates?.spreads),
    distances: column(new Uint16Array(room), candidates?.distances),
  }
}

/** Free slots left some of the room empty. */
function firstOf(
  { chunkIds, vectorIds, estimates, spreads, distances }: Candidates,
  length: number,
): Candidates {
  return {
    chunkIds: chunkIds.subarray(0, length),
    vectorIds: vectorIds.subarray(0, length),
    estimates: estimates.subarray(0, length),
    spreads: spreads.subarray(0, length),
    distances: distances.subarray(0, length),
  }
}
