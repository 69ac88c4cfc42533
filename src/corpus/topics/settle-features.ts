import { accumulate, dot, type Features, scaleToUnit } from '../features/features.js'

const MAX_ROUNDS = 20

/**
 * Moves texts to the group whose centroid, by all their features, is nearest by cosine, until none moves: groups that were found in few
 * dimensions, where a text's less common words do not count, are told apart by those too. `start` is -1 for
 * texts of no group yet. Gives the group of each text.
 */
export function settleFeatures(texts: readonly Features[], start: Int32Array): Int32Array {
  const count = start.reduce((most, group) => Math.max(most, group + 1), 1)
  const width = texts.reduce((most, { ids }) => ids.reduce((widest, id) => Math.max(widest, id + 1), most), 0)
  let groups = start
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const centroids = new Float64Array(count * width)
    for (const [i, text] of texts.entries()) {
      const group = groups[i] ?? -1
      if (group >= 0) accumulate(text, centroids, 1, group * width)
    }
    // A group that has lost all its texts is no choice: its centroid would be at no distance from a text unlike all others.
    const choices = [...new Set(groups)].filter((group) => group >= 0)
    for (const group of choices) scaleToUnit(centroids, group * width, width)
    const next = groups.map((own, i) => nearestGroup(texts[i], centroids, width, own, choices))
    const isSettled = next.every((group, i) => group === groups[i])
    groups = next
    if (isSettled) break
  }
  return groups
}

/** A text that is as near to another group stays. */
function nearestGroup(
  text: Features | undefined,
  centroids: Float64Array,
  width: number,
  own: number,
  choices: readonly number[],
): number {
  let nearest = Math.max(0, own)
  if (text === undefined) return nearest
  let best = own < 0 ? Number.NEGATIVE_INFINITY : dot(text, centroids, own * width)
  for (const group of choices) {
    const cosine = dot(text, centroids, group * width)
    if (cosine > best) [nearest, best] = [group, cosine]
  }
  return nearest
}
