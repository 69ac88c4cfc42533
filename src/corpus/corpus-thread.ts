/** The program of a thread that works on a whole corpus: one task, from its first page to its result. */
import { constants, setPriority } from 'node:os'
import { parentPort, workerData } from 'node:worker_threads'
import { toGemdexError } from '../errors.js'
import type { CorpusTask } from './corpus-task.js'
import { corpusTasks, type FromThread, type ThreadData, type ToThread } from './thread-messages.js'

const { name, options } = workerData as ThreadData
// What a task takes is checked where its thread is started.
const task = (corpusTasks[name] as (options: unknown) => CorpusTask<unknown>)(options)

// Searches go first where processors are few. On Linux the priority is that of this thread alone.
if (process.platform === 'linux') setPriority(constants.priority.PRIORITY_LOW)

function tell(message: FromThread): void {
  parentPort?.postMessage(message)
}

parentPort?.on('message', (message: ToThread) => {
  try {
    if (message === 'finish') {
      tell({ type: 'result', result: task.finish((progress) => tell({ type: 'progress', progress })) })
      return
    }
    task.add(message.passages)
    tell({ type: 'taken' })
  } catch (thrown) {
    const error = toGemdexError(thrown)
    const cause = error.cause instanceof Error ? `: ${error.cause.message}` : ''
    tell({ type: 'failed', code: error.code, message: `${error.message}${cause}` })
  }
})
