import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { afterAll } from 'vitest'
import { runCli } from '../../src/cli/run-cli.js'
import { openEngine } from '../../src/compose.js'
import { diagnose } from '../../src/diagnose.js'
import * as upkeep from '../../src/upkeep.js'

/** The built program; `npx tsc -p tsconfig.build.json` makes it. */
export const PROGRAM = fileURLToPath(new URL('../../dist/main.js', import.meta.url))
const DEADLINE_MS = 25_000
/** A service lives as long as the tests that use it. */
const SERVICE_DEADLINE_MS = 240_000

export type Environment = Readonly<Record<string, string | undefined>>

export type Ran = {
  /** Null when a signal ended the process. */
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

export type RunOptions = {
  readonly env?: Environment
  /** What standard input holds; null leaves it open, for `feed`. Default nothing. */
  readonly stdin?: string | Uint8Array | null
  /** Within the sandbox; default its folder. */
  readonly cwd?: string
  /** A program that is not done by then hangs. */
  readonly deadlineMs?: number
}

/** A program that goes on until it is told to end. */
export type Running = {
  /** Writes to standard input; resolves when the pipe has taken all of it (a pipe alone holds 64 KiB). */
  feed(text: string): Promise<void>
  /** Resolves with the match once standard output (or `stderr`) matches; rejects when the program ends before. */
  waitFor(pattern: RegExp, stream?: 'stdout' | 'stderr'): Promise<RegExpExecArray>
  /** Sends the signal and waits for the end. */
  stop(signal: 'SIGINT' | 'SIGTERM' | 'SIGKILL'): Promise<Ran>
  readonly ended: Promise<Ran>
}

/** A user's world of their own: home, configuration, data and working folder, all empty, and no keys. */
export type Sandbox = {
  readonly folder: string
  path(...parts: readonly string[]): string
  /** Writes files, named relative to the folder. */
  write(files: Readonly<Record<string, string | Uint8Array>>): void
  run(args: readonly string[], options?: RunOptions): Promise<Ran>
  /** The same command line in this process, from the sources: for tables of cases, since a start costs 0.3 s. */
  cli(args: readonly string[], options?: RunOptions): Promise<Ran>
  /** JSON of a command, in this process; fails unless it exits with `code`. */
  json(args: readonly string[], options?: RunOptions & { readonly code?: number }): Promise<unknown>
  start(args: readonly string[], options?: RunOptions): Running
  /** Starts `serve` on any free port and gives its address. */
  serve(options?: RunOptions): Promise<Running & { readonly url: string }>
  /** Another world, which goes together with this one. */
  fresh(): Sandbox
}

/** Makes a sandbox that lasts as long as the test file (or suite) it is made in. */
export function createSandbox(): Sandbox {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'gemdex-e2e-')))
  const children = new Set<ChildProcess>()
  let made = 0
  afterAll(() => {
    for (const child of children) child.kill('SIGKILL')
    rmSync(folder, { recursive: true, force: true })
  })
  const next = () => {
    made++
    return sandboxIn(join(folder, `world-${made}`), children, next)
  }
  return next()
}

function sandboxIn(world: string, children: Set<ChildProcess>, fresh: () => Sandbox): Sandbox {
  const folder = join(world, 'work')
  mkdirSync(folder, { recursive: true })
  const path = (...parts: readonly string[]) => join(folder, ...parts)
  const base: Environment = {
    PATH: process.env.PATH,
    HOME: join(world, 'home'),
    XDG_CONFIG_HOME: join(world, 'config'),
    XDG_DATA_HOME: join(world, 'data'),
    TMPDIR: process.env.TMPDIR,
  }
  const start = (
    args: readonly string[],
    { env = {}, cwd = '.', stdin = '', deadlineMs = DEADLINE_MS }: RunOptions = {},
  ): Running => {
    const child = spawn(process.execPath, [PROGRAM, ...args], {
      cwd: path(cwd),
      env: { ...base, ...env },
      stdio: ['pipe', 'pipe', 'pipe'],
    })
    children.add(child)
    // A program that does not read its input may be gone before all of it is written.
    child.stdin.on('error', () => undefined)
    if (stdin !== null) child.stdin.end(stdin)
    return watch(child, () => children.delete(child), args, deadlineMs)
  }
  const run = (args: readonly string[], options?: RunOptions) => start(args, options).ended
  const cli = async (
    args: readonly string[],
    { env = {}, cwd = '.', stdin }: RunOptions = {},
  ): Promise<Ran> => {
    const output = { stdout: '', stderr: '' }
    const collect = (name: keyof typeof output) => ({
      write: (text: string) => {
        output[name] += text
      },
      isTerminal: false,
    })
    const io = {
      env: { ...base, ...env },
      cwd: path(cwd),
      stdin: Readable.from(stdin ? [stdin] : []),
      isInteractive: false,
      out: collect('stdout'),
      err: collect('stderr'),
      signal: new AbortController().signal,
      takeInterrupts: () => () => {},
    }
    const code = await runCli(args, io, { version: '0.0.0', openEngine, diagnose, upkeep })
    return { code, ...output }
  }
  return {
    folder,
    path,
    fresh,
    start,
    run,
    cli,
    write(files) {
      for (const [name, content] of Object.entries(files)) {
        mkdirSync(dirname(path(name)), { recursive: true })
        writeFileSync(path(name), content)
      }
    },
    async json(args, { code = 0, ...options } = {}) {
      const ran = await cli([...args, '--json'], options)
      if (ran.code !== code) throw new Error(`exit code ${ran.code} instead of ${code}\n${describe(ran)}`)
      return JSON.parse(ran.stdout)
    },
    async serve(options) {
      const running = start(['serve', '--port', '0'], { deadlineMs: SERVICE_DEADLINE_MS, ...options })
      const [, url = ''] = await running.waitFor(/^Serving (http:\/\/\S+)/m)
      return { ...running, url }
    },
  }
}

function watch(
  child: ChildProcess,
  forget: () => void,
  args: readonly string[],
  deadlineMs: number,
): Running {
  const output = { stdout: '', stderr: '' }
  const listeners = new Set<() => void>()
  for (const name of ['stdout', 'stderr'] as const) {
    child[name]?.setEncoding('utf8').on('data', (text: string) => {
      output[name] += text
      for (const listener of listeners) listener()
    })
  }
  let late = false
  const timer = setTimeout(() => {
    late = true
    child.kill('SIGKILL')
  }, deadlineMs)
  const ended = once(child, 'close').then(([code]): Ran => {
    clearTimeout(timer)
    forget()
    const ran = { code: typeof code === 'number' ? code : null, ...output }
    if (late) throw new Error(`gemdex ${args.join(' ')} did not end in time\n${describe(ran)}`)
    return ran
  })
  return {
    feed: (text) => new Promise((resolve) => child.stdin?.write(text, () => resolve())),
    ended,
    waitFor(pattern, stream = 'stdout') {
      return new Promise((resolve, reject) => {
        const look = () => {
          const match = pattern.exec(output[stream])
          if (match === null) return
          listeners.delete(look)
          resolve(match)
        }
        listeners.add(look)
        ended.then((ran) => reject(new Error(`ended without ${pattern}\n${describe(ran)}`)), reject)
        look()
      })
    },
    stop(signal) {
      child.kill(signal)
      return ended
    },
  }
}

function describe({ code, stdout, stderr }: Ran): string {
  return `code ${code}\n--- stdout\n${stdout}\n--- stderr\n${stderr}`
}
