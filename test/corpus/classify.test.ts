import { describe, expect, test } from 'vitest'
import { type ClassifyRequest, classify } from '../../src/corpus/classify/classify.js'
import { createClassifier, type LabelText } from '../../src/corpus/classify/classify-texts.js'
import { searchScopeOf } from '../../src/corpus/corpus-passage.js'
import { seededNumbers } from '../../src/corpus/features/seeded-numbers.js'
import { createHashedEmbedder } from '../../src/local/hashed-embedder.js'
import { storeOf } from '../search/small-index.js'
import { passagesOf } from './texts.js'

const NAMES = ['sea', 'kitchen', 'office'] as const
const random = seededNumbers(1)
/** Sixty words for each label, of which a text has twelve, among words that all have. */
function textOf(label: number): string {
  const word = (prefix: string, count: number) =>
    `${prefix}${'abcdefghijkl'[Math.floor(random() * 12)]}${'mnopqrs'[Math.floor((random() * count) / 12)]}`
  const own = Array.from({ length: 12 }, () => word(NAMES[label] ?? '', 60))
  return [...own, ...Array.from({ length: 30 }, () => word('common', 80))].join(' ')
}

const labelTexts: LabelText[] = NAMES.flatMap((_, label) =>
  Array.from({ length: 4 }, () => ({ label, text: textOf(label), isExample: true })),
)
const truth = Array.from({ length: 150 }, (_, i) => i % 3)
const texts = truth.map(textOf)

function run(labels: readonly LabelText[], texts: readonly string[], minProbability = 0.5) {
  const task = createClassifier({ names: NAMES, texts: labels, minProbability })
  task.add(passagesOf(texts))
  return task.finish(() => {})
}

describe('labelling texts', () => {
  test('finds the labels, with probabilities that may be believed', () => {
    const { items, isCalibrated, evaluation } = run(labelTexts, texts)
    const right = items.filter(({ label }, i) => label === truth[i]).length / items.length
    expect(right).toBeGreaterThan(0.95)
    expect(isCalibrated).toBe(true)
    const mean = items.reduce((sum, { probabilities }) => sum + Math.max(...probabilities), 0) / items.length
    expect(Math.abs(mean - right)).toBeLessThan(0.15)
    for (const { probabilities } of items)
      expect(probabilities.reduce((sum, each) => sum + each, 0)).toBeCloseTo(1, 2)
    expect(evaluation).toMatchObject({ examples: 12, accuracy: expect.any(Number) })
    expect(evaluation?.labels.map(({ name }) => name)).toEqual(NAMES)
  })

  test('texts help one another where examples are few', () => {
    const few = labelTexts.filter((_, i) => i % 4 < 2)
    const right = (items: readonly { readonly label?: number }[], truths: readonly number[]) =>
      items.filter(({ label }, i) => label === truths[i]).length / items.length
    const together = right(run(few, texts, 0).items, truth)
    const alone = right(
      texts.slice(0, 60).flatMap((text) => run(few, [text], 0).items),
      truth.slice(0, 60),
    )
    expect(together).toBeGreaterThan(alone)
    expect(together).toBeGreaterThan(0.9)
  })

  test('gives no label to what is like none of the examples, nor below the probability asked for', () => {
    const { items } = run(labelTexts, [
      ...texts,
      '一二三四五六七八九十',
      'entirely unrelated vocabulary here',
    ])
    expect(items.slice(-2).map(({ label }) => label)).toEqual([undefined, undefined])
    const mixed = truth.map((label) => `${textOf(label)} ${textOf((label + 1) % 3)}`)
    const unsure = run(labelTexts, [...texts, ...mixed], 0.9).items.filter(({ label }) => label === undefined)
    expect(unsure.length).toBeGreaterThan(10)
    expect(unsure.every(({ probabilities }) => Math.max(...probabilities) <= 0.9)).toBe(true)
  })

  test('is not calibrated by a single example of a label', () => {
    const { isCalibrated, evaluation } = run(labelTexts.slice(3, 9), texts.slice(0, 5))
    expect({ isCalibrated, evaluation }).toEqual({ isCalibrated: false, evaluation: undefined })
  })
})

describe('labels of an index', () => {
  const labels = NAMES.map((name, label) => ({
    name,
    examples: Array.from({ length: 3 }, () => textOf(label)),
  }))
  const embedder = createHashedEmbedder()
  const documents = [0, 1, 2, 0].map((label, i) => ({
    id: `d${i}`,
    passages: [textOf(label), textOf(label)],
    collection: i === 3 ? 'other' : 'notes',
    metadata: { kind: 'text' },
  }))

  async function open() {
    const store = await storeOf(documents, embedder)
    const ask = (request: Partial<ClassifyRequest>) =>
      classify(
        {
          store,
          embedder: async () => embedder,
          embed: (inputs) => embedder.embed(inputs, { role: 'classification' }),
          usdPerMillionTokens: () => 2,
        },
        { labels, ...request },
      )
    return { store, ask }
  }

  test('are kept as metadata, by which searches filter at once', async () => {
    const { store, ask } = await open()
    const matching = async (value: string) => {
      const scope = searchScopeOf({ filter: { topic: value } })
      return (await store.listChunks(0, 10, scope)).map(({ documentId }) => documentId)
    }
    expect(await matching('kitchen')).toEqual([])
    const { items, saved, by, sent } = await ask({ save: 'topic' })
    expect(by).toBe('terms')
    expect(sent).toEqual({ texts: 0, tokens: 0, priceUsd: 0 })
    expect(items.map(({ uri, label, collection }) => [uri, label, collection])).toEqual([
      ['d0', 'sea', 'notes'],
      ['d1', 'kitchen', 'notes'],
      ['d2', 'office', 'notes'],
      ['d3', 'sea', 'other'],
    ])
    expect(saved).toBe(4)
    expect(await matching('kitchen')).toEqual(['d1', 'd1'])
    expect((await store.getDocument('d1'))?.metadata).toEqual({ kind: 'text', topic: 'kitchen' })
    await ask({ save: 'topic', minProbability: 1, collections: ['notes'] })
    expect(await matching('kitchen')).toEqual([])
    expect(await matching('sea')).toEqual(['d3', 'd3'])
  })

  test('are found by vectors too, and a dry run sends nothing', async () => {
    const { ask } = await open()
    const dry = await ask({ by: 'vectors', dryRun: true })
    expect(dry.items).toEqual([])
    expect(dry.sent.texts).toBe(9 + 4)
    expect(dry.sent.priceUsd).toBeCloseTo((2 * dry.sent.tokens) / 1e6, 5)
    const { items } = await ask({ by: 'vectors', collection: 'notes', minProbability: 0 })
    expect(items.map(({ label }) => label)).toEqual(NAMES)
  })

  test.each([
    [{ labels: labels.slice(0, 1) }, 'labels'],
    [{ labels: [...labels, ...labels] }, 'labels'],
    [{ labels: [{ name: 'a' }, { name: 'b', description: 'x' }] }, 'labels'],
    [{ texts: [] }, 'texts'],
    [{ texts: ['a'], save: 'topic' }, 'save'],
    [{ save: 'a.b' }, 'save'],
    [{ minProbability: 2 }, 'minProbability'],
    [{ collection: 'none' }, 'collection'],
  ])('are refused for %o', async (request, field) => {
    const { ask } = await open()
    await expect(ask(request)).rejects.toMatchObject({ field })
  })
})
