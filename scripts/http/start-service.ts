import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'

export type Service = {
  readonly url: string
  readonly port: number
  readonly child: ChildProcess
  /** What it wrote to standard error. */
  readonly errors: () => string
  /** Its memory after a forced collection of garbage. */
  memory(): Promise<Memory>
  stop(signal?: NodeJS.Signals): Promise<number | null>
}

export type Memory = {
  readonly heapBytes: number
  /** Outside of the heap, bound to objects in it. */
  readonly externalBytes: number
  readonly residentBytes: number
}

const PROGRAM = 'dist/main.js'
const TELL_MEMORY = new URL('./tell-memory.js', import.meta.url).href

/** Starts the built program as a service on any free port of this machine. */
export async function startService(env: Readonly<Record<string, string>>): Promise<Service> {
  const { PATH = '' } = process.env
  const flags = ['--expose-gc', '--import', TELL_MEMORY]
  const child = spawn(process.execPath, [...flags, PROGRAM, 'serve', '--port', '0'], {
    env: { PATH, ...env },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  })
  let errors = ''
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    errors = (errors + text).slice(-100_000)
  })
  const url = await new Promise<string>((resolve, reject) => {
    let text = ''
    child.stdout?.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk
      const found = /^Serving (http:\/\/\S+)/m.exec(text)?.[1]
      if (found !== undefined) resolve(found)
    })
    child.once('exit', (code) => reject(new Error(`The service ended with ${code}:\n${errors}`)))
  })
  return {
    url,
    port: Number(new URL(url).port),
    child,
    errors: () => errors,
    async memory() {
      const told = once(child, 'message')
      child.send('memory')
      const [memory] = (await told) as [Memory]
      return memory
    },
    async stop(signal = 'SIGTERM') {
      if (child.exitCode !== null) return child.exitCode
      child.kill(signal)
      const [code] = (await once(child, 'exit')) as [number | null]
      return code
    },
  }
}
