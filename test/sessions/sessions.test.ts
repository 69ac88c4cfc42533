import { describe, expect, it } from 'vitest'
import type { Embedder } from '../../src/embed/embedder.js'
import { GemdexError } from '../../src/errors.js'
import { createHashedEmbedder } from '../../src/local/hashed-embedder.js'
import { createSessions, type SessionsDependencies } from '../../src/sessions/sessions.js'
import { makeTurn } from '../contract/session-store.js'
import { openTempStore } from '../store/sqlite/temp-store.js'

/** Two conversations: on pumps, and on bread. `embeds` counts the texts that were embedded. */
async function setUp(overrides: Partial<SessionsDependencies> = {}) {
  const hashed = createHashedEmbedder()
  const roles: string[] = []
  const embedder: Embedder = {
    ...hashed,
    embed(inputs, options) {
      for (const { text, title } of inputs) roles.push(`${options.role}: ${title ?? ''}: ${text}`)
      return hashed.embed(inputs, options)
    },
  }
  const store = openTempStore()
  await store.adopt({ embedder: embedder.identity, chunker: 'c' })
  const sessions = createSessions({
    store: store.sessions,
    searcher: async () => embedder,
    writer: async () => ({ embedder }),
    ...overrides,
  })
  const pumps = await sessions.create('Pumps')
  const bread = await sessions.create()
  await store.sessions.appendTurn(pumps.id, makeTurn('Is the pump quiet?', 'Very quiet [1].'), 'x')
  await store.sessions.appendTurn(pumps.id, makeTurn('Broken?', 'Half', { status: 'failed' }), 'x')
  await store.sessions.appendTurn(pumps.id, makeTurn('And its colour?', '', { status: 'refused' }), 'x')
  await store.sessions.appendTurn(
    bread.id,
    makeTurn('How long is bread baked?', 'Forty minutes [1].'),
    'Bread?',
  )
  return { sessions, store, embedder, roles, pumps, bread }
}

describe('conversations', () => {
  it('have an id that cannot be guessed, and a title of their own or of their first question', async () => {
    const { sessions, pumps, bread } = await setUp()
    expect(pumps.id).toMatch(/^[0-9a-f]{24}$/)
    expect(pumps.id).not.toBe(bread.id)
    expect((await sessions.get(pumps.id)).title).toBe('Pumps')
    expect((await sessions.get(bread.id)).title).toBe('Bread?')
    await sessions.rename(bread.id, ' The \n oven ')
    expect((await sessions.get(bread.id)).title).toBe('The oven')
    expect((await sessions.list({ limit: 1 })).items[0]?.id).toBe(bread.id)
  })

  it.each(['', '  \n', 'x'.repeat(201)])('are not called "%s"', async (title) => {
    const { sessions, pumps } = await setUp()
    const bad = { code: 'BAD_INPUT', field: 'title' }
    await expect(sessions.rename(pumps.id, title)).rejects.toMatchObject(bad)
    if (title !== '') await expect(sessions.create(title)).rejects.toMatchObject(bad)
  })

  it('that are not there are told', async () => {
    const { sessions, pumps } = await setUp()
    await sessions.remove(pumps.id)
    const gone = { code: 'NOT_FOUND', field: 'sessionId', message: expect.stringContaining(pumps.id) }
    await expect(sessions.get(pumps.id)).rejects.toMatchObject(gone)
    await expect(sessions.rename(pumps.id, 'x')).rejects.toMatchObject(gone)
    await expect(sessions.remove(pumps.id)).rejects.toMatchObject(gone)
    await expect(sessions.embed(pumps.id)).rejects.toMatchObject(gone)
  })
})

describe('the search for turns', () => {
  it('goes by words alone, and embeds nothing, as long as no turn is embedded', async () => {
    const { sessions, roles, bread } = await setUp()
    const found = await sessions.search({ query: 'What was said of baking bread?', limit: 10 })
    expect(found.turns.map(({ sessionId, ordinal }) => [sessionId, ordinal])).toEqual([[bread.id, 1]])
    expect(found).not.toHaveProperty('degraded')
    expect(roles).toEqual([])
  })

  it('embeds none where they could not be kept', async () => {
    const { store, embedder, roles, pumps } = await setUp()
    const refusal = new GemdexError('STORE_READ_ONLY', 'not here')
    const requireWritable = () => Promise.reject(refusal)
    const sessions = createSessions({
      store: { ...store.sessions, requireWritable },
      searcher: async () => embedder,
      writer: async () => ({ embedder }),
    })
    await expect(sessions.embed(pumps.id)).rejects.toBe(refusal)
    expect(roles).toEqual([])
  })

  it('goes by meaning too once they are', async () => {
    const { sessions, roles, pumps } = await setUp()
    const { model, dimensions, turns } = await sessions.embed(pumps.id)
    expect({ model, dimensions }).toEqual({ model: 'local-lexical-v1', dimensions: 1024 })
    expect(turns.map(({ ordinal, vector }) => [ordinal, vector.length])).toEqual([
      [1, 1024],
      [3, 1024],
    ])
    expect(roles).toEqual([
      'document: Pumps: Is the pump quiet?\n\nVery quiet.',
      'document: Pumps: And its colour?',
    ])
    // A misspelling has no word in common with the turn, but letters.
    const found = await sessions.search({ query: 'quieet pumpp', limit: 10 })
    expect(found.turns.map(({ ordinal }) => ordinal)).toEqual([1])
    expect(roles.at(-1)).toBe('query: : quieet pumpp')
    const both = await sessions.search({ query: 'quiet pump', limit: 1 })
    expect(both.turns).toHaveLength(1)
  })

  it('says why it goes by words alone when the query cannot be embedded', async () => {
    const without = await setUp({ searcher: async () => ({ unavailable: 'no key' }) })
    await without.sessions.embed(without.pumps.id)
    expect(await without.sessions.search({ query: 'pump', limit: 5 })).toMatchObject({
      turns: [{ ordinal: 1 }],
      degraded: 'no key',
    })
    const failing = await setUp({
      searcher: async () => ({
        ...createHashedEmbedder(),
        embed: () => Promise.reject(new GemdexError('OFFLINE', 'no network')),
      }),
    })
    await failing.sessions.embed(failing.pumps.id)
    expect(await failing.sessions.search({ query: 'pump', limit: 5 })).toMatchObject({
      degraded: 'no network',
    })
  })

  it('ends with an abort', async () => {
    const { sessions } = await setUp()
    const search = sessions.search({ query: 'pump', limit: 5, signal: AbortSignal.abort() })
    await expect(search).rejects.toMatchObject({ code: 'CANCELLED' })
  })
})
