const DAY_MS = 86_400_000
/** What the oldest document keeps of its score. Half of it is what 60 ranks cost: age reorders, it does not hide. */
const LEAST_FACTOR = 0.5

export type Recency = { readonly ageDays: number; readonly factor: number }

/** What a document's score is multiplied by: 1 when new, half-way to the least after one half-life. */
export function recencyOf(timeMs: number, nowMs: number, halfLifeDays: number): Recency {
  const ageDays = Math.max(0, (nowMs - timeMs) / DAY_MS)
  const factor = LEAST_FACTOR + (1 - LEAST_FACTOR) * 0.5 ** (ageDays / halfLifeDays)
  return { ageDays: Math.round(ageDays * 10) / 10, factor: Number(factor.toFixed(6)) }
}
