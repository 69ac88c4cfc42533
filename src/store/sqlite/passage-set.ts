/** Passages by id, a bit for each: quick to ask, and as large as ids are high (125 kB for a million). */
export interface PassageSet {
  has(chunkId: number): boolean
  /** Bit i of word w is passage 32 w + i. */
  readonly words: Uint32Array
  /** All ids, ascending. */
  ids(): number[]
  /** The first `limit` ids above `after`, ascending. */
  idsAfter(after: number, limit: number): number[]
}

/** The passages within any of these ranges of ids, both ends included. */
export function passagesWithin(firsts: readonly number[], lasts: readonly number[]): PassageSet {
  const highest = lasts.reduce((most, id) => Math.max(most, id), 0)
  const words = new Uint32Array(Math.floor(highest / 32) + 1)
  for (const [i, first] of firsts.entries()) setBits(words, first, lasts[i] ?? 0)
  return setOf(words)
}

export function passagesOf(ids: readonly number[]): PassageSet {
  return passagesWithin(ids, ids)
}

/** Those in both. */
export function intersection(a: PassageSet, b: PassageSet): PassageSet {
  const length = Math.min(a.words.length, b.words.length)
  return setOf(Uint32Array.from({ length }, (_, i) => (a.words[i] ?? 0) & (b.words[i] ?? 0)))
}

/** Those of the first that are not in the second. */
export function difference(a: PassageSet, b: PassageSet): PassageSet {
  return setOf(a.words.map((word, i) => word & ~(b.words[i] ?? 0)))
}

function setOf(words: Uint32Array): PassageSet {
  return {
    words,
    has: (chunkId) => (((words[Math.floor(chunkId / 32)] ?? 0) >>> (chunkId % 32)) & 1) === 1,
    ids: () => idsOf(words, -1, Number.POSITIVE_INFINITY),
    idsAfter: (after, limit) => idsOf(words, after, limit),
  }
}

function idsOf(words: Uint32Array, after: number, limit: number): number[] {
  const ids: number[] = []
  for (let at = Math.max(0, Math.floor(after / 32)); at < words.length && ids.length < limit; at++) {
    for (let rest = words[at] ?? 0; rest !== 0 && ids.length < limit; rest &= rest - 1) {
      const id = at * 32 + trailingZeros(rest)
      if (id > after) ids.push(id)
    }
  }
  return ids
}

/** Of a word that is not 0. */
function trailingZeros(word: number): number {
  return 31 - Math.clz32(word & -word)
}

function setBits(words: Uint32Array, first: number, last: number): void {
  for (let at = Math.floor(first / 32); at <= Math.floor(last / 32); at++) {
    const from = Math.max(0, first - at * 32)
    const to = Math.min(31, last - at * 32)
    words[at] = (words[at] ?? 0) | ((0xffffffff << from) & (0xffffffff >>> (31 - to)))
  }
}
