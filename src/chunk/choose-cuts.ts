/** A stretch that is not cut any further, and what it costs to cut before it: 0 between blocks, more within them. */
export type CutUnit = {
  readonly tokens: number
  /** Tokens between it and the unit before. */
  readonly gap: number
  readonly cutCost: number
}

/** Units `first` up to but without `end`. */
export type UnitRange = { readonly first: number; readonly end: number }

export type CutOptions = { readonly targetTokens: number; readonly maxTokens: number }

/** What a passage longer than it should be costs against one as much shorter: too long cannot be embedded as well. */
const EXCESS_WEIGHT = 2

/**
 * Cuts a row of units where it costs least: each passage costs the square of how far, in parts of the target, its size is
 * from the target, and each cut the unit's own cost. Least in sum over all ways to cut (dynamic programming, as lines are
 * broken by Knuth & Plass, 1981); no passage exceeds `maxTokens` but one of a single unit.
 */
export function chooseCuts(units: readonly CutUnit[], { targetTokens, maxTokens }: CutOptions): UnitRange[] {
  const least: number[] = [0]
  const from: number[] = [0]
  for (let end = 1; end <= units.length; end++) {
    let tokens = 0
    let best = Number.POSITIVE_INFINITY
    for (let first = end - 1; first >= 0; first--) {
      const unit = units[first]
      if (unit === undefined) break
      tokens += unit.tokens + (first + 1 < end ? (units[first + 1]?.gap ?? 0) : 0)
      if (tokens > maxTokens && first < end - 1) break
      const cut = first === 0 ? 0 : unit.cutCost
      const cost = (least[first] ?? 0) + cut + sizeCost(tokens, targetTokens)
      if (cost < best) {
        best = cost
        from[end] = first
      }
    }
    least[end] = best
  }
  const ranges: UnitRange[] = []
  for (let end = units.length; end > 0; end = from[end] ?? 0) ranges.push({ first: from[end] ?? 0, end })
  return ranges.reverse()
}

function sizeCost(tokens: number, target: number): number {
  const deviation = (tokens - target) / target
  return deviation * deviation * (deviation > 0 ? EXCESS_WEIGHT : 1)
}
