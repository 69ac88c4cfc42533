import { afterEach, describe, expect, it, vi } from 'vitest'
import type { IndexReport, IndexStatus, SearchEngine } from '../../src/engine.js'
import { type ErrorCode, GemdexError } from '../../src/errors.js'
import { makeHit } from '../answer/make-hit.js'
import { runInProcess } from './run-in-process.js'

const ESC = '\u001b'
const hit = makeHit(1, 'Apples are red.', { snippet: 'Apples are red.', highlights: [[0, 6]] })
const { text: _, ...bare } = hit

const status: IndexStatus = {
  db: '/index.db',
  documents: 1,
  chunks: 1,
  embedded: 1,
  expected: 1,
  skipped: {},
  sizeBytes: 2048,
  walBytes: 0,
  otherVectors: [],
  versions: {},
  embedder: { provider: 'gemini', modelId: 'm', dimensions: 3, roles: 'task-type/1' },
  provider: 'gemini' as const,
  generator: 'g',
  collections: [],
  usage: [],
  gaps: { keeping: false, questions: 0 },
}
const searching: Partial<SearchEngine> = {
  search: async ({ query }) => ({ query, mode: 'hybrid', tookMs: 1, hits: [bare] }),
  modelsInUse: async () => status,
  status: async () => status,
}

describe('colour', () => {
  it('is used on a terminal: the title bold, the words found marked', async () => {
    const { stdout } = await runInProcess(['search', 'apples'], { engine: searching })
    expect(stdout).toContain(`${ESC}[1mTitle 1${ESC}[22m`)
    expect(stdout).toMatch(new RegExp(`${ESC}\\[36mApples${ESC}`))
  })

  it.each([
    ['NO_COLOR', { env: { NO_COLOR: '1' } }],
    ['a dumb terminal', { env: { TERM: 'dumb' } }],
    ['a pipe', { terminal: false }],
    ['a pipe and FORCE_COLOR', { terminal: false, env: { FORCE_COLOR: '1' } }],
  ])('is not used with %s', async (_, options) => {
    const { stdout, stderr } = await runInProcess(['search', 'apples'], { engine: searching, ...options })
    expect(stdout + stderr).not.toContain(ESC)
    expect(stdout).toBe('1.  Title 1\n    file-1.md, lines 1-2 · relevance 0.90\n    Apples are red.\n\n')
    expect(stderr).toBe('1 hit in 1 ms, hybrid search\n')
  })
})

describe('progress', () => {
  afterEach(() => void vi.useRealTimers())

  const report: IndexReport = {
    collection: 'd',
    root: '/d',
    indexed: 2,
    unchanged: 0,
    kept: 0,
    skipped: 0,
    removed: 0,
    ignored: 0,
    skippedFiles: [],
    notices: [],
    chunks: 2,
    embedded: 2,
    pictures: 0,
    refused: [],
    tookMs: 1,
    notes: [],
  }
  /** An engine whose every step takes that long. */
  function slowEngine(stepMs: number): Partial<SearchEngine> {
    return {
      modelsInUse: async () => status,
      status: async () => status,
      async index({ onProgress }) {
        onProgress?.({ type: 'found', files: 2, toRead: 2 })
        for (const uri of ['a', 'b']) {
          vi.advanceTimersByTime(stepMs)
          onProgress?.({ type: 'embedded', texts: 1, tokens: 10, priceUsd: 0 })
          onProgress?.({ type: 'indexed', uri, chunks: 1 })
        }
        return report
      },
    }
  }
  const index = (stepMs: number, terminal: boolean) => {
    vi.useFakeTimers({ toFake: ['performance', 'setTimeout'] })
    return runInProcess(['index', '/d'], { engine: slowEngine(stepMs), terminal, env: { NO_COLOR: '1' } })
  }

  it('is one line that is rewritten, and wiped out at the end, on a terminal', async () => {
    const { stderr, stdout } = await index(200, true)
    const wipe = `\r${ESC}[K`
    const [nothing, first, second, end] = stderr.split(wipe)
    expect([nothing, end]).toEqual(['', ''])
    expect(first).toMatch(/0 of 2 files.* 1 text embedded/)
    expect(second).toMatch(/1 of 2 files.* 2 texts embedded/)
    expect(stderr).not.toContain('\n')
    expect(stdout).not.toMatch(/of 2 files/)
  })

  it('is a plain line every five seconds elsewhere', async () => {
    const lines = (await index(5_000, false)).stderr.split('\n')
    expect(lines).toEqual([
      expect.stringMatching(/^0 of 2 files.* 1 text embedded/),
      expect.stringMatching(/^1 of 2 files.* 2 texts embedded/),
      '',
    ])
    expect(lines.join('')).not.toMatch(/[\r\u001b]/)
  })

  it('is nothing when it is quick', async () => {
    expect((await index(10, false)).stderr).toBe('')
  })

  it('is a line of JSON for each step with --json, on standard error', async () => {
    const ran = await runInProcess(['index', '/d', '--json'], {
      terminal: false,
      engine: {
        modelsInUse: async () => status,
        status: async () => status,
        async index({ onProgress }) {
          onProgress?.({ type: 'indexed', uri: 'a\u009b2J\u001b', chunks: 1 })
          return report
        },
      },
    })
    expect(JSON.parse(ran.stdout)).toEqual([report])
    expect(JSON.parse(ran.stderr)).toEqual({ type: 'indexed', uri: 'a\u009b2J\u001b', chunks: 1 })
    expect(ran.stderr).not.toMatch(/[\u009b\u001b]/)
  })
})

describe('errors', () => {
  const failing = (error: unknown): Partial<SearchEngine> => ({
    search: async () => {
      throw error
    },
  })
  const search = (error: unknown, env: Readonly<Record<string, string>> = {}) =>
    runInProcess(['search', 'x'], { engine: failing(error), env, terminal: false })

  it.each<[ErrorCode, number]>([
    ['BAD_INPUT', 2],
    ['KEY_REFUSED', 2],
    ['RATE_LIMITED', 2],
    ['QUOTA_EXHAUSTED', 75],
    ['CANCELLED', 130],
    ['INTERNAL', 2],
  ])('%s exits with %i, prints nothing on standard output, and closes the engine', async (code, expected) => {
    const ran = await search(new GemdexError(code, 'It went wrong', { hint: 'Do this' }))
    expect(ran).toMatchObject({ code: expected, stdout: '', closed: 1 })
    if (code === 'CANCELLED') expect(ran.stderr).toMatch(/^Interrupted\./)
    else expect(ran.stderr).toBe('error It went wrong\n  Do this\n')
  })

  it('that nobody foresaw show their message, and their stack only on demand', async () => {
    const quiet = await search(new TypeError('x is not\na function'))
    expect(quiet.code).toBe(2)
    expect(quiet.stderr).toBe('error An unexpected error occurred: x is not a function\n')
    const loud = await search(new TypeError('x is not a function'), { GEMDEX_LOG_LEVEL: 'debug' })
    expect(loud.stderr).toMatch(/\n +at /)
  })

  it('carry no control characters of documents', async () => {
    const { stderr } = await search(new GemdexError('NOT_FOUND', `no ${ESC}[2Jx`, { hint: `see \u009b31m` }))
    expect(stderr).toBe('error no [2Jx\n  see 31m\n')
  })

  it('of doctor make it exit with 2, warnings do not', async () => {
    const ok = { name: 'A', state: 'ok', message: 'fine' } as const
    const warning = { name: 'B', state: 'warning', message: 'hm', advice: 'look' } as const
    const fine = await runInProcess(['doctor'], { checks: [ok, warning], terminal: false })
    expect(fine).toMatchObject({ code: 0, stdout: 'ok    A: fine\nnote  B: hm\n      look\n' })
    const bad = await runInProcess(['doctor'], { checks: [ok, { ...ok, state: 'failed' }], terminal: false })
    expect(bad).toMatchObject({ code: 2, stdout: 'ok    A: fine\nFAIL  A: fine\n' })
  })
})
