import { describe, expect, it } from 'vitest'
import type { SearchEngine } from '../../src/engine.js'
import { GemdexError } from '../../src/errors.js'
import type { Session, SessionSummary } from '../../src/types.js'
import { runInProcess } from './run-in-process.js'

const summary = (id: string, fields: Partial<SessionSummary> = {}): SessionSummary => ({
  id,
  title: `Title of ${id}`,
  createdMs: Date.UTC(2026, 0, 2, 3, 4),
  updatedMs: Date.UTC(2026, 0, 2, 3, 4),
  turns: 1,
  ...fields,
})
const usage = { promptTokens: 10, answerTokens: 1, thinkingTokens: 0, totalTokens: 11, priceUsd: 0.5 }
const session: Session = {
  ...summary('s1'),
  usage,
  turns: [
    {
      ordinal: 1,
      createdMs: 0,
      question: 'When?',
      standaloneQuestion: 'When?',
      status: 'answered',
      answer: 'In 2021.',
      citations: [],
      unsupported: [],
      sources: [],
      model: 'fake',
    },
  ],
}
const notCalled = () => Promise.reject(new Error('not called'))

/** Runs `sessions ...` into a pipe against these conversations. */
function run(argv: readonly string[], sessions: Partial<SearchEngine['sessions']>, terminal = false) {
  const all = {
    list: notCalled,
    get: notCalled,
    create: notCalled,
    rename: notCalled,
    remove: notCalled,
    search: notCalled,
    embed: notCalled,
  }
  return runInProcess(argv, { engine: { sessions: { ...all, ...sessions } }, terminal })
}

describe('sessions', () => {
  it('list gives all pages, the latest first', async () => {
    const pages = [
      { items: [summary('b'), summary('a', { title: '' })], total: 3, next: 'a' },
      { items: [summary('c')], total: 3 },
    ]
    const asked: unknown[] = []
    const list: SearchEngine['sessions']['list'] = async (page) => {
      asked.push(page)
      return pages[asked.length - 1] ?? { items: [], total: 0 }
    }
    const { code, stdout, stderr } = await run(['sessions', 'list'], { list })
    expect(code).toBe(0)
    expect(asked).toEqual([{ limit: 500 }, { limit: 500, after: 'a' }])
    expect(stdout.split('\n').map((line) => line.replace(/\d{4}-\d\d-\d\d \d\d:\d\d/, 'T'))).toEqual([
      expect.stringMatching(/^ID {2}TURNS {2}LAST {2,}TITLE$/),
      'b   1      T  Title of b',
      'a   1      T  Untitled',
      'c   1      T  Title of c',
      '',
    ])
    expect(stderr).toBe('3 conversations\n')
  })

  it('list of none exits with 1', async () => {
    const list = async () => ({ items: [], total: 0 })
    expect(await run(['sessions', 'list'], { list })).toMatchObject({ code: 1, stdout: '' })
    expect((await run(['sessions', 'list', '--json'], { list })).stdout).toBe('[]\n')
  })

  it('show prints the turns and what they cost together', async () => {
    const { stdout, stderr } = await run(['sessions', 'show', 's1'], { get: async () => session })
    expect(stdout).toBe('1. When?\nIn 2021.\n\n')
    expect(stderr).toContain('10 tokens read, 1 written; $0.5000')
    const json = await run(['sessions', 'show', 's1', '--json'], { get: async () => session })
    expect(JSON.parse(json.stdout)).toEqual(session)
  })

  it('search prints turns with their conversation', async () => {
    const turn = { sessionId: 's1', title: 'T', ordinal: 2, question: 'When?', answer: 'In\n2021.', score: 1 }
    const search = async () => ({ turns: [turn], degraded: 'By words only' })
    const { code, stdout, stderr } = await run(['sessions', 'search', 'heat', 'pump'], { search })
    expect(code).toBe(0)
    expect(stdout).toBe('When?\n    T, turn 2 · id s1\n    In 2021.\n\n')
    expect(stderr).toBe('By words only\n1 turn\n')
    const long = { ...turn, answer: `${'word '.repeat(60)}end` }
    const cut = await run(['sessions', 'search', 'x'], { search: async () => ({ turns: [long] }) })
    expect(cut.stdout).toMatch(/\n {4}(word ){39}…\n\n$/)
    const none = await run(['sessions', 'search', 'x'], { search: async () => ({ turns: [] }) })
    expect(none.code).toBe(1)
  })

  it('rename and remove say what they did', async () => {
    const calls: unknown[] = []
    const renamed = await run(['sessions', 'rename', 's1', 'A', 'title'], {
      rename: async (...args) => void calls.push(args),
    })
    const removed = await run(['sessions', 'remove', 's1', 's2'], {
      remove: async (...args) => void calls.push(args),
    })
    expect(calls).toEqual([['s1', 'A title'], ['s1'], ['s2']])
    expect(renamed.stdout).toBe('Renamed s1 to A title.\n')
    expect(removed.stdout).toBe('Removed s1.\nRemoved s2.\n')
  })

  it('that are not there end with 2', async () => {
    const unknown = () => Promise.reject(new GemdexError('NOT_FOUND', 'There is no conversation "x"'))
    for (const argv of [
      ['show', 'x'],
      ['rename', 'x', 'y'],
      ['remove', 'x'],
    ]) {
      const { code, stderr } = await run(['sessions', ...argv], {
        get: unknown,
        rename: unknown,
        remove: unknown,
      })
      expect(code).toBe(2)
      expect(stderr).toContain('There is no conversation "x"')
    }
  })
})

describe('embed --session', () => {
  const embed = async () => ({
    model: 'm',
    dimensions: 2,
    turns: [{ ordinal: 1, vector: new Float32Array([0.5, 1]) }],
  })

  it('prints the vectors of the turns', async () => {
    expect((await run(['embed', '--session', 's1'], { embed })).stdout).toBe('[0.5,1]\n')
    const json = await run(['embed', '--session', 's1', '--json'], { embed })
    expect(JSON.parse(json.stdout)).toEqual({
      model: 'm',
      dimensions: 2,
      role: 'document',
      turns: [{ turn: 1, vector: [0.5, 1] }],
    })
  })

  it.each([
    [['embed']],
    [['embed', 'text', '--session', 's1']],
    [['embed', '--session', 's1', '--role', 'query']],
    [['embed', '--session', 's1', '--title', 'x']],
  ])('refuses %j', async (argv) => {
    expect(await run(argv, { embed })).toMatchObject({ code: 2, stdout: '' })
  })
})
