const BOOTSTRAP_ROUNDS = 2_000
const PERMUTATIONS = 10_000
const SEED = 12_345

/** A mean with the interval that holds it in 95 of 100 samples of as many queries. */
export type Interval = { readonly mean: number; readonly low: number; readonly high: number }

/** The difference of two means over the same queries, and how often chance alone makes it as large. */
export type Comparison = {
  readonly difference: number
  readonly p: number
  /** Queries for which the second is better, and worse. */
  readonly better: number
  readonly worse: number
}

/** The percentile bootstrap (Efron 1979) over queries, seeded: the same values give the same interval. */
export function bootstrapInterval(values: readonly number[]): Interval {
  if (values.length === 0) return { mean: 0, low: 0, high: 0 }
  const random = createRandom(SEED)
  const means = Array.from({ length: BOOTSTRAP_ROUNDS }, () => {
    let sum = 0
    for (let i = 0; i < values.length; i++) sum += values[Math.floor(random() * values.length)] ?? 0
    return sum / values.length
  }).sort((a, b) => a - b)
  const at = (share: number) => means[Math.round(share * (BOOTSTRAP_ROUNDS - 1))] ?? 0
  return { mean: meanOf(values), low: at(0.025), high: at(0.975) }
}

/**
 * Fisher's paired randomisation test (Smucker, Allan & Carterette, CIKM 2007), two-sided, seeded: signs of the differences
 * are flipped at random. `first[i]` and `second[i]` belong to the same query.
 */
export function comparePaired(first: readonly number[], second: readonly number[]): Comparison {
  const differences = first.map((value, i) => (second[i] ?? 0) - value)
  const observed = Math.abs(sumOf(differences))
  const random = createRandom(SEED)
  let asLarge = 0
  for (let round = 0; round < PERMUTATIONS; round++) {
    let sum = 0
    for (const difference of differences) sum += random() < 0.5 ? difference : -difference
    if (Math.abs(sum) >= observed - 1e-12) asLarge++
  }
  return {
    difference: meanOf(differences),
    p: (asLarge + 1) / (PERMUTATIONS + 1),
    better: differences.filter((difference) => difference > 1e-12).length,
    worse: differences.filter((difference) => difference < -1e-12).length,
  }
}

/** Mulberry32: numbers from 0 to 1 that depend on the seed alone. */
export function createRandom(seed: number): () => number {
  let state = seed | 0
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

function meanOf(values: readonly number[]): number {
  return values.length === 0 ? 0 : sumOf(values) / values.length
}

function sumOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0)
}
