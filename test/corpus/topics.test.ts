import { describe, expect, test } from 'vitest'
import { reduceDimensions } from '../../src/corpus/features/reduce-dimensions.js'
import { seededNumbers } from '../../src/corpus/features/seeded-numbers.js'
import { findTopics } from '../../src/corpus/topics/find-topics.js'
import { createTopicModel } from '../../src/corpus/topics/model-topics.js'
import { conceptEmbedder, storeOf } from '../search/small-index.js'
import { passagesOf } from './texts.js'

const WORDS = [
  'harbour boat sail anchor tide wave captain crew mast rudder',
  'oven dough flour yeast crust bake knead butter loaf crumb',
  'court judge verdict appeal lawyer clause statute witness trial oath',
  'galaxy star orbit telescope comet planet nebula crater lunar eclipse',
].map((words) => words.split(' '))
const COMMON = 'report week people small great place found began often later thing whole'.split(' ')

/** Texts of so many topics in turn, with a third of words of their own. */
function textsOf(count: number, topics: number): { texts: string[]; truth: number[] } {
  const random = seededNumbers(5)
  const pick = (words: readonly string[]) => words[Math.floor(random() * words.length)] ?? ''
  const truth = Array.from({ length: count }, (_, i) => i % topics)
  const texts = truth.map((topic) =>
    Array.from({ length: 45 }, (_, i) => `the ${pick(i % 3 === 0 ? (WORDS[topic] ?? []) : COMMON)}`).join(
      ' ',
    ),
  )
  return { texts, truth }
}

function model(texts: readonly string[], seed = 1) {
  const task = createTopicModel({ seed })
  task.add(passagesOf(texts))
  return task.finish(() => {})
}

describe('topics', () => {
  const { texts, truth } = textsOf(120, 4)

  test.each([1, 2, 3])('find the groups that there are, with seed %i', (seed) => {
    const { topics, assignments } = model(texts, seed)
    expect(topics).toHaveLength(4)
    const sources = new Set(assignments.map(({ topic }, i) => `${topic} ${truth[i]}`))
    expect(sources.size).toBe(4)
  })

  test('are named by words of their own, with times and the most central', () => {
    const { topics, by, candidates } = model(texts)
    expect(by).toBe('terms')
    expect(candidates.map(({ groups }) => groups)).toEqual([2, 3, 4, 5])
    expect(candidates.map(({ cut }) => cut < 0.2)).toEqual([true, true, true, false])
    for (const { terms, size, central, fromMs, toMs } of topics) {
      const own = WORDS.find((words) => words.includes(terms[0] ?? ''))
      expect(terms.slice(0, 5).every((term) => own?.includes(term))).toBe(true)
      expect(size).toBe(30)
      const topic = truth[fromMs]
      expect(truth[toMs]).toBe(topic)
      expect(central.map((chunkId) => truth[chunkId - 1])).toEqual([topic, topic, topic])
    }
  })

  test('are named by no address, target of a link, or word that all texts use', () => {
    const noisy = texts.map(
      (text, i) =>
        `${text} using example zwq${i % 4} https://zwhost${i % 4}.com/zwpath [see](./zwlink${i % 4}.md) zw@zwmail${i % 4}.org`,
    )
    const named = model(noisy).topics.flatMap(({ terms }) => terms)
    expect(named.filter((term) => /^(?:zw(?!q)|https?$|com$|md$|using|example)/.test(term))).toEqual([])
  })

  test('name what belongs nowhere', () => {
    const strange = 'zebra quartz violin'
    const { outliers } = model([...texts, `${strange} the report`, `${strange} the week`])
    expect(outliers.slice(0, 2).toSorted()).toEqual([121, 122])
  })

  test('divide large groups', () => {
    const random = seededNumbers(6)
    const rarer = () =>
      Array.from(
        { length: 12 },
        () => `q${'abcdefghijkl'[Math.floor(random() * 12)]}${'mnopq'[Math.floor(random() * 5)]}`,
      )
    const { topics } = model(textsOf(160, 4).texts.map((text) => `${text} ${rarer().join(' ')}`))
    expect(topics.map(({ size }) => size)).toEqual([40, 40, 40, 40])
    for (const { size, subtopics } of topics) {
      expect(subtopics.length).toBeGreaterThan(1)
      expect(subtopics.reduce((sum, part) => sum + part.size, 0)).toBe(size)
    }
    expect(model(textsOf(60, 4).texts).topics.every(({ subtopics }) => subtopics.length === 0)).toBe(true)
  })

  test.each([0, 1, 2, 3, 14])('are made of %i documents, of four and more each', (count) => {
    const { topics, documents } = model(texts.slice(0, count))
    expect(documents).toBe(count)
    expect(topics.length).toBeLessThanOrEqual(Math.max(1, count / 4))
    expect(topics.reduce((sum, { size }) => sum + size, 0)).toBe(count)
  })
})

test('few dimensions keep the cosines of texts that have no more', () => {
  const random = seededNumbers(9)
  const features = Array.from({ length: 12 }, () => {
    const weights = Float32Array.from({ length: 3 }, () => random() - 0.5)
    const norm = Math.hypot(...weights)
    return { ids: Uint32Array.of(2, 5, 9), weights: weights.map((weight) => weight / norm) }
  })
  const { values, width } = reduceDimensions(features, { width: 3, seed: 1 })
  expect(width).toBe(3)
  for (const [a, left] of features.entries()) {
    for (const [b, right] of features.entries()) {
      const cosine = left.weights.reduce((sum, value, i) => sum + value * (right.weights[i] ?? 0), 0)
      let reduced = 0
      for (let i = 0; i < 3; i++) reduced += (values[a * 3 + i] ?? 0) * (values[b * 3 + i] ?? 0)
      expect(reduced).toBeCloseTo(cosine, 4)
    }
  }
})

describe('topics of an index', () => {
  const { texts } = textsOf(24, 2)
  const documents = texts.map((text, i) => ({
    id: `d${i}`,
    passages: [text],
    collection: i < 20 ? 'notes' : 'other',
    modifiedMs: i,
  }))

  test('honour reach and filter, and can be cancelled', async () => {
    const store = await storeOf(documents, conceptEmbedder())
    const dependencies = {
      store,
      titler: undefined,
      embedder: async () => ({ unavailable: 'There is no key' }),
      embed: async () => [],
      usdPerMillionTokens: () => 0,
    }
    const all = await findTopics(dependencies, {})
    expect(all).toMatchObject({ by: 'terms', documents: 24 })
    expect(all.topics[0]?.title).toBe(all.topics[0]?.terms.slice(0, 3).join(', '))
    expect(all.topics[0]?.central[0]).toMatchObject({
      collection: expect.any(String),
      uri: expect.any(String),
    })
    expect((await findTopics(dependencies, { collections: ['other'] })).documents).toBe(4)
    expect((await findTopics(dependencies, { filter: { path: 'd1' } })).documents).toBe(1)
    await expect(findTopics(dependencies, { role: 'clustering' })).rejects.toMatchObject({
      code: 'KEY_MISSING',
    })
    const controller = new AbortController()
    const run = findTopics(dependencies, {
      signal: controller.signal,
      onProgress: ({ stage }) => stage === 'grouping' && controller.abort(),
    })
    await expect(run).rejects.toMatchObject({ code: 'CANCELLED' })
  })
})
