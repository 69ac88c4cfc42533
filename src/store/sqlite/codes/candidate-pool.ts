import { type CodeLayout, SEGMENT_SLOTS } from './code-layout.js'
import type { CodeSpace } from './code-space.js'
import { normalTail } from './normal-tail.js'
import type { CodedQuery } from './vector-coder.js'

/** Passages that may be near a query, as columns. */
export type Candidates = {
  readonly chunkIds: Float64Array
  readonly vectorIds: Float64Array
  /** Of the cosines, from the codes. */
  readonly estimates: Float64Array
  /** The standard deviation of an estimate's error is its spread times a number that is about the same for all. */
  readonly spreads: Float64Array
}

/** The passages near a query by Hamming distance, and those that may be near it nonetheless. */
export interface CandidatePool {
  /** How many codes lie at each distance, free slots among them. */
  readonly histogram: Uint32Array
  /** Those up to a distance: what was collected before comes first, then what is new, ascending by passage. */
  collect(distance: number): Candidates
  /** By how much those not collected fall short of a cosine. Replaces what the call before found. */
  shortOf(cosine: number): Short
}

export type Short = {
  /** How many fall short by each number of units, rounded down; by 0, those whose distance lets expect that cosine or a greater one. */
  readonly counts: Uint32Array
  /** Of passages that have that cosine, no more than this share falls short by more than so many units. */
  reach(share: number): number
  /** Adds those that fall short by at most so many units, as `collect` does. Once. */
  collect(most: number): Candidates
}

/** In a standard deviation of the distances of codes whose vectors are at right angles. */
const UNITS = 64
/** What falls short by more is not counted. */
const MAX_SHORTFALL = 6 * UNITS
/** What was collected is not met again. */
const UNSEEN = 0xffff

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
  const line = shortfallLine(layout, query)
  let candidates = withRoom(undefined, 0)
  let collected = -1

  function countAnew(numbers: number, count: () => void): Uint32Array {
    views.u32.fill(0, counts / 4, counts / 4 + numbers)
    count()
    return views.u32.slice(counts / 4, counts / 4 + numbers)
  }

  /** Adds those whose number, of one for each slot, is in a range; at most so many. */
  function add(numbers: 'distances' | 'shortfalls', least: number, most: number, room: number): Candidates {
    if (room === 0) return candidates
    let { length } = candidates.chunkIds
    const columns = withRoom(candidates, room)
    const { chunkIds, vectorIds, estimates, spreads } = columns
    for (const { codes, slots, ...segment } of segments) {
      const range = [segment[numbers], slots, least, most, found, SEGMENT_SLOTS] as const
      const number = isMarked ? kernel.collectMarked(...range, segment.marks) : kernel.collect(...range)
      kernel.refine(codes, words, found, number, components, products)
      for (let i = 0; i < number; i++) {
        const slot = views.u32[found / 4 + i] ?? 0
        views.u16[segment.distances / 2 + slot] = UNSEEN
        const vectorId = views.f64[segment.vectors / 8 + slot] ?? 0
        if (vectorId === 0) continue
        const offset = views.f32[segment.offsets / 4 + slot] ?? 0
        const scale = views.f32[segment.scales / 4 + slot] ?? 0
        const product = views.i32[products / 4 + i] ?? 0
        chunkIds[length] = views.f64[segment.chunks / 8 + slot] ?? 0
        vectorIds[length] = vectorId
        estimates[length] = query.base + offset + scale * query.step * product
        spreads[length] = scale * query.distance
        length++
      }
    }
    candidates = firstOf(columns, length)
    return candidates
  }

  const histogram = countAnew(bits + 1, () => {
    for (const { codes, distances, marks, slots } of segments) {
      if (isMarked) kernel.scanMarked(codes, slots, words, queryCode, distances, counts, marks)
      else kernel.scan(codes, slots, words, queryCode, distances, counts)
    }
  })

  return {
    histogram,

    collect(distance) {
      const least = collected + 1
      collected = distance
      return add('distances', least, distance, sum(histogram.subarray(least, distance + 1)))
    },

    shortOf(cosine) {
      const short = countAnew(MAX_SHORTFALL + 1, () => {
        for (const { slots, distances, scales, offsets, shortfalls, marks } of segments) {
          const all = [
            distances,
            slots,
            scales,
            offsets,
            cosine - query.base,
            ...line,
            shortfalls,
            counts,
          ] as const
          if (isMarked) kernel.shortfallsMarked(...all, marks)
          else kernel.shortfalls(...all)
        }
      })
      return {
        counts: short,
        reach(share) {
          const reach = short.findIndex((_, units) => normalTail(units / UNITS) <= share)
          return reach === -1 ? MAX_SHORTFALL : reach
        },
        collect: (most) => add('shortfalls', 0, most, sum(short.subarray(0, most + 1))),
      }
    },
  }
}

/**
 * Two vectors at an angle differ in the sign of a component, after a random rotation, with a chance of angle / pi (Goemans
 * & Williamson, J. ACM 1995; Charikar, STOC 2002), so the distance of codes of a cosine p is about bits (1/2 - p / pi), a
 * little less for great ones, a little more for those far below zero, with a standard deviation of at most sqrt(bits) / 2. Here the vectors are those less the mean
 * of all; `scale` makes their length known.
 *
 * Gives what `kernel.shortfalls` takes behind the cosine.
 */
function shortfallLine({ bits, length }: CodeLayout, { distance }: CodedQuery) {
  const lengthOfScale = bits * Math.sqrt(2 / (Math.PI * length))
  const unit = (distance * lengthOfScale * Math.PI) / (2 * Math.sqrt(bits) * UNITS)
  return [unit, UNITS * Math.sqrt(bits), (-2 * UNITS) / Math.sqrt(bits), MAX_SHORTFALL] as const
}

function sum(numbers: Uint32Array): number {
  return numbers.reduce((sum, number) => sum + number, 0)
}

/** The same candidates with room for more. */
function withRoom(candidates: Candidates | undefined, more: number): Candidates {
  const room = (candidates?.chunkIds.length ?? 0) + more
  const column = (before: Float64Array | undefined) => {
    const column = new Float64Array(room)
    if (before !== undefined) column.set(before)
    return column
  }
  return {
    chunkIds: column(candidates?.chunkIds),
    vectorIds: column(candidates?.vectorIds),
    estimates: column(candidates?.estimates),
    spreads: column(candidates?.spreads),
  }
}

/** Free slots left some of the room empty. */
function firstOf({ chunkIds, vectorIds, estimates, spreads }: Candidates, length: number): Candidates {
  return {
    chunkIds: chunkIds.subarray(0, length),
    vectorIds: vectorIds.subarray(0, length),
    estimates: estimates.subarray(0, length),
    spreads: spreads.subarray(0, length),
  }
}
