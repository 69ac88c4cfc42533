import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

export type ForkedServer = { readonly port: number; stop(): void }

/**
 * Starts a program of this folder that serves on any free port, tells the port as its first message and ends when it is
 * disconnected: what others do while something is measured is not to take the time of whoever measures.
 */
export async function forkServer(name: string, message: string | number | object): Promise<ForkedServer> {
  const child = fork(fileURLToPath(new URL(`./${name}.js`, import.meta.url)))
  child.send(message)
  const [port] = (await once(child, 'message')) as [number]
  return { port, stop: () => child.disconnect() }
}
