import { runInThread } from '../run-in-thread.js'
import type { Projector } from './projector.js'

/** Numbers that are projected in place: some 20 ms. */
const MAX_IN_PLACE = 200_000

/** Draws in a thread of its own, so that requests are answered meanwhile; few points by their variance in place. */
export const threadProjector: Projector = {
  async project(layout, run = {}) {
    const { points, projection } = layout
    if (projection === 'pca' && points.values.length <= MAX_IN_PLACE)
      return (await import('./lay-out.js')).layOut(layout)
    return runInThread({ ...run, task: 'project', options: layout })
  },
}
