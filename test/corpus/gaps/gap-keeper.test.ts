import Database from 'better-sqlite3'
import { describe, expect, onTestFinished, test } from 'vitest'
import type { AnswerEvent, Answerer } from '../../../src/answer/answerer.js'
import { createGapKeeper } from '../../../src/corpus/gaps/gap-keeper.js'
import { GemdexError } from '../../../src/errors.js'
import type { Answer, SearchResult } from '../../../src/types.js'
import { openTempStore, tempPath } from '../../store/sqlite/temp-store.js'

const now = () => Date.UTC(2026, 10, 24, 23, 59)
const none: SearchResult = { query: 'x', mode: 'hybrid', tookMs: 1, hits: [] }

function answererOf(answer: Partial<Answer>): Answerer {
  return {
    async *ask() {
      const whole = {
        status: 'refused',
        answer: '',
        citations: [],
        unsupported: [],
        sources: [],
        standaloneQuestion: 'When does the pool open on Sunday?',
        sessionId: 'secret-session',
        model: 'fake',
        ...answer,
      } as const
      yield { type: 'sources', sources: [], standaloneQuestion: whole.standaloneQuestion }
      yield { type: 'done', answer: whole }
    },
  }
}

async function typesOf(events: AsyncIterable<AnswerEvent>): Promise<string[]> {
  const types: string[] = []
  for await (const { type } of events) types.push(type)
  return types
}

function open(isKeeping = true) {
  const { gaps: store } = openTempStore()
  return { store, keeper: createGapKeeper({ store, isKeeping, now }) }
}

describe('what is kept of questions', () => {
  test('that were refused is the question as it was understood, the day and nothing else', async () => {
    const { store, keeper } = open()
    const events = keeper.watch(answererOf({})).ask({ question: 'and on Sunday?' })
    expect(await typesOf(events)).toEqual(['sources', 'done'])
    await keeper.settled()
    expect(await store.listGaps()).toEqual([
      { question: 'When does the pool open on Sunday?', day: '2026-11-24', outcome: 'refused', asked: 1 },
    ])
  })

  test('that were answered, narrowed by who asked, or asked while search was degraded is nothing', async () => {
    const { store, keeper } = open()
    await typesOf(keeper.watch(answererOf({ status: 'answered' })).ask({ question: 'q' }))
    await typesOf(keeper.watch(answererOf({ status: 'blocked' })).ask({ question: 'q' }))
    await typesOf(keeper.watch(answererOf({ degraded: 'offline' })).ask({ question: 'q' }))
    for (const narrowed of [{ filter: { a: 1 } }, { collection: 'notes' }]) {
      await typesOf(keeper.watch(answererOf({})).ask({ question: 'q', ...narrowed }))
      keeper.noteSearch({ query: 'swimming', ...narrowed }, none)
    }
    for (const narrowed of [{ minScore: 0.9 }, { dates: true }])
      keeper.noteSearch({ query: 'swimming', ...narrowed }, none)
    keeper.noteSearch({ query: 'swimming' }, { ...none, degraded: 'offline' })
    await keeper.settled()
    expect(await store.listGaps()).toEqual([])
  })

  test('that found nothing is the query', async () => {
    const { store, keeper } = open()
    keeper.noteSearch({ query: 'swimming' }, none)
    await keeper.settled()
    expect(await store.listGaps()).toMatchObject([{ question: 'swimming', outcome: 'nothing' }])
  })

  test('is nothing unless it was asked for', async () => {
    const { store, keeper } = open(false)
    await typesOf(keeper.watch(answererOf({})).ask({ question: 'q' }))
    keeper.noteSearch({ query: 'swimming' }, none)
    await keeper.settled()
    expect(await store.listGaps()).toEqual([])
  })

  test('is no reason to fail', async () => {
    const refuse = () => Promise.reject(new GemdexError('STORE_FULL', 'The disk is full'))
    const { store } = open()
    const keeper = createGapKeeper({ store: { ...store, addGap: refuse }, isKeeping: true, now })
    expect(await typesOf(keeper.watch(answererOf({})).ask({ question: 'q' }))).toEqual(['sources', 'done'])
    await keeper.settled()
  })

  test('is written when who asked has the answer', async () => {
    const { store } = open()
    const steps: string[] = []
    const addGap = async () => void steps.push('kept')
    const keeper = createGapKeeper({ store: { ...store, addGap }, isKeeping: true, now })
    const search = async () => {
      keeper.noteSearch({ query: 'swimming' }, none)
      return none
    }
    await search()
    steps.push('found')
    await keeper.settled()
    expect(steps).toEqual(['found', 'kept'])
  })

  test('is no more than a hundred questions that wait for a store that does not come to it', async () => {
    const { store } = open()
    let release = () => {}
    const held = new Promise<void>((resolve) => {
      release = resolve
    })
    let asked = 0
    const addGap = () => {
      asked++
      return held
    }
    const keeper = createGapKeeper({ store: { ...store, addGap }, isKeeping: true, now })
    for (let i = 0; i < 300; i++) keeper.noteSearch({ query: `swimming ${i}` }, none)
    release()
    await keeper.settled()
    keeper.noteSearch({ query: 'once more' }, none)
    await keeper.settled()
    expect(asked).toBe(101)
  })

  // Half of the time that other writes wait for.
  test('is given up soon while another process writes', { timeout: 5_000 }, async () => {
    const path = tempPath()
    const { gaps: store } = openTempStore(path)
    const holder = new Database(path)
    onTestFinished(() => void holder.close())
    holder.exec('BEGIN IMMEDIATE')
    const gap = { question: 'When does the pool open?', day: '2026-11-24', outcome: 'refused' } as const
    await expect(store.addGap(gap, 10)).rejects.toMatchObject({ code: 'STORE_BUSY' })
    holder.exec('ROLLBACK')
    await store.addGap(gap, 10)
    expect(await store.countGaps()).toBe(1)
  })
})
