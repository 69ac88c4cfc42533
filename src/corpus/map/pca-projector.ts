import { runInThread } from '../run-in-thread.js'
import { projectOntoPrincipalComponents } from './principal-components.js'
import type { Projector } from './projector.js'

/** Numbers that are projected in place: some 20 ms. */
const MAX_IN_PLACE = 200_000

/** Principal components; of many points in a thread of its own, so that requests are answered meanwhile. */
export const pcaProjector: Projector = {
  name: 'pca',
  async project(points, { signal } = {}) {
    if (points.values.length <= MAX_IN_PLACE) return projectOntoPrincipalComponents(points)
    return runInThread({ task: 'project', options: points, ...(signal === undefined ? {} : { signal }) })
  },
}
