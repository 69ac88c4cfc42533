/** An item and what it is compared by. */
export type Candidate<T> = {
  readonly item: T
  /** Orders the items by themselves, higher is better. */
  readonly score: number
  /** At unit length; without one it is like nothing else. */
  readonly vector: Float32Array | undefined
}

/** An item with the greatest cosine to those before it; 0 for the first. */
export type Diverse<T> = { readonly item: T; readonly similarity: number }

/**
 * Picks items one by one by maximal marginal relevance (Carbonell & Goldstein, SIGIR 1998): each time the one with the
 * best mix of its own score, on a scale from 0 to 1, and how little it is like those picked. `diversity` 0 keeps the order
 * of scores, 1 looks at likeness alone.
 */
export function diversify<T>(
  candidates: readonly Candidate<T>[],
  limit: number,
  diversity: number,
): Diverse<T>[] {
  const scores = candidates.map(({ score }) => score)
  const [lowest, highest] = [Math.min(...scores), Math.max(...scores)]
  const scaled = (score: number) => (highest === lowest ? 1 : (score - lowest) / (highest - lowest))
  const left = candidates.map((candidate) => ({ candidate, own: scaled(candidate.score), similarity: 0 }))
  const picked: Diverse<T>[] = []
  while (picked.length < limit && left.length > 0) {
    let best = 0
    const worth = (i: number) => {
      const { own = 0, similarity = 0 } = left[i] ?? {}
      return (1 - diversity) * own - diversity * similarity
    }
    for (let i = 1; i < left.length; i++) if (worth(i) > worth(best)) best = i
    const [chosen] = left.splice(best, 1)
    if (chosen === undefined) break
    picked.push({ item: chosen.candidate.item, similarity: chosen.similarity })
    for (const other of left)
      other.similarity = Math.max(other.similarity, cosine(chosen.candidate.vector, other.candidate.vector))
  }
  return picked
}

/** Of vectors at unit length; 0 when one is missing. */
export function cosine(a: Float32Array | undefined, b: Float32Array | undefined): number {
  if (a === undefined || b === undefined) return 0
  let sum = 0
  for (const [i, value] of a.entries()) sum += value * (b[i] ?? 0)
  return sum
}
