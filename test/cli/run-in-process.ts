import { Readable } from 'node:stream'
import { runCli } from '../../src/cli/run-cli.js'
import type { Check, IndexStatus, SearchEngine } from '../../src/engine.js'
import { fakeJobs, noKeys } from '../http/fake-engine.js'

export type FakeRun = {
  /** What the engine does; anything else that is called fails the test. */
  readonly engine?: Partial<SearchEngine>
  readonly env?: Readonly<Record<string, string>>
  readonly terminal?: boolean
  /** Whether somebody is there to answer; default nobody. */
  readonly isInteractive?: boolean
  readonly signal?: AbortSignal
  readonly checks?: readonly Check[]
  /** Further words of the command line, for helpers that begin it. */
  readonly argv?: readonly string[]
  /** Standard input, in pieces. */
  readonly input?: Iterable<string> | AsyncIterable<string>
  readonly columns?: number
  /** Gets what calls the handler of Ctrl-C that a command has installed; false when there is none. */
  readonly onStart?: (interrupt: () => boolean) => void
}

export type Ran = {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
  /** Each write to standard output by itself. */
  readonly writes: readonly string[]
  readonly closed: number
}

const fakeStatus: IndexStatus = {
  db: '/x/index.db',
  documents: 1,
  chunks: 1,
  embedded: 1,
  expected: 1,
  skipped: {},
  walBytes: 0,
  otherVectors: [],
  sizeBytes: 1,
  versions: {},
  embedder: null,
  provider: 'gemini',
  generator: 'fake',
  collections: [{ name: 'docs', root: '/home/ines/my docs', documents: 1, chunks: 1, embedded: 1 }],
  usage: [],
  gaps: { keeping: false, questions: 0 },
}

/** Runs a command line against a fake engine, on a terminal unless told otherwise. */
export async function runInProcess(
  argv: readonly string[],
  {
    engine = {},
    env = {},
    terminal = true,
    isInteractive = false,
    signal = new AbortController().signal,
    checks = [],
    input = [],
    columns,
    onStart,
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
    similar: refuse('similar'),
    map: refuse('map'),
    duplicates: refuse('duplicates'),
    similarity: refuse('similarity'),
    classify: refuse('classify'),
    topics: refuse('topics'),
    gaps: async () => ({ keeping: false, questions: 0, asked: 0, topics: [] }),
    forgetGaps: refuse('forgetGaps'),
    suggest: refuse('suggest'),
    evaluate: refuse('evaluate'),
    ask: refuse('ask'),
    answer: refuse('answer'),
    embed: refuse('embed'),
    models: refuse('models'),
    modelsInUse: async () => fakeStatus,
    status: async () => fakeStatus,
    listLeftOut: refuse('listLeftOut'),
    listDocuments: refuse('listDocuments'),
    getDocument: refuse('getDocument'),
    getPassage: refuse('getPassage'),
    removeDocument: refuse('removeDocument'),
    findFolder: refuse('findFolder'),
    removePart: refuse('removePart'),
    compact: refuse('compact'),
    migrate: refuse('migrate'),
    forecastMigration: refuse('forecastMigration'),
    dropOtherVectors: refuse('dropOtherVectors'),
    chat: refuse('chat'),
    sessions: {
      list: refuse('sessions.list'),
      get: refuse('sessions.get'),
      create: refuse('sessions.create'),
      rename: refuse('sessions.rename'),
      remove: refuse('sessions.remove'),
      search: refuse('sessions.search'),
      embed: refuse('sessions.embed'),
    },
    ...engine,
    close: async () => {
      closed++
    },
  }
  let handler: (() => void) | undefined
  onStart?.(() => {
    handler?.()
    return handler !== undefined
  })
  const code = await runCli(
    argv,
    {
      env: { HOME: '/nonexistent', ...env },
      cwd: '/',
      stdin: Readable.from(input),
      isInteractive,
      out: {
        write: (text) => writes.push(text),
        isTerminal: terminal,
        ...(columns === undefined ? {} : { columns }),
      },
      err: {
        write: (text) => {
          stderr += text
        },
        isTerminal: terminal,
      },
      signal,
      takeInterrupts(given) {
        handler = given
        return () => {
          handler = undefined
        }
      },
    },
    {
      version: '1.2.3',
      openEngine: () => fake,
      diagnose: async () => [...checks],
      upkeep: { verify: refuse('verify'), backup: refuse('backup'), restore: refuse('restore') },
    },
  )
  return { code, stdout: writes.join(''), stderr, writes, closed }
}
