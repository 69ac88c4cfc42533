/** Ids of passages or documents, a bit for each: quick to ask, and as large as ids are high (125 kB for a million). */
export interface IdSet {
  has(id: number): boolean
  /** Bit i of word w is id 32 w + i. */
  readonly words: Uint32Array
  /** All ids, ascending. */
  ids(): number[]
  /** The first `limit` ids above `after`, ascending. */
  idsAfter(after: number, limit: number): number[]
}

/** The ids within any of these ranges, both ends included, or of those whose place in the lists is wanted. */
export function idsWithin(
  firsts: ArrayLike<number>,
  lasts: ArrayLike<number>,
  isWanted: (at: number) => boolean = () => true,
): IdSet {
  const words = wordsUpTo(lasts)
  for (let i = 0; i < firsts.length; i++) if (isWanted(i)) setBits(words, firsts[i] ?? 0, lasts[i] ?? 0)
  return setOf(words)
}

/** These ids, in any order and some more than once. */
export function idSet(ids: ArrayLike<number>): IdSet {
  const words = wordsUpTo(ids)
  for (let i = 0; i < ids.length; i++) {
    const id = ids[i] ?? 0
    const at = Math.floor(id / 32)
    words[at] = (words[at] ?? 0) | (1 << (id % 32))
  }
  return setOf(words)
}

/** Those in both. */
export function intersection(a: IdSet, b: IdSet): IdSet {
  const words = a.words.slice(0, b.words.length)
  for (let at = 0; at < words.length; at++) words[at] = (words[at] ?? 0) & (b.words[at] ?? 0)
  return setOf(words)
}

/** Those in any of both. */
export function union(a: IdSet, b: IdSet): IdSet {
  const [longer, shorter] = a.words.length < b.words.length ? [b.words, a.words] : [a.words, b.words]
  const words = longer.slice()
  for (let at = 0; at < shorter.length; at++) words[at] = (words[at] ?? 0) | (shorter[at] ?? 0)
  return setOf(words)
}

/** Those of the first that are not in the second. */
export function difference(a: IdSet, b: IdSet): IdSet {
  const words = a.words.slice()
  for (let at = 0; at < words.length; at++) words[at] = (words[at] ?? 0) & ~(b.words[at] ?? 0)
  return setOf(words)
}

function setOf(words: Uint32Array): IdSet {
  return {
    words,
    has: (id) => (((words[Math.floor(id / 32)] ?? 0) >>> (id % 32)) & 1) === 1,
    ids: () => idsOf(words, -1, Number.POSITIVE_INFINITY),
    idsAfter: (after, limit) => idsOf(words, after, limit),
  }
}

function wordsUpTo(ids: ArrayLike<number>): Uint32Array {
  let highest = 0
  for (let i = 0; i < ids.length; i++) highest = Math.max(highest, ids[i] ?? 0)
  return new Uint32Array(Math.floor(highest / 32) + 1)
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
