import { detectLanguage } from '../../text/detect-language.js'
import type { CorpusPassage } from '../corpus-passage.js'
import type { CorpusTask } from '../corpus-task.js'
import { centredFeatures, type Features } from '../features/features.js'
import { createTermTable, weighTerms } from '../features/term-table.js'
import { type Calibration, calibrate, crossValidate, type HeldOut, logLoss } from './cross-validate.js'
import { evaluateLabels, type LabelEvaluation } from './evaluate-labels.js'
import { fitCentroids, type LabelledFeatures, softmax } from './seeded-centroids.js'

/** A text that a label was given to, or that describes it; with its vector where vectors are compared. */
export type LabelText = {
  readonly label: number
  readonly text: string
  readonly isExample: boolean
  readonly vector?: Float32Array
}

export type ClassifierOptions = {
  readonly names: readonly string[]
  readonly texts: readonly LabelText[]
  /** Least probability of a label that is given. */
  readonly minProbability: number
}

export type ClassifiedText = {
  /** Of the document, or the number of the text. */
  readonly documentId: string
  readonly firstChunk: number
  /** The position of the label; undefined where none is likely enough. */
  readonly label?: number
  /** Of all labels, in their order; they add up to 1. */
  readonly probabilities: readonly number[]
}

export type Classified = {
  readonly items: readonly ClassifiedText[]
  /** Whether the probabilities are fitted to held-out examples. */
  readonly isCalibrated: boolean
  /** Left out where a label has fewer than two examples. */
  readonly evaluation?: LabelEvaluation
}

type Gathered = {
  readonly documentId: string
  readonly firstChunk: number
  readonly pieces: string[]
  readonly language: string
  vector?: Float32Array
}

/** Labels documents by what examples of each label have in common, and the documents with them. */
export function createClassifier(options: ClassifierOptions): CorpusTask<Classified> {
  const { names, texts, minProbability } = options
  const gathered: Gathered[] = []

  function add({ chunkId, documentId, title, text, language, vector }: CorpusPassage): void {
    const last = gathered.at(-1)
    if (last?.documentId === documentId) last.pieces.push(text)
    else
      gathered.push({
        documentId,
        firstChunk: chunkId,
        pieces: [title, text],
        language,
        ...(vector === undefined ? {} : { vector }),
      })
  }

  return {
    add: (passages) => {
      for (const passage of passages) add(passage)
    },

    finish(report) {
      const total = texts.length + gathered.length
      report({ stage: 'comparing', done: 0, total })
      const { features, width } = featuresOf(texts, gathered)
      const labelled = texts.map(({ label, isExample }, i) => ({
        label,
        isExample,
        features: features[i] ?? EMPTY,
      }))
      const unlabelled = features.slice(texts.length)
      const examples = labelled.filter(({ isExample }) => isExample)
      const { heldOut, calibration, helpers } = chooseHelpers(examples, unlabelled, names.length, width)
      report({ stage: 'comparing', done: texts.length, total })
      const { temperature, leastScore, isCalibrated } = calibration
      const judge = (scores: Float64Array) => {
        const probabilities = softmax(scores, temperature)
        const likeliest = probabilities.indexOf(Math.max(...probabilities))
        const best = Math.max(...scores)
        const isLabelled = (probabilities[likeliest] ?? 0) >= minProbability && best > 0 && best >= leastScore
        return { probabilities, likeliest, isLabelled }
      }
      const model = fitCentroids(labelled, helpers, names.length, width)
      const items = gathered.map(({ documentId, firstChunk }, i): ClassifiedText => {
        const { probabilities, likeliest, isLabelled } = judge(model.score(unlabelled[i] ?? EMPTY))
        return {
          documentId,
          firstChunk,
          ...(isLabelled ? { label: likeliest } : {}),
          probabilities: [...probabilities].map((each) => Number(each.toFixed(4))),
        }
      })
      const judged = heldOut.map(({ label, scores }) => ({ truth: label, ...judge(scores) }))
      return {
        items,
        isCalibrated,
        ...(judged.length === 0
          ? {}
          : { evaluation: evaluateLabels(judged, names, logLoss(heldOut, temperature)) }),
      }
    },
  }
}

/**
 * Lets texts without a label help where held-out examples say that they do: a few words of a description would be swept away by what
 * texts have in common otherwise, such as their language.
 */
function chooseHelpers(
  examples: readonly LabelledFeatures[],
  unlabelled: readonly Features[],
  labels: number,
  width: number,
) {
  const [alone, helped] = [[], unlabelled].map((helpers) => {
    const heldOut = crossValidate(examples, helpers, labels, width)
    const calibration = calibrate(heldOut)
    const loss = heldOut.length === 0 ? Number.POSITIVE_INFINITY : logLoss(heldOut, calibration.temperature)
    return { heldOut, calibration, loss, helpers }
  }) as [Helped, Helped]
  return helped.loss < alone.loss ? helped : alone
}

type Helped = {
  readonly heldOut: HeldOut[]
  readonly calibration: Calibration
  /** Of the probabilities of held-out examples. */
  readonly loss: number
  readonly helpers: readonly Features[]
}

const EMPTY: Features = { ids: new Uint32Array(0), weights: new Float32Array(0) }

/** Of the labels' texts, then of the others: by their vectors where all have one, else by their terms. */
function featuresOf(
  texts: readonly LabelText[],
  gathered: readonly Gathered[],
): { readonly features: readonly Features[]; readonly width: number } {
  const vectors = [...texts, ...gathered].map(({ vector }) => vector)
  if (vectors.every((vector) => vector !== undefined))
    return { features: centredFeatures(vectors), width: vectors[0]?.length ?? 0 }
  const table = createTermTable()
  for (const { text } of texts) table.add([text], detectLanguage(text))
  for (const { pieces, language } of gathered) table.add(pieces, language)
  return { features: weighTerms(table), width: table.size }
}
