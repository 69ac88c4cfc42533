import { Worker } from 'node:worker_threads'
import { GemdexError, throwIfAborted } from '../../../errors.js'
import { fromWire, type WireError } from './wire-error.js'

/** What a thread is asked, one call at a time. */
export type ThreadCall = {
  /** The store, or one of those that come with it. */
  readonly target: 'store' | 'sessions' | 'keys' | 'jobs' | 'gaps'
  readonly method: string
  readonly args: readonly unknown[]
}
/** A call as a thread gets it: the first one with what the thread is to work with. */
export type ThreadMessage = ThreadCall & { readonly setup?: unknown }
/** What it answers. */
export type ThreadAnswer = { readonly result: unknown } | { readonly error: WireError }

export type ThreadPoolOptions = {
  /** Path of the compiled program of a thread. */
  readonly script: string
  /** Threads at most; they are started when they are needed. */
  readonly size: number
  /** What a thread is to work with, by its number from 0; asked for at its first call. */
  readonly setup: (thread: number) => unknown
  /** Calls that may wait for a thread. */
  readonly maxWaiting: number
  /** Told of a thread that has died at work, before another is started in its place. */
  readonly onDeath?: (thread: number) => void
}

/**
 * Of the space for new objects of a thread, three times what V8 fills before it looks for garbage in it. By itself it takes up to
 * 48 MB, and keeps them while the thread is idle; with this, writing takes 3 to 9 % more processor time.
 */
const YOUNG_GENERATION_MB = 12

export type CallOptions = { readonly signal?: AbortSignal | undefined }

export interface ThreadPool {
  /** Starts a thread, which loads its program, before it is needed. */
  warm(): void
  /**
   * What the method gives in the first thread that is free. Throws what it throws; OVERLOADED when too many calls wait;
   * CANCELLED when the signal aborts before a thread was free (a call under way runs to its end); STORE_FAILED when the
   * thread dies.
   */
  call(call: ThreadCall, options?: CallOptions): Promise<unknown>
  /** Resolves when all that was asked is done and the threads have ended, one after the other. */
  close(): Promise<void>
}

type Waiting = {
  readonly start: (thread: Thread) => void
  readonly fail: (error: unknown) => void
}

type Thread = { readonly worker: Worker; readonly number: number; isSetUp: boolean }

/** Threads that answer calls. Idle ones do not keep the process alive. */
export function createThreadPool(options: ThreadPoolOptions): ThreadPool {
  const idle: Thread[] = []
  const busy = new Set<Thread>()
  const waiting: Waiting[] = []
  let wakeCloser = () => {}

  function startThread(): Thread {
    const taken = new Set([...idle, ...busy].map(({ number }) => number))
    let number = 0
    while (taken.has(number)) number++
    // Options of the process, such as `--input-type` of `node --eval`, are not for a script of ours.
    const worker = new Worker(options.script, {
      execArgv: [],
      resourceLimits: { maxYoungGenerationSizeMb: YOUNG_GENERATION_MB },
    })
    worker.unref()
    const thread = { worker, number, isSetUp: false }
    // An idle thread that ends is forgotten; a busy one is heard of by its call.
    worker.once('exit', () => remove(idle, thread))
    worker.on('error', () => {})
    return thread
  }

  function next(): void {
    while (waiting.length > 0) {
      if (idle.length === 0 && busy.size >= options.size) return
      const thread = idle.pop() ?? startThread()
      busy.add(thread)
      waiting.shift()?.start(thread)
    }
    if (busy.size === 0) wakeCloser()
  }

  function run(call: ThreadCall, thread: Thread): Promise<unknown> {
    const { worker } = thread
    return new Promise((resolve, reject) => {
      const settle = (act: () => void) => {
        worker.off('message', onMessage).off('error', onError).off('exit', onExit)
        worker.unref()
        busy.delete(thread)
        act()
        next()
      }
      const onMessage = (answer: ThreadAnswer) =>
        settle(() => {
          idle.push(thread)
          // Node hands on up to a thousand messages before its loop turns. As each is answered by a call whose answer comes while
          // the next is worked on, the loop would not turn before all waiting calls are done, and nobody else be served.
          setImmediate(() => ('error' in answer ? reject(fromWire(answer.error)) : resolve(answer.result)))
        })
      const die = (cause: unknown) =>
        settle(() => {
          void worker.terminate()
          options.onDeath?.(thread.number)
          reject(died(cause))
        })
      const onError = (error: unknown) => die(error)
      const onExit = (code: number) => die(new Error(`The thread ended with ${code}`))
      worker.on('message', onMessage).on('error', onError).on('exit', onExit)
      worker.ref()
      const message: ThreadMessage = thread.isSetUp ? call : { ...call, setup: options.setup(thread.number) }
      worker.postMessage(message)
      thread.isSetUp = true
    })
  }

  return {
    warm() {
      if (idle.length === 0 && busy.size === 0) idle.push(startThread())
    },

    call(asked, { signal } = {}) {
      return new Promise((resolve, reject) => {
        throwIfAborted(signal)
        if (waiting.length >= options.maxWaiting) throw overloaded(waiting.length)
        const cancel = () => {
          remove(waiting, call)
          call.fail(new GemdexError('CANCELLED', 'The operation was cancelled'))
        }
        const call: Waiting = {
          start: (thread) => {
            signal?.removeEventListener('abort', cancel)
            run(asked, thread).then(resolve, reject)
          },
          fail: reject,
        }
        signal?.addEventListener('abort', cancel, { once: true })
        waiting.push(call)
        next()
      })
    },

    async close() {
      if (busy.size > 0) {
        await new Promise<void>((resolve) => {
          wakeCloser = resolve
        })
      }
      for (const { worker } of idle.splice(0)) await end(worker)
    },
  }
}

function remove<T>(list: T[], item: T): void {
  const at = list.indexOf(item)
  if (at !== -1) list.splice(at, 1)
}

/** Asks a thread to end by itself, so that it closes what it has open. */
function end(worker: Worker): Promise<void> {
  return new Promise((resolve) => {
    worker.once('exit', () => resolve())
    worker.ref()
    worker.postMessage(null)
  })
}

function overloaded(waiting: number): GemdexError {
  return new GemdexError('OVERLOADED', `${waiting} calls wait for the index already`, {
    hint: 'Try again in a moment.',
    retryable: true,
    retryAfterMs: 1000,
  })
}

function died(cause: unknown): GemdexError {
  return new GemdexError('STORE_FAILED', 'The thread that worked on the index died', {
    retryable: true,
    cause,
  })
}
