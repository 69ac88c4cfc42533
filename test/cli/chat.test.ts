import { describe, expect, it } from 'vitest'
import type { AnswerEvent, AskOptions, Chat, SearchEngine } from '../../src/engine.js'
import { GemdexError } from '../../src/errors.js'
import type { Answer, Turn } from '../../src/types.js'
import { makeHit } from '../answer/make-hit.js'
import { type FakeRun, runInProcess } from './run-in-process.js'

const hit = makeHit(1, 'The heat pump was installed in 2021.')
const answerTo = (question: string): Answer => ({
  status: 'answered',
  answer: `About ${question} [1].`,
  citations: [],
  unsupported: [],
  sources: [hit],
  standaloneQuestion: question,
  sessionId: 'c1',
  model: 'fake',
})
const turn = (question: string, fields: Partial<Turn> = {}): Turn => ({
  ordinal: 1,
  createdMs: 0,
  question,
  standaloneQuestion: question,
  status: 'answered',
  answer: `About ${question} [1].`,
  citations: [],
  unsupported: [],
  sources: [],
  model: 'fake',
  ...fields,
})

type Asked = { readonly chat: string; readonly question: unknown; readonly options: AskOptions }

/** Numbers its conversations; each answers by its own question unless `ask` says otherwise. */
function chatting(ask?: Chat['ask']) {
  const asked: Asked[] = []
  let chats = 0
  const engine: Partial<SearchEngine> = {
    chat(sessionId) {
      const id = sessionId ?? `c${++chats}`
      return {
        id,
        async *ask(question, options = {}): AsyncIterable<AnswerEvent> {
          asked.push({ chat: id, question, options })
          if (ask !== undefined) yield* ask(question, options)
          else yield { type: 'done', answer: answerTo(String(question)) }
        },
        history: async () =>
          asked.filter(({ chat }) => chat === id).map(({ question }) => turn(String(question))),
      }
    },
  }
  return { engine, asked }
}

const say = (lines: readonly string[], engine: Partial<SearchEngine>, run: FakeRun = {}) =>
  runInProcess(['chat', ...(run.argv ?? [])], {
    engine,
    terminal: false,
    input: lines.map((line) => `${line}\n`),
    ...run,
  })

describe('chat', () => {
  it('asks each line in the same conversation, and tells its id', async () => {
    const { engine, asked } = chatting()
    const { code, stdout, stderr } = await say(['pumps', '', '  and bread  '], engine)
    expect(code).toBe(0)
    expect(asked.map(({ chat, question }) => [chat, question])).toEqual([
      ['c1', 'pumps'],
      ['c1', 'and bread'],
    ])
    expect(stdout).toBe('About pumps [1].\n\nAbout and bread [1].\n\n')
    expect(stderr).toContain('Conversation c1.')
  })

  it('restricts every question to what --filter allows, and refuses one that is no JSON before it asks', async () => {
    const { engine, asked } = chatting()
    await say(['one', '/new', 'two'], engine, { argv: ['--filter', '{"path":{"$glob":"web/**"}}'] })
    const filter = { path: { $glob: 'web/**' } }
    expect(asked.map(({ options }) => options.filter)).toEqual([filter, filter])
    const wrong = await say(['one'], engine, { argv: ['--filter', 'web/**'] })
    expect(wrong.code).toBe(2)
    expect(asked).toHaveLength(2)
  })

  it('begins anew, goes on with a known one, and keeps to a collection', async () => {
    const { engine, asked } = chatting()
    await say(['one', '/new', 'two'], engine, { argv: ['-c', 'docs'] })
    await say(['three'], engine, { argv: ['--session', 'old'] })
    expect(asked.map(({ chat, options }) => [chat, options.collection])).toEqual([
      ['c1', 'docs'],
      ['c2', 'docs'],
      ['old', undefined],
    ])
  })

  it('shows its turns, the sources of the last answer, and its commands', async () => {
    const { engine } = chatting()
    const { stdout } = await say(['pumps', '/history', '/sources'], engine)
    expect(stdout).toBe(
      'About pumps [1].\n\n1. pumps\nAbout pumps [1].\n\n' +
        '  [1] Title 1 (file-1.md, lines 1-2)\n      The heat pump was installed in 2021.\n',
    )
    const other = await say(['/sources', '/new', '/history', '/help', '/nope', '/quit', 'never'], engine)
    expect(other.stdout).toBe('')
    expect(other.stderr).toMatch(/no sources yet.*no turns yet.*\/history.*no command \/nope\..*\/history/s)
  })

  it('tells how a follow-up was understood, before it is answered', async () => {
    const { engine } = chatting(async function* (question) {
      const standaloneQuestion = question === 'and bread' ? 'How long is bread baked?' : String(question)
      yield { type: 'sources', sources: [hit], standaloneQuestion }
      throw new GemdexError('CANCELLED', 'stopped')
    })
    const { stderr } = await say(['pumps', 'and bread'], engine)
    expect(stderr).toMatch(/\/history.*Stopped\.\nAsked as: How long is bread baked\?\nStopped\./s)
    expect(stderr).not.toContain('Asked as: pumps')
  })

  it('shows the sources of a turn that was stopped, and not those of the answer before', async () => {
    const other = makeHit(2, 'Bread is baked for forty minutes.')
    const { engine } = chatting(async function* (question) {
      if (question === 'bread') yield { type: 'sources', sources: [other], standaloneQuestion: 'bread' }
      if (question !== 'pumps') throw new GemdexError('CANCELLED', 'stopped')
      yield { type: 'done', answer: answerTo('pumps') }
    })
    const { stdout, stderr } = await say(['pumps', 'bread', '/sources', 'early', '/sources'], engine)
    expect(stdout).toBe(
      'About pumps [1].\n\n  [1] Title 2 (file-2.md, lines 2-3)\n      Bread is baked for forty minutes.\n',
    )
    expect(stderr).toContain('The last turn ended before any sources were found.')
  })

  it('shows the sources of the turn that it goes on from', async () => {
    const { engine } = chatting()
    const kept = {
      ...engine.chat?.('old'),
      history: async () => [turn('q0'), turn('q1', { sources: [hit] })],
    }
    const known = { ...engine, chat: () => kept as Chat }
    const { stdout } = await say(['/sources', '/new', '/sources'], known, { argv: ['--session', 'old'] })
    expect(stdout).toBe(
      '1. q1\nAbout q1 [1].\n\n  [1] Title 1 (file-1.md, lines 1-2)\n      The heat pump was installed in 2021.\n',
    )
  })

  it('says what a turn came to that was not answered', async () => {
    const { engine } = chatting()
    const turns = [
      turn('q1', { status: 'refused', answer: '', reason: 'Nothing near.' }),
      turn('q2', { ordinal: 2, status: 'failed', answer: 'Half', errorCode: 'CANCELLED' }),
      turn('q3', { ordinal: 3, status: 'failed', answer: '', errorCode: 'OFFLINE' }),
      turn('it', { ordinal: 4, standaloneQuestion: 'it (pumps)' }),
    ]
    const fixed = { ...engine, chat: () => ({ ...engine.chat?.('x'), history: async () => turns }) as Chat }
    const { stdout } = await say(['/history'], fixed)
    expect(stdout).toBe(
      '1. q1\n(refused) Nothing near.\n\n2. q2\nHalf\n(stopped, incomplete)\n\n' +
        '3. q3\n(failed: OFFLINE, incomplete)\n\n4. it\n   asked as: it (pumps)\nAbout it [1].\n\n',
    )
  })

  it('goes on after a fault, and ends with what the last question came to', async () => {
    let calls = 0
    const { engine, asked } = chatting(async function* (question) {
      if (calls++ === 0) throw new GemdexError('OFFLINE', 'No network', { hint: 'Look at the cable.' })
      yield { type: 'done', answer: answerTo(String(question)) }
    })
    const { code, stdout, stderr } = await say(['one', 'two'], engine)
    expect(asked).toHaveLength(2)
    expect(stderr).toContain('error No network\n  Look at the cable.\n')
    expect(stdout).toBe('About two [1].\n\n')
    expect(code).toBe(0)
    calls = 0
    expect((await say(['one'], engine)).code).toBe(2)
    const refusing = chatting(async function* (question) {
      yield { type: 'done', answer: { ...answerTo(String(question)), status: 'refused', answer: '' } }
    })
    expect((await say(['one'], refusing.engine)).code).toBe(1)
  })

  it('stops the answer by Ctrl-C, not the conversation', async () => {
    let interrupt = () => false
    const { engine, asked } = chatting(async function* (question, { signal } = {}) {
      if (question !== 'one') return yield { type: 'done', answer: answerTo(String(question)) }
      yield { type: 'delta', text: 'Half of ' }
      expect(interrupt()).toBe(true)
      expect(signal?.aborted).toBe(true)
      throw new GemdexError('CANCELLED', 'The operation was cancelled')
    })
    const { code, stdout, stderr } = await say(['one', 'two'], engine, {
      onStart: (given) => {
        interrupt = given
      },
      terminal: true,
      env: { NO_COLOR: '1' },
    })
    expect(code).toBe(0)
    expect(asked.map(({ question }) => question)).toEqual(['one', 'two'])
    expect(stdout).toBe('Half of\nAbout two [1].\n\n')
    expect(stderr).toMatch(/incomplete\.\nStopped\./)
    expect(interrupt()).toBe(false)
  })

  it('ends with 130 when the program is told to stop', async () => {
    const abort = new AbortController()
    const { engine } = chatting(async function* () {
      yield { type: 'delta', text: 'x' }
      abort.abort()
      throw new GemdexError('CANCELLED', 'The operation was cancelled')
    })
    expect((await say(['one', 'two'], engine, { signal: abort.signal })).code).toBe(130)
  })

  it('asks nothing of a conversation that is not there', async () => {
    const engine = {
      chat: () => ({
        id: 'x',
        ask: () => {
          throw new Error('asked')
        },
        history: () => Promise.reject(new GemdexError('NOT_FOUND', 'There is no conversation "x"')),
      }),
    }
    const { code, stderr } = await say(['one'], engine, { argv: ['--session', 'x'] })
    expect(code).toBe(2)
    expect(stderr).toContain('There is no conversation "x"')
  })
})
