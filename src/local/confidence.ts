import type { ReadQuestion } from './read-question.js'
import type { ScoredPart } from './score-parts.js'

/** What tells whether the best sentence answers a question at all. */
export type Signals = {
  /** Share (0..1) of the question's weight whose words its passage has. */
  readonly coverage: number
  /** Its score (0..1). */
  readonly score: number
  /** How much better it is than the best of any other passage. */
  readonly lead: number
  /** 1 when its passage is not the one that the search puts first: two rankings that disagree. */
  readonly isElsewhere: number
  /** 1 when its passage has all names of the question. */
  readonly hasNames: number
  /** Natural logarithm of one more than the words, numbers and codes of the question: of many, chance finds few. */
  readonly logWords: number
}

/**
 * Weights of a logistic regression. It was fitted to 2,113 questions of XQuAD (English and German) and Natural Questions, of
 * which half had their paragraph left out of the index, and to `data/golden.jsonl`. Cross-validated, the area under the
 * curve is 0.97, 0.94, 0.91 and 0.90 on the four; the score alone comes to 0.94, 0.92, 0.90 and 0.83.
 *
 * `npm run fit-confidence` fits them anew. On its sample, where to be right means to quote the right document, these come to
 * 0.96, 0.89, 0.86 and 0.92, having seen part of it, and a new fit, cross-validated, to 0.97, 0.91, 0.87 and 0.89; on questions
 * about technical documentation to 0.74 and 0.77. At the same threshold the new fit refuses less, so these stay. The search's
 * relevance, the sentence's own share, whether it is of the kind asked for, the weightiest word missing and the lead in coverage
 * add 0.008 at most. What is missed may be said in other words than the question's, which was not examined.
 */
const WEIGHTS: Signals = {
  coverage: 4.07,
  score: 2.99,
  lead: 2.25,
  isElsewhere: -1.43,
  hasNames: 1.59,
  logWords: 3.09,
}
const INTERCEPT = -11.21
const NAMES = Object.keys(WEIGHTS) as (keyof Signals)[]

/** The signals of the best of all sentences, `scored` best first. */
export function signalsOf(
  { words, quantities, codes }: ReadQuestion,
  best: ScoredPart,
  scored: readonly ScoredPart[],
): Signals {
  const next = scored.find(({ number }) => number !== best.number)
  return {
    coverage: best.coverage,
    score: best.score,
    lead: best.score - (next?.score ?? 0),
    isElsewhere: best.rank > 0 ? 1 : 0,
    hasNames: best.hasNames ? 1 : 0,
    logWords: Math.log1p(words.length + quantities.length + codes.length),
  }
}

/** The probability (0..1) that the passages hold the answer. */
export function confidenceOf(signals: Signals): number {
  const logit = NAMES.reduce((sum, name) => sum + WEIGHTS[name] * signals[name], INTERCEPT)
  return 1 / (1 + Math.exp(-logit))
}
