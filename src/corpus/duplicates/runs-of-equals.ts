/** Whole numbers up to this are exact. */
const EXACT_BITS = 53

/**
 * The members (numbers below `members`) that have a key in common, one list for each key that several have, by sorting: as
 * many keys as fit into memory take some ten nanoseconds each and no table. A key's low bits are left out where there are
 * more than two million members.
 */
export function* runsOfEquals(
  keys: Uint32Array,
  memberOf: (at: number) => number,
  members: number,
): Generator<number[]> {
  const memberBits = Math.max(1, Math.ceil(Math.log2(members + 1)))
  const dropped = Math.max(0, 32 + memberBits - EXACT_BITS)
  const shift = 2 ** memberBits
  const sorted = new Float64Array(keys.length)
  for (let at = 0; at < keys.length; at++) sorted[at] = ((keys[at] ?? 0) >>> dropped) * shift + memberOf(at)
  sorted.sort()
  for (let start = 0; start < sorted.length; ) {
    const key = Math.floor((sorted[start] ?? 0) / shift)
    let end = start + 1
    while (end < sorted.length && Math.floor((sorted[end] ?? 0) / shift) === key) end++
    if (end - start > 1) {
      const run: number[] = []
      for (let at = start; at < end; at++) {
        const member = (sorted[at] ?? 0) - key * shift
        if (run.at(-1) !== member) run.push(member)
      }
      if (run.length > 1) yield run
    }
    start = end
  }
}
