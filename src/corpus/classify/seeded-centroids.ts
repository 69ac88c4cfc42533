import { accumulate, dot, type Features, scaleToUnit } from '../features/features.js'

/** Rounds in which texts without a label help: they settle in fewer. */
const ROUNDS = 10
/** What an example counts against a text without a label. */
const EXAMPLE_WEIGHT = 2
/** Difference of cosines that makes a text e times likelier one label than another, while labels are spread. */
const SPREAD_TEMPERATURE = 0.02

export type LabelledFeatures = { readonly features: Features; readonly label: number }

export type CentroidModel = {
  /** Cosines to the centroids of all labels. */
  score(features: Features): Float64Array
}

/**
 * Centroids of labels from examples and, in some rounds, from texts whose labels are not known, each of which counts for a label as
 * far as it seems to belong to it (seeded k-means: Basu, Banerjee & Mooney, ICML 2002). `width` is the number of components.
 */
export function fitCentroids(
  examples: readonly LabelledFeatures[],
  unlabelled: readonly Features[],
  labels: number,
  width: number,
): CentroidModel {
  const seeds = new Float64Array(labels * width)
  for (const { features, label } of examples) accumulate(features, seeds, EXAMPLE_WEIGHT, label * width)
  let centroids = scaled(seeds, labels, width)
  const score = (features: Features) =>
    Float64Array.from({ length: labels }, (_, label) => dot(features, centroids, label * width))
  for (let round = 0; round < ROUNDS && unlabelled.length > 0; round++) {
    const sums = seeds.slice()
    for (const features of unlabelled) {
      for (const [label, share] of softmax(score(features), SPREAD_TEMPERATURE).entries())
        if (share > 0.001) accumulate(features, sums, share, label * width)
    }
    centroids = scaled(sums, labels, width)
  }
  return { score }
}

/** Probabilities that add up to 1. */
export function softmax(scores: Float64Array, temperature: number): Float64Array {
  const highest = Math.max(...scores)
  const powers = scores.map((score) => Math.exp((score - highest) / temperature))
  const sum = powers.reduce((total, power) => total + power, 0)
  return powers.map((power) => power / sum)
}

function scaled(sums: Float64Array, labels: number, width: number): Float64Array {
  const centroids = sums.slice()
  for (let label = 0; label < labels; label++) scaleToUnit(centroids, label * width, width)
  return centroids
}
