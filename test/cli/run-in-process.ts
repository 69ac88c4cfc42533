import { Readable } from 'node:stream'
import { runCli } from '../../src/cli/run-cli.js'
import type { Check, SearchEngine } from '../../src/engine.js'
import { fakeJobs, noKeys } from '../http/fake-engine.js'

export type FakeRun = {
  /** What the engine does; anything else that is called fails the test. */
  readonly engine?: Partial<SearchEngine>
  readonly env?: Readonly<Record<string, string>>
  readonly terminal?: boolean
  readonly signal?: AbortSignal
  readonly checks?: readonly Check[]
}

export type Ran = {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
  /** Each write to standard output by itself. */
  readonly writes: readonly string[]
  readonly closed: number
}

/** Runs a command line against a fake engine, on a terminal unless told otherwise. */
export async function runInProcess(
  argv: readonly string[],
  {
    engine = {},
    env = {},
    terminal = true,
    signal = new AbortController().signal,
    checks = [],
  }: FakeRun = {},
): Promise<Ran> {
  const writes: string[] = []
  let stderr = ''
  let closed = 0
  const refuse = (name: string) => () => {
    throw new Error(`the fake engine has no ${name}`)
  }
  const fake: SearchEngine = {
    keys: noKeys,
    jobs: fakeJobs,
    push: refuse('push'),
    index: refuse('index'),
    forecast: refuse('forecast'),
    watch: refuse('watch'),
    search: refuse('search'),
    ask: refuse('ask'),
    answer: refuse('answer'),
    embed: refuse('embed'),
    models: refuse('models'),
    status: refuse('status'),
    listLeftOut: refuse('listLeftOut'),
    listDocuments: refuse('listDocuments'),
    getDocument: refuse('getDocument'),
    getPassage: refuse('getPassage'),
    removeDocument: refuse('removeDocument'),
    ...engine,
    close: async () => {
      closed++
    },
  }
  const code = await runCli(
    argv,
    {
      env: { HOME: '/nonexistent', ...env },
      cwd: '/',
      stdin: Readable.from([]),
      isInteractive: false,
      out: { write: (text) => writes.push(text), isTerminal: terminal },
      err: {
        write: (text) => {
          stderr += text
        },
        isTerminal: terminal,
      },
      signal,
    },
    { version: '1.2.3', openEngine: () => fake, diagnose: async () => [...checks] },
  )
  return { code, stdout: writes.join(''), stderr, writes, closed }
}
