/**
 * The least number of insertions, deletions, replacements and exchanges of neighbouring characters that make one text of
 * another (optimal string alignment); `most + 1` as soon as it is more than `most`. Counts UTF-16 units.
 */
export function editDistance(from: string, to: string, most: number): number {
  let beforePrevious: number[] = []
  let previous = Array.from({ length: to.length + 1 }, (_, j) => j)
  for (let i = 1; i <= from.length; i++) {
    const current = [i]
    let least = i
    for (let j = 1; j <= to.length; j++) {
      const isSame = from[i - 1] === to[j - 1]
      let distance = Math.min(
        (previous[j] ?? 0) + 1,
        (current[j - 1] ?? 0) + 1,
        (previous[j - 1] ?? 0) + (isSame ? 0 : 1),
      )
      const isExchange = i > 1 && j > 1 && from[i - 1] === to[j - 2] && from[i - 2] === to[j - 1]
      if (isExchange) distance = Math.min(distance, (beforePrevious[j - 2] ?? 0) + 1)
      current.push(distance)
      least = Math.min(least, distance)
    }
    if (least > most) return most + 1
    beforePrevious = previous
    previous = current
  }
  return Math.min(previous[to.length] ?? 0, most + 1)
}
