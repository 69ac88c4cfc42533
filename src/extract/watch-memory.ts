import { Worker } from 'node:worker_threads'

/** Between two looks: a parser that inflates a bomb takes some 100 MB meanwhile. */
const WATCH_EVERY_MS = 50

/**
 * Kills this process when its memory (resident set) passes `maxBytes`, or when its parent is gone. Watches from a thread of
 * its own, as a parser in a loop lets nothing else run in its thread. (V8's own limits do not count buffers.)
 */
export function watchMemory(maxBytes: number): void {
  const program = `
    const { ppid } = process
    setInterval(() => {
      if (process.ppid !== ppid || process.memoryUsage.rss() > ${maxBytes}) process.kill(process.pid, 'SIGKILL')
    }, ${WATCH_EVERY_MS})`
  new Worker(program, { eval: true }).unref()
}
