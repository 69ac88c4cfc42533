/** How well labels are told, by examples that were left out in turn. */
export type LabelEvaluation = {
  readonly examples: number
  /** Share of the examples whose likeliest label is their own. */
  readonly accuracy: number
  /** Share of the examples that got a label at all, and how many of these are right. */
  readonly coverage: number
  readonly accuracyOfLabelled: number
  /** Mean negative logarithm (base e) of the probabilities of the true labels. */
  readonly logLoss: number
  readonly labels: readonly {
    readonly name: string
    readonly precision: number
    readonly recall: number
    readonly f1: number
  }[]
}

export type Judged = { readonly truth: number; readonly likeliest: number; readonly isLabelled: boolean }

/** Measures of judged examples; a share of nothing is 0. */
export function evaluateLabels(
  judged: readonly Judged[],
  names: readonly string[],
  logLoss: number,
): LabelEvaluation {
  const labelled = judged.filter(({ isLabelled }) => isLabelled)
  const right = (some: readonly Judged[]) => some.filter(({ truth, likeliest }) => truth === likeliest).length
  return {
    examples: judged.length,
    accuracy: share(right(judged), judged.length),
    coverage: share(labelled.length, judged.length),
    accuracyOfLabelled: share(right(labelled), labelled.length),
    logLoss: round(logLoss),
    labels: names.map((name, label) => {
      const own = judged.filter(({ truth }) => truth === label)
      const given = judged.filter(({ likeliest }) => likeliest === label)
      const precision = share(right(given), given.length)
      const recall = share(right(own), own.length)
      return { name, precision, recall, f1: round((2 * precision * recall) / (precision + recall || 1)) }
    }),
  }
}

function share(part: number, whole: number): number {
  return whole === 0 ? 0 : round(part / whole)
}

function round(value: number): number {
  return Number(value.toFixed(4))
}
