import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { onTestFinished } from 'vitest'
import { type Compiled, compile } from './compile.js'

const PROGRAM = 'test/store/sqlite/writer-program.ts'

/** A process that runs `writer-program.ts`, and what it has said so far. */
export type Writer = {
  readonly lines: readonly string[]
  /** Lets it begin. */
  start(): void
  /** Resolves once it has said this many lines, or has ended. */
  said(count: number): Promise<void>
  kill(): void
  /** Resolves once it has ended and all it said is in `lines`. */
  ended(): Promise<void>
}

export function compileWriter(): Compiled {
  return compile(PROGRAM)
}

/** Starts a writer and waits until it is ready to begin. */
export async function openWriter(
  compiled: Compiled,
  path: string,
  collection: string,
  documents: number,
  killAt = '',
): Promise<Writer> {
  const program = join(compiled.folder, PROGRAM.replace(/\.ts$/, '.js'))
  const child = spawn(process.execPath, [program, path, collection, String(documents), killAt], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  onTestFinished(() => {
    child.kill('SIGKILL')
  })
  const writer = listenTo(child)
  await writer.said(1)
  return writer
}

function listenTo(child: ChildProcess): Writer {
  const lines: string[] = []
  let waiting: { count: number; resolve: () => void }[] = []
  const wake = (done: boolean) => {
    for (const { resolve } of waiting.filter(({ count }) => done || lines.length >= count)) resolve()
    waiting = done ? [] : waiting.filter(({ count }) => lines.length < count)
  }
  if (child.stdout === null) throw new Error('no output to listen to')
  const reader = createInterface({ input: child.stdout })
  reader.on('line', (line) => {
    lines.push(line)
    wake(false)
  })
  const ended = Promise.all([once(reader, 'close'), once(child, 'close')]).then(() => wake(true))
  return {
    lines,
    start: () => {
      child.stdin?.on('error', () => {})
      child.stdin?.end('go\n')
    },
    said: (count) =>
      lines.length >= count ? Promise.resolve() : new Promise((resolve) => waiting.push({ count, resolve })),
    kill: () => {
      child.kill('SIGKILL')
    },
    ended: () => ended,
  }
}
