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
    for (let group = 0; group < count; group++) scaleToUnit(centroids, group * width, width)
    const next = groups.map((own, i) => nearestGroup(texts[i], centroids, width, own))
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
): number {
  let nearest = Math.max(0, own)
  if (text === undefined) return nearest
  let best = dot(text, centroids, nearest * width)
  for (let from = 0, group = 0; from < centroids.length; from += width, group++) {
    const cosine = dot(text, centroids, from)
    if (cosine > best) [nearest, best] = [group, cosine]
  }
  return nearest
}
