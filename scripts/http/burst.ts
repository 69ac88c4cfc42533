import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

/** An answer as it came; without a status when the connection broke. */
export type Received = {
  readonly status?: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

export type BurstAnswer = Received & {
  /** From when the request was handed to the system until the first byte of the answer was read; none came of NaN. */
  readonly ms: number
}

/** `new` ones are made as part of the burst, `open` ones stand and are idle when it begins. */
export type Connections = 'new' | 'open'

export type Burst = {
  readonly port: number
  readonly count: number
  readonly connections: Connections
  readonly path: string
  readonly body: unknown
  /** Time for a server to accept connections before the burst, and to have nothing left to do for them. */
  readonly settleMs: number
}

export type BurstClient = {
  /**
   * Sends requests at once, each over a connection of its own, and keeps these until all are answered; answers have to have a length.
   * One burst at a time. Throws when the client ends before that, as it does when a connection that is to stand cannot be made.
   */
  send(burst: Burst): Promise<BurstAnswer[]>
  close(): void
}

/** A client in a process of its own, so that neither whoever asks nor what else is watched takes its time. */
export function openBurstClient(): BurstClient {
  const child = fork(fileURLToPath(new URL('./burst-client.js', import.meta.url)), {
    serialization: 'advanced',
  })
  return {
    async send(burst) {
      child.send(burst)
      const settled = new AbortController()
      const { signal } = settled
      const answers = once(child, 'message', { signal }).then(([message]) => message as BurstAnswer[])
      const end = once(child, 'exit', { signal }).then(([code]) => {
        throw new Error(
          `The client of ${burst.count} requests to port ${burst.port} ended with exit code ${code}`,
        )
      })
      return Promise.race([answers, end]).finally(() => settled.abort())
    },
    close: () => {
      if (child.connected) child.disconnect()
    },
  }
}
