import { type ChildProcess, fork } from 'node:child_process'

/** How a process ended that was still at work. */
export type WorkerExit = { readonly exitCode: number | null; readonly signal: NodeJS.Signals | null }

/** Thrown when a process ends before it has answered. */
export class WorkerExitError extends Error {
  readonly exit: WorkerExit

  constructor(exit: WorkerExit) {
    super(`A worker process ended with ${exit.signal ?? exit.exitCode}`)
    this.name = 'WorkerExitError'
    this.exit = exit
  }
}

export type WorkerProcessOptions = {
  /** Path of the program. It answers each message (`process.on('message')`) with one of its own (`process.send`). */
  readonly script: string
  readonly arguments: readonly string[]
  readonly nodeOptions: readonly string[]
}

/** A process that answers one message at a time. */
export interface WorkerProcess {
  /** Throws WorkerExitError when the process ends first, which `kill` makes it do. */
  ask(message: unknown): Promise<unknown>
  kill(): void
  readonly isAlive: boolean
}

/** Starts a process with an empty environment whose output nobody sees. It does not keep this one alive. */
export function startWorkerProcess(options: WorkerProcessOptions): WorkerProcess {
  const child = fork(options.script, [...options.arguments], {
    execArgv: [...options.nodeOptions],
    env: {},
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    // Bytes and offsets go over as they are.
    serialization: 'advanced',
  })
  let exit: WorkerExit | undefined
  child.once('exit', (exitCode, signal) => {
    exit = { exitCode, signal }
  })
  // Without a listener a failed start would end this process; what waits for an answer hears of it below.
  child.on('error', () => {})
  keepAlive(child, false)

  return {
    get isAlive() {
      return exit === undefined && child.exitCode === null && child.connected
    },
    async ask(message) {
      if (exit !== undefined) throw new WorkerExitError(exit)
      keepAlive(child, true)
      try {
        return await answerOf(child, message)
      } finally {
        keepAlive(child, false)
      }
    },
    kill() {
      child.kill('SIGKILL')
    },
  }
}

function answerOf(child: ChildProcess, message: unknown): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const settle = (act: () => void) => {
      child.off('message', onMessage).off('exit', onExit).off('error', onError)
      act()
    }
    const onMessage = (answer: unknown) => settle(() => resolve(answer))
    const onExit = (exitCode: number | null, signal: NodeJS.Signals | null) =>
      settle(() => reject(new WorkerExitError({ exitCode, signal })))
    // A message that could not be sent: the process is ending, and its exit says how.
    const onError = (error: unknown) => {
      if (child.pid === undefined) settle(() => reject(error))
    }
    child.on('message', onMessage).on('exit', onExit).on('error', onError)
    child.send(message as object)
  })
}

/** Whether this process waits for the child before it ends. */
function keepAlive(child: ChildProcess, isNeeded: boolean): void {
  if (isNeeded) {
    child.ref()
    child.channel?.ref()
  } else {
    child.unref()
    child.channel?.unref()
  }
}
