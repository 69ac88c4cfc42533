import { describe, expect, it } from 'vitest'
import { GemdexError } from '../../src/errors.js'
import type { Answer } from '../../src/types.js'
import { openTempStore, tempPath } from '../store/sqlite/temp-store.js'
import { answerOf, collect, converse, eventsOf, hit } from './fakes.js'

const statuses = async (sessions: ReturnType<typeof converse>['sessions'], id: string) =>
  (await sessions.getSession(id))?.turns.map(({ status }) => status)

describe('a question by itself', () => {
  it('is answered without a conversation, and not kept', async () => {
    const { conversations, sessions, requests } = converse()
    for (const options of [{}, { sessionId: null }]) {
      const events = await collect(conversations.ask('pumps?', { collection: 'docs', ...options }))
      expect(events.at(-1)).toMatchObject({ type: 'done', answer: { sessionId: null } })
    }
    expect(requests[0]).toEqual({ question: 'pumps?', collection: 'docs' })
    expect(await sessions.listSessions({ limit: 10 })).toMatchObject({ total: 0 })
  })
})

describe('a conversation', () => {
  it('is made by its first turn and keeps what comes', async () => {
    const { conversations, sessions } = converse()
    const chat = conversations.chat()
    expect(await chat.history()).toEqual([])
    expect(await sessions.listSessions({ limit: 10 })).toMatchObject({ total: 0 })
    const events = await collect(chat.ask('pumps?'))
    expect(events.map(({ type }) => type)).toEqual(['sources', 'delta', 'done'])
    expect(events.at(-1)).toMatchObject({ answer: { sessionId: chat.id } })
    const { id, documentId, title, uri, collection, location } = hit
    expect(await sessions.getSession(chat.id)).toMatchObject({
      title: 'pumps?',
      turns: [
        {
          ordinal: 1,
          question: 'pumps?',
          status: 'answered',
          answer: 'About pumps? [1].',
          model: 'fake',
          sources: [{ id, documentId, title, uri, collection, location }],
        },
      ],
    })
    expect(await chat.history()).toHaveLength(1)
  })

  it('asks nobody where the index cannot be written: the turn could not be kept', async () => {
    const path = tempPath()
    openTempStore(path)
    const { sessions } = openTempStore(path, { create: false, readOnly: 'copy' })
    const { conversations, requests } = converse(undefined, sessions)
    await expect(collect(conversations.chat().ask('pumps?'))).rejects.toMatchObject({
      code: 'STORE_READ_ONLY',
    })
    expect(requests).toEqual([])
    expect(await collect(conversations.ask('pumps?', {}))).toHaveLength(3)
  })

  it('refuses the turn of one process while which another has added one, and gives what was answered', async () => {
    const path = tempPath()
    const [here, there] = [openTempStore(path), openTempStore(path)].map(({ sessions }) => sessions)
    const other = converse(undefined, there)
    const { conversations, requests } = converse(undefined, here)
    const chat = conversations.chat()
    await collect(chat.ask('one'))
    const events = chat.ask('two')[Symbol.asyncIterator]()
    expect(await events.next()).toMatchObject({ value: { type: 'sources' } })
    await collect(other.conversations.ask('between', { sessionId: chat.id }))
    expect(await events.next()).toMatchObject({ value: { type: 'delta' } })
    await expect(events.next()).rejects.toMatchObject({
      code: 'SESSION_BUSY',
      retryable: true,
      partialAnswer: 'About two [1].',
    })
    await collect(chat.ask('two again'))
    expect(requests.at(-1)?.past?.map(({ question }) => question)).toEqual(['one', 'between'])
    expect((await chat.history()).map(({ question }) => question)).toEqual(['one', 'between', 'two again'])
  })

  it('hands the turns before to the next, as they stand alone', async () => {
    const { conversations, requests } = converse(({ question, past }) =>
      eventsOf(answerOf(String(question), { standaloneQuestion: `${question} (after ${past?.length})` })),
    )
    const chat = conversations.chat()
    await collect(chat.ask('one'))
    await collect(chat.ask([{ text: 'two' }]))
    await collect(conversations.ask('three', { sessionId: chat.id }))
    expect(requests.map(({ past }) => past)).toEqual([
      [],
      [{ question: 'one (after 0)', answer: 'About one [1].' }],
      [
        { question: 'one (after 0)', answer: 'About one [1].' },
        { question: expect.stringMatching(/\(after 1\)$/), answer: expect.any(String) },
      ],
    ])
  })

  it('is kept before its answer is told to be done', async () => {
    const { conversations, sessions } = converse()
    const chat = conversations.chat()
    for await (const event of chat.ask('one'))
      if (event.type === 'done') expect(await statuses(sessions, chat.id)).toEqual(['answered'])
  })

  it.each([
    ['refused', '', true],
    ['blocked', '', false],
    ['empty', '', false],
    ['truncated', '', false],
    ['truncated', 'Half of it', true],
  ] as const)('keeps a turn that is %s with "%s", which goes on: %s', async (status, answer, goesOn) => {
    let result: Partial<Answer> = { status, answer, reason: 'why', finishReason: 'X' }
    const { conversations, sessions, requests } = converse(({ question }) =>
      eventsOf(answerOf(String(question), result)),
    )
    const chat = conversations.chat()
    await collect(chat.ask('one'))
    result = {}
    await collect(chat.ask('two'))
    expect(await statuses(sessions, chat.id)).toEqual([status, 'answered'])
    expect(requests[1]?.past).toHaveLength(goesOn ? 1 : 0)
  })

  it('keeps a turn that broke off as failed, with what came of it, and goes on without it', async () => {
    let broken = true
    const { conversations, sessions, requests } = converse(async function* ({ question }) {
      const answer = answerOf(String(question))
      if (!broken) return yield* eventsOf(answer)
      yield { type: 'sources', sources: [hit], standaloneQuestion: 'one, alone' }
      yield { type: 'delta', text: 'Half ' }
      yield { type: 'delta', text: 'of' }
      throw new GemdexError('INCOMPLETE', 'no end')
    })
    const chat = conversations.chat()
    await expect(collect(chat.ask('one'))).rejects.toMatchObject({ code: 'INCOMPLETE' })
    broken = false
    await collect(chat.ask('two'))
    const turns = await chat.history()
    expect(turns[0]).toMatchObject({
      status: 'failed',
      errorCode: 'INCOMPLETE',
      answer: 'Half of',
      standaloneQuestion: 'one, alone',
    })
    expect(requests[1]?.past).toEqual([])
    expect(await statuses(sessions, chat.id)).toEqual(['failed', 'answered'])
  })

  it('keeps a turn that its reader left as stopped, and lets the next one in', async () => {
    const { conversations } = converse()
    const chat = conversations.chat()
    for await (const event of chat.ask('one')) if (event.type === 'delta') break
    await collect(chat.ask('two'))
    expect(await chat.history()).toMatchObject([{ status: 'failed', errorCode: 'CANCELLED' }, { ordinal: 2 }])
  })

  it('keeps nothing of a question for which nothing was found yet', async () => {
    const { conversations, sessions } = converse(() => {
      throw new GemdexError('BAD_INPUT', 'no')
    })
    const chat = conversations.chat()
    await expect(collect(chat.ask('one'))).rejects.toMatchObject({ code: 'BAD_INPUT' })
    expect(await sessions.getSession(chat.id)).toBeUndefined()
    expect(await chat.history()).toEqual([])
  })

  it('is not there under an unknown id', async () => {
    const { conversations, requests } = converse()
    const unknown = { code: 'NOT_FOUND', message: expect.stringContaining('"nope"') }
    await expect(collect(conversations.ask('x', { sessionId: 'nope' }))).rejects.toMatchObject(unknown)
    await expect(collect(conversations.chat('nope').ask('x'))).rejects.toMatchObject(unknown)
    await expect(conversations.chat('nope').history()).rejects.toMatchObject(unknown)
    expect(requests).toEqual([])
  })

  it('that cannot be kept tells, with the answer', async () => {
    const { sessions } = openTempStore()
    const full = () => Promise.reject(new GemdexError('STORE_FULL', 'disk full'))
    const { conversations } = converse(undefined, { ...sessions, appendTurn: full })
    await expect(collect(conversations.chat().ask('one'))).rejects.toMatchObject({
      code: 'STORE_FULL',
      partialAnswer: 'About one [1].',
    })
    const breaking = converse(
      async function* () {
        yield { type: 'sources', sources: [], standaloneQuestion: 'x' }
        throw new GemdexError('OFFLINE', 'away')
      },
      { ...sessions, appendTurn: full },
    )
    await expect(collect(breaking.conversations.chat().ask('one'))).rejects.toMatchObject({ code: 'OFFLINE' })
  })
})

describe('parallel turns', () => {
  it('of one conversation go one after the other; of others they do not wait', async () => {
    const log: string[] = []
    const gates = new Map<string, () => void>()
    const { conversations } = converse(async function* ({ question }) {
      log.push(`begin ${question}`)
      await new Promise<void>((resolve) => gates.set(String(question), resolve))
      log.push(`end ${question}`)
      yield* eventsOf(answerOf(String(question)))
    })
    const chat = conversations.chat()
    const other = conversations.chat()
    const open = async (question: string) => {
      await expect.poll(() => gates.has(question)).toBe(true)
      gates.get(question)?.()
    }
    const all = [chat.ask('1'), conversations.chat(chat.id).ask('2'), other.ask('x'), chat.ask('3')].map(
      collect,
    )
    await open('x')
    expect(log).toContain('begin 1')
    expect(log).not.toContain('begin 2')
    for (const question of ['1', '2', '3']) await open(question)
    await Promise.all(all)
    expect(log.filter((line) => !line.endsWith('x'))).toEqual([
      'begin 1',
      'end 1',
      'begin 2',
      'end 2',
      'begin 3',
      'end 3',
    ])
    expect((await chat.history()).map(({ question }) => question)).toEqual(['1', '2', '3'])
  })

  it('may be given up while they wait, and do not hold up those behind', async () => {
    let open = () => {}
    const opened = new Promise<void>((resolve) => {
      open = resolve
    })
    const { conversations, requests } = converse(async function* ({ question }) {
      if (question === '1') await opened
      yield* eventsOf(answerOf(String(question)))
    })
    const chat = conversations.chat()
    const abort = new AbortController()
    const first = collect(chat.ask('1'))
    const second = collect(chat.ask('2', { signal: abort.signal }))
    const third = collect(chat.ask('3'))
    abort.abort()
    await expect(second).rejects.toMatchObject({ code: 'CANCELLED' })
    open()
    await Promise.all([first, third])
    expect(requests.map(({ question }) => question)).toEqual(['1', '3'])
  })
})
