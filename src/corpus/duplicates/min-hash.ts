import { runsOfEquals } from './runs-of-equals.js'

/**
 * Bands of rows: texts that share half of their shingles are compared with a probability of 0.986, those that share 0.6 of
 * them but once in three thousand times not.
 */
const BANDS = 32
const ROWS = 3
const HASHES = BANDS * ROWS

export type MinHashes = {
  /** Number of texts added. */
  readonly size: number
  /** Adds a text by its shingles, none of them more than once. Texts count from 0. */
  add(shingles: Uint32Array): void
  /**
   * Pairs of texts that have a band in common; some several times. Of many with the same band each is paired with the first
   * and with the one before it, so that the number of pairs grows as that of texts does.
   */
  candidates(): Generator<readonly [number, number]>
}

/** MinHash with locality-sensitive hashing (Broder 1997; Leskovec, Rajaraman & Ullman, Mining of Massive Datasets, ch. 3). */
export function createMinHashes(): MinHashes {
  const [factors, masks] = [multipliers(1), multipliers(2)]
  const keys: number[][] = Array.from({ length: BANDS }, () => [])
  const least = new Uint32Array(HASHES)
  let size = 0
  return {
    get size() {
      return size
    },

    add(shingles) {
      least.fill(0xffffffff)
      for (const shingle of shingles) {
        for (let i = 0; i < HASHES; i++) {
          const hash = Math.imul(shingle ^ (masks[i] ?? 0), factors[i] ?? 1) >>> 0
          if (hash < (least[i] ?? 0)) least[i] = hash
        }
      }
      for (const [band, list] of keys.entries()) {
        let key = band
        for (let row = 0; row < ROWS; row++)
          key = Math.imul(key ^ (least[band * ROWS + row] ?? 0), 0x85ebca6b) ^ (key >>> 15)
        list.push(key >>> 0)
      }
      size++
    },

    *candidates() {
      for (const list of keys) {
        for (const run of runsOfEquals(Uint32Array.from(list), (at) => at, size)) {
          const [first = 0] = run
          for (const [i, member] of run.entries()) {
            if (i > 0) yield [first, member]
            if (i > 1) yield [run[i - 1] ?? 0, member]
          }
        }
      }
    },
  }
}

/** Odd numbers without a pattern, the same in every run (xorshift32, Marsaglia 2003). */
function multipliers(seed: number): Int32Array {
  let state = Math.imul(seed, 0x9e3779b9)
  return Int32Array.from({ length: HASHES }, () => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return state | 1
  })
}
