/** A worker program that does with a file what the file's name says. */
import type { Skipped } from '../../src/extract/extractor.js'
import type { WorkerRequest } from '../../src/extract/isolated-extractor.js'
import { watchMemory } from '../../src/extract/watch-memory.js'

watchMemory(Number(process.argv[2]))

const hoard: unknown[] = []

function answer({ bytes, name }: WorkerRequest): Skipped {
  if (name === 'loop') for (;;) hoard.length = 0
  if (name === 'heap') for (;;) hoard.push({ text: `${hoard.length}`.repeat(9) })
  if (name === 'buffers') for (;;) hoard.push(Buffer.alloc(1 << 20, 1))
  if (name === 'crash') process.kill(process.pid, 'SIGSEGV')
  if (name === 'exit') process.exit(3)
  if (name === 'environment') return { skipped: 'NO_TEXT', message: JSON.stringify(process.env) }
  return { skipped: 'NO_TEXT', message: `${name}, ${bytes.length} bytes, process ${process.pid}` }
}

process.on('message', (request: WorkerRequest) => process.send?.(answer(request)))
