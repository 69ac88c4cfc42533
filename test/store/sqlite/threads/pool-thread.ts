import { parentPort } from 'node:worker_threads'
import { GemdexError } from '../../../../src/errors.js'
import type { ThreadMessage } from '../../../../src/store/sqlite/threads/thread-pool.js'
import { toWire } from '../../../../src/store/sqlite/threads/wire-error.js'

let number: unknown

/** A thread that does as it is told: answers with its number, waits until a cell is set, fails, or dies. */
const methods: Readonly<Record<string, (...args: never[]) => unknown>> = {
  number: () => number,
  wait: (cell: Int32Array) => {
    Atomics.wait(cell, 0, 0)
    return number
  },
  refuse: () => {
    throw new GemdexError('NOT_FOUND', 'There is none', { hint: 'Look elsewhere.', cause: new Error('deep') })
  },
  throw: () => {
    throw new TypeError('a fault')
  },
  die: () => process.exit(7),
}

function answer({ method, args, setup }: ThreadMessage) {
  number ??= setup
  try {
    return { result: methods[method]?.(...(args as never[])) }
  } catch (thrown) {
    return { error: toWire(thrown) }
  }
}

parentPort?.on('message', (call: ThreadMessage | null) => {
  if (call === null) parentPort?.close()
  else parentPort?.postMessage(answer(call))
})
