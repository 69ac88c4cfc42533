import pLimit from 'p-limit'
import { throwIfAborted } from '../errors.js'
import type { ExtractedFile, ExtractLimits, ExtractOptions, Skipped } from './extractor.js'
import { startWorkerProcess, WorkerExitError, type WorkerProcess } from './worker-process.js'

/** Above this size even plain text is read in a worker, as reading it would hold up everything else. */
const IN_PROCESS_BYTES = 256 * 1024

/**
 * WebAssembly without V8's second compiler: on tree-sitter's lexers, functions of 100,000 instructions, that one works for up
 * to 15 s of processor time, and the next grammar waits for it. All in all the first compiler's code is as fast.
 */
const WASM_OPTIONS = ['--liftoff-only']

export type IsolationLimits = {
  /** Milliseconds of wall time for one file with all that is within it. */
  readonly timeoutMs: number
  /** Bytes of the V8 heap of a worker, and of its whole memory. */
  readonly maxHeapBytes: number
  readonly maxMemoryBytes: number
}

/**
 * Twenty seconds are ten times what the slowest real file took. The heap holds what a library makes of 100 MB of office
 * file; buffers come on top.
 */
export const defaultIsolationLimits: IsolationLimits = {
  timeoutMs: 20_000,
  maxHeapBytes: 512 << 20,
  maxMemoryBytes: 640 << 20,
}

export type IsolatedExtractorOptions = {
  /** Path of the compiled worker program. */
  readonly script: string
  readonly limits: ExtractLimits
  readonly isolation: IsolationLimits
  /** Worker processes at most; they are started when first needed. */
  readonly workers: number
}

export type FileExtractorOptions = Omit<ExtractOptions, 'limits'>

/** What a worker is sent; it answers with an ExtractedFile or a Skipped. */
export type WorkerRequest = Omit<ExtractOptions, 'signal'> & { readonly bytes: Uint8Array }

export interface FileExtractor {
  /** The documents of a file, or why there are none. Throws CANCELLED only. */
  extractFile(bytes: Uint8Array, options: FileExtractorOptions): Promise<ExtractedFile | Skipped>
  /** Ends the workers. */
  close(): Promise<void>
}

/**
 * Reads plain text in this process and everything else in workers of limited time and memory. A worker that passes a limit
 * or crashes is killed and costs the one file it was reading: TIMEOUT, TOO_LARGE or PARSE_ERROR.
 */
export function createIsolatedExtractor(options: IsolatedExtractorOptions): FileExtractor {
  const { limits, isolation } = options
  const atOnce = pLimit(options.workers)
  const idle: WorkerProcess[] = []
  const all = new Set<WorkerProcess>()

  function takeWorker(): WorkerProcess {
    for (let worker = idle.pop(); worker !== undefined; worker = idle.pop()) {
      if (worker.isAlive) return worker
      all.delete(worker)
    }
    const worker = startWorkerProcess({
      script: options.script,
      arguments: [String(isolation.maxMemoryBytes)],
      nodeOptions: [
        `--max-old-space-size=${Math.floor(isolation.maxHeapBytes / (1 << 20))}`,
        ...WASM_OPTIONS,
      ],
    })
    all.add(worker)
    return worker
  }

  async function extractInWorker(
    request: WorkerRequest,
    signal: AbortSignal | undefined,
  ): Promise<ExtractedFile | Skipped> {
    throwIfAborted(signal)
    const worker = takeWorker()
    let isLate = false
    const timer = setTimeout(() => {
      isLate = true
      worker.kill()
    }, isolation.timeoutMs)
    const cancel = () => worker.kill()
    signal?.addEventListener('abort', cancel, { once: true })
    try {
      const answer = (await worker.ask(request)) as ExtractedFile | Skipped
      idle.push(worker)
      return answer
    } catch (thrown) {
      all.delete(worker)
      throwIfAborted(signal)
      if (isLate)
        return { skipped: 'TIMEOUT', message: `Reading it took longer than ${isolation.timeoutMs / 1000} s` }
      return skipOf(thrown, isolation)
    } finally {
      clearTimeout(timer)
      signal?.removeEventListener('abort', cancel)
    }
  }

  return {
    async extractFile(bytes, options) {
      const { signal, ...request } = options
      // Hundreds of modules, which a process that only searches does without.
      const { chooseExtractor, extractFile } = await import('./extract.js')
      const isIsolated = chooseExtractor(bytes, options.name)?.isIsolated ?? false
      if (isIsolated || bytes.length > IN_PROCESS_BYTES)
        return atOnce(() => extractInWorker({ ...request, bytes, limits }, signal))
      return extractFile(bytes, { ...options, limits })
    },
    async close() {
      for (const worker of all) worker.kill()
      all.clear()
      idle.length = 0
    },
  }
}

/** What ended a worker, as the reason why its file is skipped. */
function skipOf(thrown: unknown, { maxMemoryBytes }: IsolationLimits): Skipped {
  const exit = thrown instanceof WorkerExitError ? thrown.exit : undefined
  // Killed by its own watch, or given up by V8, which aborts (134 through a shell) when its heap is full.
  const isMemory = ['SIGKILL', 'SIGABRT', 'SIGTRAP'].includes(exit?.signal ?? '') || exit?.exitCode === 134
  return isMemory
    ? { skipped: 'TOO_LARGE', message: `Reading it took more than ${maxMemoryBytes >> 20} MB of memory` }
    : { skipped: 'PARSE_ERROR', message: 'The program that reads such files crashed on it' }
}
