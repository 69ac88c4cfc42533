import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

const PROGRAM = fileURLToPath(new URL('../../dist/main.js', import.meta.url))

export type Environment = Readonly<Record<string, string>>

/** Runs a command of the built program over the index of a folder; gives what it wrote to standard output. */
export async function runProgram(
  folder: string,
  args: readonly string[],
  env: Environment = {},
): Promise<string> {
  const child = start(folder, args, env)
  let text = ''
  let errors = ''
  child.stdout?.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk
  })
  child.stderr?.setEncoding('utf8').on('data', (chunk: string) => {
    errors += chunk
  })
  const [code] = (await once(child, 'close')) as [number | null]
  if (code !== 0) throw new Error(`gemdex ${args.join(' ')} ended with ${code}:\n${errors}`)
  return text
}

/** Starts `serve` on a free port, or the one that is named. */
export async function serveProgram(
  folder: string,
  env: Environment = {},
  port = 0,
): Promise<{ readonly url: string; stop(): Promise<void> }> {
  const child = start(folder, ['serve', '--port', String(port)], env)
  // A pipe that is full would hold up whoever writes into it.
  child.stderr?.resume()
  const url = await new Promise<string>((resolve, reject) => {
    let text = ''
    child.stdout?.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk
      const found = /^Serving (http:\/\/\S+)/m.exec(text)?.[1]
      if (found !== undefined) resolve(found)
    })
    child.once('exit', (code) => reject(new Error(`The service ended with ${code}`)))
  })
  return {
    url,
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return
      const ended = once(child, 'exit')
      child.kill('SIGTERM')
      await ended
    },
  }
}

function start(folder: string, args: readonly string[], env: Environment): ChildProcess {
  const { PATH = '' } = process.env
  return spawn(process.execPath, [PROGRAM, '--db', `${folder}/index.db`, ...args], {
    env: { PATH, HOME: folder, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
}
