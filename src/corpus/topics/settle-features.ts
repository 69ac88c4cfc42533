import { accumulate, dot, type Features, scaleToUnit } from '../features/features.js'

const MAX_ROUNDS = 20

/**
 * Moves texts to the group whose centroid, by all their features, is nearest by cosine, until none moves: groups that were found in few
 * dimensions, where a text's less common words do not count, are told apart by those too. Gives the group of each text.
 */
export function settleFeatures(texts: readonly Features[], start: Int32Array): Int32Array {
  const count = start.reduce((most, group) => Math.max(most, group + 1), 1)
  const width = texts.reduce((most, { ids }) => ids.reduce((widest, id) => Math.max(widest, id + 1), most), 0)
  let groups = start
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const centroids = new Float64Array(count * width)
    for (const [i, text] of texts.entries()) accumulate(text, centroids, 1, (groups[i] ?? 0) * width)
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
  if (text === undefined) return own
  let nearest = own
  let best = dot(text, centroids, own * width)
  for (let from = 0, group = 0; from < centroids.length; from += width, group++) {
    const cosine = dot(text, centroids, from)
    if (cosine > best) [nearest, best] = [group, cosine]
  }
  return nearest
}
