import { describe, expect, test } from 'vitest'
import type { TopicsReport, TopicsRequest } from '../../src/corpus/topics/find-topics.js'
import { keepTopics } from '../../src/corpus/topics/keep-topics.js'

const TOPIC = {
  title: 'a',
  terms: ['a'],
  size: 1,
  fromMs: 0,
  toMs: 0,
  central: [],
  subtopics: [],
  members: ['d1'],
}

function counted(notes: readonly (string | undefined)[] = []) {
  const store = { current: '1', revision: async () => store.current }
  const asked: TopicsRequest[] = []
  const find = async (request: TopicsRequest): Promise<TopicsReport> => {
    const note = notes[asked.length]
    asked.push(request)
    return {
      by: 'terms',
      documents: 1,
      topics: [TOPIC],
      candidates: [],
      outliers: [],
      outlierCount: 0,
      sent: { texts: 0, tokens: 0, priceUsd: 0 },
      ...(note === undefined ? {} : { note }),
    }
  }
  return { store, asked, topics: keepTopics(store, find) }
}

describe('topics', () => {
  test('are found once for an index that does not change, with the documents where these are asked for', async () => {
    const { store, asked, topics } = counted()
    const [plain, withMembers] = await Promise.all([topics({}), topics({ members: true })])
    expect(plain.topics[0]).not.toHaveProperty('members')
    expect(withMembers.topics[0]?.members).toEqual(['d1'])
    expect(asked).toHaveLength(1)
    await topics({ collections: ['other'] })
    expect(asked).toHaveLength(2)
    store.current = '2'
    await topics({})
    expect(asked).toHaveLength(3)
  })

  test('within a filter, or by vectors that are made for them, are found each time', async () => {
    const { asked, topics } = counted()
    for (const request of [{ filter: { path: 'a' } }, { role: 'clustering' }, { dryRun: true }] as const) {
      await topics(request)
      await topics(request)
    }
    expect(asked).toHaveLength(6)
  })

  test('that were not named are tried again, and those that failed', async () => {
    const { asked, topics } = counted(['The model is busy'])
    expect((await topics({})).note).toBe('The model is busy')
    expect((await topics({})).note).toBeUndefined()
    await topics({})
    expect(asked).toHaveLength(2)
    let calls = 0
    const failing = keepTopics({ revision: async () => '1' }, () =>
      Promise.reject(new Error(`no ${++calls}`)),
    )
    await expect(failing({})).rejects.toThrow('no 1')
    await expect(failing({})).rejects.toThrow('no 2')
  })

  test('that nobody waits for any more are not looked for', async () => {
    let inner: AbortSignal | undefined
    const topics = keepTopics({ revision: async () => '1' }, ({ signal }) => {
      inner = signal
      return new Promise((_, reject) => signal?.addEventListener('abort', () => reject(new Error('ended'))))
    })
    const controller = new AbortController()
    const waiting = topics({ signal: controller.signal })
    await expect.poll(() => inner).toBeDefined()
    controller.abort()
    await expect(waiting).rejects.toMatchObject({ code: 'CANCELLED' })
    await expect.poll(() => inner?.aborted).toBe(true)
  })

  test('that were given up are looked for again, though the first search is slow to end', async () => {
    const { topics: find } = counted()
    let isFirst = true
    const topics = keepTopics({ revision: async () => '1' }, (request) => {
      if (!isFirst) return find(request)
      isFirst = false
      return new Promise(() => {})
    })
    const controller = new AbortController()
    const first = topics({ signal: controller.signal })
    setTimeout(() => controller.abort())
    await expect(first).rejects.toMatchObject({ code: 'CANCELLED' })
    await new Promise((resolve) => setTimeout(resolve, 5))
    expect((await topics({})).topics).toHaveLength(1)
  })
})
