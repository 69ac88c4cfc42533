import { parentPort, workerData } from 'node:worker_threads'
import { projectOntoPrincipalComponents } from './principal-components.js'
import type { PointMatrix } from './projector.js'

/** Program of a thread: projects the points it was started with, and ends. */
const drawn = projectOntoPrincipalComponents(workerData as PointMatrix)
parentPort?.postMessage(drawn, [drawn.buffer as ArrayBuffer])
