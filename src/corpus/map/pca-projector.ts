import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { builtFile } from '../../built-file.js'
import { projectOntoPrincipalComponents } from './principal-components.js'
import type { Projector } from './projector.js'

/** Numbers that are projected in place: some 20 ms. */
const MAX_IN_PLACE = 200_000

/** Principal components; of many points in a thread of its own, so that requests are answered meanwhile. */
export const pcaProjector: Projector = {
  name: 'pca',
  async project(points) {
    if (points.values.length <= MAX_IN_PLACE) return projectOntoPrincipalComponents(points)
    const thread = new Worker(builtFile('./projection-thread.js', import.meta.url), {
      workerData: points,
      transferList: [points.values.buffer as ArrayBuffer],
    })
    // Whoever ends the program does not wait for a drawing.
    thread.unref()
    const [drawn] = (await once(thread, 'message')) as [Float32Array]
    return drawn
  },
}
