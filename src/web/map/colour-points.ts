import type { CorpusMap } from '../../api/client.js'

export type Point = CorpusMap['points'][number]

/** Points of one colour. `slot` numbers the colours of the style sheet; the last one is for whatever is left. */
export type Group = { readonly name: string; readonly slot: number; readonly points: readonly Point[] }

/** Colours that can be told apart, also by most who do not see all of them. */
export const SLOTS = 8
const OTHERS = 'others'

/** The points by collection or type: the largest groups have colours of their own, small ones share the last. */
export function colourPoints(points: readonly Point[], by: 'collection' | 'type'): Group[] {
  const byName = new Map<string, Point[]>()
  for (const point of points) {
    const alike = byName.get(point[by])
    if (alike === undefined) byName.set(point[by], [point])
    else alike.push(point)
  }
  const groups = [...byName].sort(([a, own], [b, other]) => other.length - own.length || (a < b ? -1 : 1))
  if (groups.length <= SLOTS) return groups.map(([name, own], slot) => ({ name, slot, points: own }))
  return [
    ...groups.slice(0, SLOTS - 1).map(([name, own], slot) => ({ name, slot, points: own })),
    { name: OTHERS, slot: SLOTS - 1, points: groups.slice(SLOTS - 1).flatMap(([, own]) => own) },
  ]
}
