import type { Features } from '../features/features.js'
import { fitCentroids, type LabelledFeatures, softmax } from './seeded-centroids.js'

const FOLDS = 5
/** Texts without a label that help in each fold. */
const MOST_UNLABELLED = 1000
/** Tried for calibration: half a decade each side of what cosines differ by. */
const TEMPERATURES = Array.from({ length: 25 }, (_, i) => 0.004 * 1.2 ** i)
const UNCALIBRATED_TEMPERATURE = 0.05

/** An example as the others judge it. */
export type HeldOut = { readonly label: number; readonly scores: Float64Array }

export type Calibration = {
  readonly temperature: number
  /** Best cosine below which a text is like none of the examples. */
  readonly leastScore: number
  readonly isCalibrated: boolean
}

/** Scores of each example by a model that was made without it, fold by fold; none when a label has a single example. */
export function crossValidate(
  examples: readonly LabelledFeatures[],
  unlabelled: readonly Features[],
  labels: number,
  width: number,
): HeldOut[] {
  const seen = new Uint32Array(labels)
  const folds = examples.map(({ label }) => {
    const at = seen[label] ?? 0
    seen[label] = at + 1
    return at % FOLDS
  })
  if (seen.some((count) => count < 2)) return []
  const every = Math.max(1, unlabelled.length / MOST_UNLABELLED)
  const some = unlabelled.filter((_, at) => at % every < 1)
  const heldOut: HeldOut[] = []
  for (let fold = 0; fold < FOLDS; fold++) {
    const isOut = (_: unknown, at: number) => folds[at] === fold
    const out = examples.filter(isOut)
    if (out.length === 0) continue
    const rest = examples.filter((_, at) => folds[at] !== fold)
    const model = fitCentroids(rest, some, labels, width)
    for (const { features, label } of out) heldOut.push({ label, scores: model.score(features) })
  }
  return heldOut
}

/**
 * The temperature that makes the labels of held-out examples likeliest (Guo et al., ICML 2017), with the doubt that so few of them
 * leave (Platt 1999): otherwise examples that are all told apart would make every probability 1.
 */
export function calibrate(heldOut: readonly HeldOut[]): Calibration {
  if (heldOut.length === 0)
    return { temperature: UNCALIBRATED_TEMPERATURE, leastScore: 0, isCalibrated: false }
  const best = heldOut.map(({ scores }) => Math.max(...scores)).sort((a, b) => a - b)
  let temperature = UNCALIBRATED_TEMPERATURE
  let least = Number.POSITIVE_INFINITY
  for (const candidate of TEMPERATURES) {
    const loss = smoothedLoss(heldOut, candidate)
    if (loss >= least) continue
    least = loss
    temperature = candidate
  }
  return { temperature, leastScore: (best[Math.floor(best.length / 20)] ?? 0) / 2, isCalibrated: true }
}

function smoothedLoss(heldOut: readonly HeldOut[], temperature: number): number {
  const target = (heldOut.length + 1) / (heldOut.length + 2)
  const log = (probability: number) => Math.log(Math.max(1e-9, probability))
  const sum = heldOut.reduce((total, { label, scores }) => {
    const probability = softmax(scores, temperature)[label] ?? 0
    return total - target * log(probability) - (1 - target) * log(1 - probability)
  }, 0)
  return sum / heldOut.length
}

/** Mean negative logarithm of the probabilities of the true labels. */
export function logLoss(heldOut: readonly HeldOut[], temperature: number): number {
  const sum = heldOut.reduce(
    (total, { label, scores }) => total - Math.log(Math.max(1e-9, softmax(scores, temperature)[label] ?? 0)),
    0,
  )
  return sum / heldOut.length
}
