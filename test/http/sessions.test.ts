import { describe, expect, test } from 'vitest'
import type { SearchEngine } from '../../src/engine.js'
import { GemdexError } from '../../src/errors.js'
import { fakeEngine, session, sessions } from './fake-engine.js'
import { errorOf, post, serve } from './serve.js'

type Calls = { readonly name: string; readonly args: readonly unknown[] }[]

/** Conversations that remember how they were called. */
function recorded(overrides: Partial<SearchEngine['sessions']> = {}) {
  const calls: Calls = []
  const all = { ...sessions, ...overrides }
  const record = (name: string, method: (...args: never[]) => unknown) => [
    name,
    (...args: unknown[]) => {
      calls.push({ name, args })
      return Reflect.apply(method, all, args)
    },
  ]
  const engine = fakeEngine({
    sessions: Object.fromEntries(
      Object.entries(all).map(([name, method]) => record(name, method)),
    ) as SearchEngine['sessions'],
  })
  return { engine, calls }
}

/** Whose conversations count where no key is asked for. */
const nobody = { owner: null }

const unknown = new GemdexError('NOT_FOUND', 'There is no conversation "x"', { field: 'sessionId' })

describe('conversations', () => {
  test('are listed by pages', async () => {
    const { engine, calls } = recorded()
    const { url } = await serve(engine)
    const response = await fetch(`${url}/v1/sessions?limit=2&after=abc`)
    expect(await response.json()).toEqual({
      sessions: [{ ...session, turns: 1 }],
      total: 3,
      next: session.id,
    })
    await fetch(`${url}/v1/sessions`)
    expect(calls).toEqual([
      { name: 'list', args: [{ limit: 2, after: 'abc', owner: null }] },
      { name: 'list', args: [{ limit: 50, owner: null }] },
    ])
  })

  test('are made with a title or without', async () => {
    const { engine, calls } = recorded()
    const { url } = await serve(engine)
    expect(await (await post(`${url}/v1/sessions`, { title: 'Heating' })).json()).toEqual({
      ...session,
      title: 'Heating',
      turns: [],
    })
    await post(`${url}/v1/sessions`, {})
    const bare = await fetch(`${url}/v1/sessions`, { method: 'POST' })
    expect(bare.status).toBe(200)
    expect(calls.map(({ args }) => args)).toEqual([
      ['Heating', nobody],
      [undefined, nobody],
      [undefined, nobody],
    ])
  })

  test('are read, renamed and removed by their id', async () => {
    const { engine, calls } = recorded()
    const { url } = await serve(engine)
    const one = `${url}/v1/sessions/${session.id}`
    expect(await (await fetch(one)).json()).toEqual(session)
    const renamed = await fetch(one, {
      method: 'PATCH',
      headers: { 'content-type': 'application/json' },
      body: '{"title":"Laptops"}',
    })
    expect(await renamed.json()).toEqual(session)
    expect(await (await fetch(one, { method: 'DELETE' })).json()).toEqual({ removed: { id: session.id } })
    expect(calls).toEqual([
      { name: 'get', args: [session.id, nobody] },
      { name: 'rename', args: [session.id, 'Laptops', nobody] },
      { name: 'get', args: [session.id, nobody] },
      { name: 'remove', args: [session.id, nobody] },
    ])
  })

  test('are searched by their turns', async () => {
    const turn = { sessionId: session.id, title: 'T', ordinal: 1, question: 'Q', answer: 'A', score: 0.5 }
    const { engine, calls } = recorded({ search: async () => ({ turns: [turn] }) })
    const { url } = await serve(engine)
    expect(await (await fetch(`${url}/v1/sessions/search?q=laptop&limit=3`)).json()).toEqual({
      turns: [turn],
    })
    expect(calls).toEqual([
      { name: 'search', args: [{ query: 'laptop', limit: 3, owner: null, signal: expect.any(AbortSignal) }] },
    ])
  })

  test('of an unknown id are 404', async () => {
    const { engine } = recorded({
      get: () => Promise.reject(unknown),
      remove: () => Promise.reject(unknown),
    })
    const { url } = await serve(engine)
    for (const init of [{}, { method: 'DELETE' }]) {
      const response = await fetch(`${url}/v1/sessions/x`, init)
      expect(response.status).toBe(404)
      expect(await errorOf(response)).toMatchObject({ code: 'NOT_FOUND', field: 'sessionId' })
    }
  })

  test.each([
    ['POST', '', '{"title":""}', 'title'],
    ['POST', '', `{"title":"${'x'.repeat(201)}"}`, 'title'],
    ['POST', '', '{"name":"x"}', 'name'],
    ['POST', '?title=x', '{}', 'title'],
    ['PATCH', '/x', '{}', 'title'],
    ['PATCH', '/x', '{"title":3}', 'title'],
    ['GET', '?limit=0', undefined, 'limit'],
    ['GET', '?q=x', undefined, 'q'],
    ['GET', '/search', undefined, 'q'],
    ['GET', `/${'x'.repeat(300)}`, undefined, 'id'],
  ])('%s /v1/sessions%s with %s names the field at fault', async (method, path, body, field) => {
    const { engine, calls } = recorded()
    const { url } = await serve(engine)
    const response = await fetch(`${url}/v1/sessions${path}`, {
      method,
      headers: { 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body }),
    })
    expect(response.status).toBe(400)
    expect(await errorOf(response)).toMatchObject({ code: 'BAD_INPUT', field })
    expect(calls).toEqual([])
  })
})

describe('a question of a conversation', () => {
  test('names it, and may have images', async () => {
    const engine = fakeEngine()
    const { url } = await serve(engine)
    const images = [{ mimeType: 'image/png', data: 'iVBORw0KGgo=' }]
    await post(`${url}/v1/ask`, { question: 'And this?', sessionId: session.id, images })
    await post(`${url}/v1/ask`, { question: 'And this?', sessionId: null })
    expect(engine.calls.map(({ args }) => args)).toEqual([
      ['And this?', { sessionId: session.id, images, owner: null, signal: expect.any(AbortSignal) }],
      ['And this?', { sessionId: null, owner: null, signal: expect.any(AbortSignal) }],
    ])
  })

  test('may be as large as its images need, unlike other bodies', async () => {
    const { url } = await serve()
    const images = [{ mimeType: 'image/png', data: 'A'.repeat(12_000_000) }]
    expect((await post(`${url}/v1/ask`, { question: 'This?', images })).status).toBe(200)
    const tooLarge = [{ mimeType: 'image/png', data: 'A'.repeat(20_000_000) }]
    expect((await post(`${url}/v1/ask`, { question: 'This?', images: tooLarge })).status).toBe(413)
    expect((await post(`${url}/v1/search`, { query: 'x', images })).status).toBe(413)
  })
})

test('an answer that breaks off tells what had come of it', async () => {
  const broken = new GemdexError('INCOMPLETE', 'The answer broke off', { partialAnswer: 'Two weeks' })
  const engine = fakeEngine({
    answer: () => Promise.reject(broken),
    async *ask() {
      yield { type: 'delta', text: 'Two weeks' }
      throw broken
    },
  })
  const { url } = await serve(engine)
  const whole = await post(`${url}/v1/ask`, { question: 'When?' })
  expect(whole.status).toBe(502)
  expect(await errorOf(whole)).toMatchObject({ code: 'INCOMPLETE', partialAnswer: 'Two weeks' })
  const stream = await post(`${url}/v1/ask`, { question: 'When?' }, { accept: 'text/event-stream' })
  expect(await stream.text()).toMatch(/event: error\ndata: .*"partialAnswer":"Two weeks"/)
})
