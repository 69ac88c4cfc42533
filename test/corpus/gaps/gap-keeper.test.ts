import { describe, expect, test } from 'vitest'
import type { AnswerEvent, Answerer } from '../../../src/answer/answerer.js'
import { createGapKeeper } from '../../../src/corpus/gaps/gap-keeper.js'
import { GemdexError } from '../../../src/errors.js'
import type { Answer, SearchResult } from '../../../src/types.js'
import { openTempStore } from '../../store/sqlite/temp-store.js'

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

  test('that were answered, narrowed by a filter, or asked while search was degraded is nothing', async () => {
    const { store, keeper } = open()
    await typesOf(keeper.watch(answererOf({ status: 'answered' })).ask({ question: 'q' }))
    await typesOf(keeper.watch(answererOf({ status: 'blocked' })).ask({ question: 'q' }))
    await typesOf(keeper.watch(answererOf({ degraded: 'offline' })).ask({ question: 'q' }))
    await typesOf(keeper.watch(answererOf({})).ask({ question: 'q', filter: { a: 1 } }))
    keeper.noteSearch({ query: 'swimming', filter: { a: 1 } }, none)
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
})
