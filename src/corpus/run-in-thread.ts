import { Worker } from 'node:worker_threads'
import { builtFile } from '../built-file.js'
import { GemdexError } from '../errors.js'
import type { CorpusPassage, CorpusRun } from './corpus-passage.js'
import type {
  FromThread,
  TaskName,
  TaskOptions,
  TaskResult,
  ThreadData,
  ToThread,
} from './thread-messages.js'

export type ThreadRun<Name extends TaskName> = CorpusRun & {
  readonly task: Name
  readonly options: TaskOptions<Name>
  readonly pages?: AsyncIterable<readonly CorpusPassage[]>
}

/**
 * Runs a step over a corpus in a thread of its own, which reads the next page while the one before is worked on. Throws
 * CANCELLED as soon as the signal aborts, which ends the thread wherever it is, and INTERNAL when the thread dies.
 */
export async function runInThread<Name extends TaskName>(run: ThreadRun<Name>): Promise<TaskResult<Name>> {
  const { signal, onProgress } = run
  const workerData: ThreadData = { name: run.task, options: run.options }
  // Options of the process, such as `--input-type` of `node --eval`, are not for a script of ours.
  const worker = new Worker(builtFile('./corpus-thread.js', import.meta.url), { workerData, execArgv: [] })
  const cancelled = () => new GemdexError('CANCELLED', 'The operation was cancelled')
  let settle: { take: (message: FromThread) => void; fail: (error: unknown) => void } | undefined
  const died = (cause: unknown) =>
    settle?.fail(new GemdexError('INTERNAL', 'The thread that worked on the corpus died', { cause }))
  worker.on('error', died).on('exit', (code) => died(new Error(`It ended with ${code}`)))
  worker.on('message', (message: FromThread) => {
    if (message.type === 'progress') onProgress?.(message.progress)
    else if (message.type === 'failed') settle?.fail(new GemdexError(message.code, message.message))
    else settle?.take(message)
  })
  const abort = () => settle?.fail(cancelled())
  signal?.addEventListener('abort', abort)

  /** Sends a message and gives what it is answered with. */
  function ask(message: ToThread): Promise<FromThread> {
    const answered = new Promise<FromThread>((resolve, reject) => {
      settle = { take: resolve, fail: reject }
      if (signal?.aborted) reject(cancelled())
      else worker.postMessage(message)
    })
    // Another page is read before anybody looks.
    answered.catch(() => {})
    return answered
  }

  try {
    let taken: Promise<unknown> = Promise.resolve()
    for await (const passages of run.pages ?? []) {
      await taken
      taken = ask({ passages })
    }
    await taken
    const last = await ask('finish')
    return (last.type === 'result' ? last.result : undefined) as TaskResult<Name>
  } finally {
    signal?.removeEventListener('abort', abort)
    settle = undefined
    await worker.terminate()
  }
}
