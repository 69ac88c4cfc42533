import type { ScoredChunk } from '../../store.js'
import type { CandidatePool, Candidates } from './candidate-pool.js'
import { normalTail } from './normal-tail.js'

/** Exact cosines of vectors by their ids. A vector that is not there any more has none. */
export type Rescore = (vectorIds: readonly number[]) => ReadonlyMap<number, number>

/**
 * The share of the wanted passages that may be missed: of those at the last place, because their codes are farther away
 * than was collected, and of all, because their estimates are too low. Measured recall is higher than 1 less both:
 * docs/performance.md has the table.
 */
const FARTHER_SHARE = 0.005
const MISSED_SHARE = 0.001
/** Among fewer passages they are less, in proportion: little is saved there. */
const MANY_CODES = 16_384
/** Codes that are collected first, at least (half as many among few, where fewer are as near as the wanted) and for each wanted passage. */
const MIN_COLLECTED = 384
const COLLECTED_PER_HIT = 8
/** This part of all codes, or as many as there are candidates, may be added at a time: fewer are needed as better ones are found. */
const GROWTH = 1 / 64
/** Candidates whose cosines are computed before more are collected: a share of the wanted, and twice the least of a round among few codes, which need more. */
const FIRST_PER_HIT = 1.5
/** Candidates whose cosines are computed in each further round, at least. */
const LEAST_ROUND = 16
/**
 * The error of an estimate in units of its spread, as theory has it for a vector at right angles to the query (the square
 * root of 1 - 2 / pi), and how many measured errors this counts for.
 */
const EXPECTED_ERROR = 0.6
const EXPECTED_COUNTS = 8
/** So many standard deviations away, nothing is missed. */
const FAR = 6

/**
 * The passages with the greatest cosines, best first, equal ones by id.
 *
 * The codes at the least Hamming distances are collected, their cosines estimated, and the best estimates replaced by
 * exact cosines. The last of the wanted so far is a bar: all codes are collected that a passage of that cosine may have,
 * at the distance they are and with where their passages lie beside the mean of all; then cosines are computed until the
 * candidates left, by the errors of the estimates seen so far, may be expected to hold next to none of the wanted. So a
 * query whose neighbours are hard to tell apart gets more candidates than an easy one, and nothing has to be tuned to the
 * data.
 */
export function findNearest(pool: CandidatePool, limit: number, rescore: Rescore): ScoredChunk[] {
  const { histogram } = pool
  const total = histogram.reduce((sum, codes) => sum + codes, 0)
  const caution = Math.min(1, total / MANY_CODES)
  const [firstRound, leastCollected] =
    total < MANY_CODES ? [2 * LEAST_ROUND, MIN_COLLECTED / 2] : [LEAST_ROUND, MIN_COLLECTED]
  const batch = Math.ceil(limit * FIRST_PER_HIT) + firstRound
  const nearest = keepNearest(limit)
  /** Candidates that have been taken over. */
  let collected = 0
  /** Positions of candidates whose cosines are not known, best estimates first. */
  let waiting: Uint32Array = new Uint32Array()
  let taken = 0

  function take(candidates: Candidates, number: number): void {
    const batch = waiting.subarray(0, number)
    waiting = waiting.subarray(number)
    taken += batch.length
    const scores = rescore(vectorsOf(batch, candidates))
    for (const at of batch) {
      const score = scores.get(candidates.vectorIds[at] ?? 0)
      if (score !== undefined) nearest.add(candidates, at, score)
    }
    nearest.sort()
  }

  /** Takes over candidates that were added to those before. */
  function extend(more: Candidates): Candidates {
    waiting = byEstimate(waiting, collected, more)
    collected = more.chunkIds.length
    return more
  }

  function takeUntilSafe(candidates: Candidates): ScoredChunk[] {
    const wanted = () => promising(waiting, candidates, nearest, MISSED_SHARE * caution * limit)
    for (let more = wanted(); more > 0; more = wanted()) {
      // What is needed shrinks as better ones are found: at most twice as many at a time.
      take(candidates, Math.min(Math.max(LEAST_ROUND, more), taken + 2 * LEAST_ROUND))
    }
    return nearest.found
  }

  let near: Candidates
  for (let boundary = -1, wanted = Math.max(leastCollected, limit * COLLECTED_PER_HIT); ; wanted *= 2) {
    boundary = Math.max(boundary + 1, leastHolding(histogram, wanted))
    near = extend(pool.collect(boundary))
    if (boundary >= histogram.length - 1) return takeUntilSafe(near)
    take(near, batch)
    // The histogram counts free slots too: few may have come.
    if (collected >= leastCollected && nearest.least > Number.NEGATIVE_INFINITY) break
  }
  for (;;) {
    const short = pool.shortOf(nearest.least)
    const most = leastHolding(short.counts, Math.max(collected, total * GROWTH))
    const reach = short.reach(FARTHER_SHARE * caution)
    near = extend(short.collect(Math.min(reach, most)))
    if (reach <= most) return takeUntilSafe(near)
    take(near, batch)
  }
}

type Nearest = ReturnType<typeof keepNearest>

/** The nearest by exact cosines so far, and how far these are from their estimates. */
function keepNearest(limit: number) {
  const found: ScoredChunk[] = []
  // Of the errors, in units of the spread. What is expected counts as some that were seen.
  let [count, sum, squares] = [EXPECTED_COUNTS, 0, EXPECTED_COUNTS * EXPECTED_ERROR ** 2]
  return {
    found,
    /** The cosine that a further passage must exceed to be among the wanted. */
    get least(): number {
      return found[limit - 1]?.score ?? Number.NEGATIVE_INFINITY
    },
    /** What has the best estimates has been lucky: its cosines lie below them on average. */
    get bias(): number {
      return sum / count
    },
    get deviation(): number {
      return Math.sqrt(Math.max(0, squares / count - (sum / count) ** 2))
    },

    /** Takes a candidate in, out of order. */
    add({ chunkIds, estimates, spreads }: Candidates, at: number, score: number): void {
      found.push({ chunkId: chunkIds[at] ?? 0, score })
      const spread = spreads[at] ?? 0
      if (spread === 0) return
      const error = (score - (estimates[at] ?? 0)) / spread
      count++
      sum += error
      squares += error ** 2
    },

    /** Puts them in order, and forgets those beyond the limit. */
    sort(): void {
      found.sort((a, b) => b.score - a.score || a.chunkId - b.chunkId)
      if (found.length > limit) found.length = limit
    },
  }
}

/** Each once, ascending: near ids lie near one another in the file. */
function vectorsOf(batch: Uint32Array, { vectorIds }: Candidates): number[] {
  const sorted = new Float64Array(batch.length)
  for (const [i, at] of batch.entries()) sorted[i] = vectorIds[at] ?? 0
  const ids: number[] = []
  for (const id of sorted.sort()) if (id !== ids.at(-1)) ids.push(id)
  return ids
}

/** The least number up to which so many are counted. */
function leastHolding(counts: Uint32Array, wanted: number): number {
  let sum = 0
  const number = counts.findIndex((counted) => {
    sum += counted
    return sum >= wanted
  })
  return number === -1 ? counts.length - 1 : number
}

/** Estimates are compared to 26 binary digits, finer than they are; equal ones by position, which is by passage. */
const ESTIMATE_UNITS = 2 ** 26
const POSITIONS = 2 ** 24

/** Those waiting and those from position `before` on, best first. Numbers that hold estimate and position are sorted ten times as fast as by a comparison. */
function byEstimate(waiting: Uint32Array, before: number, { estimates }: Candidates): Uint32Array {
  const keys = new Float64Array(waiting.length + estimates.length - before)
  for (let i = 0; i < keys.length; i++) {
    const at = waiting[i] ?? before + i - waiting.length
    keys[i] = Math.round((4 - (estimates[at] ?? 0)) * ESTIMATE_UNITS) * POSITIONS + at
  }
  keys.sort()
  const sorted = new Uint32Array(keys.length)
  for (let i = 0; i < keys.length; i++) sorted[i] = (keys[i] ?? 0) % POSITIONS
  return sorted
}

/** How many of those waiting must be looked at so that the rest may be expected to hold few enough. */
function promising(
  waiting: Uint32Array,
  { estimates, spreads }: Candidates,
  { least, bias, deviation }: Nearest,
  allowed: number,
): number {
  if (least === Number.NEGATIVE_INFINITY) return waiting.length
  let missed = 0
  for (let i = waiting.length - 1; i >= 0; i--) {
    const at = waiting[i] ?? 0
    const spread = spreads[at] ?? 0
    missed += chanceAbove(least, (estimates[at] ?? 0) + bias * spread, deviation * spread)
    if (missed > allowed) return i + 1
  }
  return 0
}

function chanceAbove(bound: number, mean: number, deviation: number): number {
  if (deviation === 0) return mean > bound ? 1 : 0
  const z = (bound - mean) / deviation
  return z > FAR ? 0 : normalTail(z)
}
