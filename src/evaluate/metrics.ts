/** Judgements of one query: document id to grade; 1 and above is relevant. */
export type Judgements = ReadonlyMap<string, number>
/** A ranked answer: document id to score. */
export type Run = ReadonlyMap<string, number>

export const MEASURES = ['ndcg10', 'recall10', 'recall100', 'mrr10', 'map'] as const
export type Measure = (typeof MEASURES)[number]
export type Measures = Readonly<Record<Measure, number>>

/**
 * nDCG@10 (linear gain, discount 1 / log2(rank + 1), ideal over all relevant documents), recall at 10 and 100, the
 * reciprocal rank within 10 and average precision, as trec_eval defines them. Equal scores are ordered by id, high first,
 * as there. Throws nothing; a query without relevant documents has no measures and gives undefined.
 */
export function measureQuery(judgements: Judgements, run: Run): Measures | undefined {
  const gains = [...judgements.values()].filter((grade) => grade > 0).sort((a, b) => b - a)
  if (gains.length === 0) return undefined
  const ranked = [...run]
    .sort(([idA, a], [idB, b]) => b - a || compareBytes(idB, idA))
    .map(([id]) => judgements.get(id) ?? 0)
  const relevant = (depth: number) => ranked.slice(0, depth).filter((grade) => grade > 0).length
  const first = ranked.slice(0, 10).findIndex((grade) => grade > 0)
  return {
    ndcg10: discountedGain(ranked.slice(0, 10)) / discountedGain(gains.slice(0, 10)),
    recall10: relevant(10) / gains.length,
    recall100: relevant(100) / gains.length,
    mrr10: first === -1 ? 0 : 1 / (first + 1),
    map: sumOfPrecisions(ranked) / gains.length,
  }
}

/** The mean over queries; all 0 for none. */
export function meanMeasures(all: readonly Measures[]): Measures {
  const mean = (name: Measure) =>
    all.length === 0 ? 0 : all.reduce((sum, one) => sum + one[name], 0) / all.length
  return {
    ndcg10: mean('ndcg10'),
    recall10: mean('recall10'),
    recall100: mean('recall100'),
    mrr10: mean('mrr10'),
    map: mean('map'),
  }
}

function discountedGain(grades: readonly number[]): number {
  return grades.reduce((sum, grade, i) => sum + Math.max(0, grade) / Math.log2(i + 2), 0)
}

/** Of the precision at the rank of each relevant document. */
function sumOfPrecisions(grades: readonly number[]): number {
  let found = 0
  let sum = 0
  for (const [i, grade] of grades.entries()) {
    if (grade <= 0) continue
    found++
    sum += found / (i + 1)
  }
  return sum
}

function compareBytes(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b))
}
