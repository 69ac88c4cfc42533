/**
 * The worker process: reads the files that its parent sends, one at a time. It has no keys in its environment and nobody
 * sees what it prints.
 */
import { extractFile } from './extract.js'
import type { WorkerRequest } from './isolated-extractor.js'
import { watchMemory } from './watch-memory.js'

const [maxMemoryBytes] = process.argv.slice(2)
watchMemory(Number(maxMemoryBytes))

process.on('message', async ({ bytes, ...options }: WorkerRequest) => {
  process.send?.(await extractFile(bytes, options))
})
