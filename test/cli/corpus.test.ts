import { expect, test } from 'vitest'
import type { ClassifyReport, SearchEngine, TopicsReport } from '../../src/engine.js'
import { tempFolder } from '../files/temp-folder.js'
import { runInProcess } from './run-in-process.js'

const env = { NO_COLOR: '1' }
const passage = {
  id: 'a-0',
  documentId: 'a',
  title: 'Leave',
  uri: 'leave.md',
  collection: 'handbook',
  snippet: 'The leave',
}
const topic = {
  title: 'Leave',
  terms: ['leave', 'days'],
  size: 12,
  fromMs: Date.UTC(2024, 0, 1),
  toMs: Date.UTC(2025, 0, 1),
  central: [passage],
}
const report: TopicsReport = {
  by: 'terms',
  documents: 13,
  topics: [{ ...topic, subtopics: [{ ...topic, title: 'Parental leave', size: 5 }] }],
  candidates: [{ groups: 2, cut: 0.03 }],
  outliers: [passage],
  outlierCount: 1,
  sent: { texts: 0, tokens: 0, priceUsd: 0 },
  note: 'The topics were not named',
}

test('topics shows two levels and outliers', async () => {
  const engine: Partial<SearchEngine> = { topics: async () => report }
  const { code, stdout, stderr } = await runInProcess(['topics', '--seed', '2'], { engine, env })
  expect(code).toBe(0)
  expect(stdout).toBe(
    [
      'Leave 12 documents, 2024-01-01 to 2025-01-01',
      '  leave, days',
      '  handbook/leave.md',
      '    Parental leave 5 documents, 2024-01-01 to 2025-01-01',
      '      leave, days',
      '',
      '1 document like no others',
      '  handbook/leave.md',
      '',
    ].join('\n'),
  )
  expect(stderr).toContain('The topics were not named')
  const json = await runInProcess(['topics', '--json'], { engine })
  expect(JSON.parse(json.stdout)).toEqual(report)
})

const sent = { texts: 0, tokens: 0, priceUsd: 0 }
const classified: ClassifyReport = {
  by: 'terms',
  items: [
    { label: 'sea', probability: 0.91, probabilities: { sea: 0.91, land: 0.09 } },
    { label: null, probability: 0.5, probabilities: { sea: 0.5, land: 0.5 } },
  ],
  calibrated: true,
  evaluation: {
    examples: 8,
    accuracy: 0.75,
    coverage: 1,
    accuracyOfLabelled: 0.75,
    logLoss: 0.4,
    labels: [],
  },
  sent,
}

/** An engine that answers so, and what it was asked. */
function classifier(given: Partial<ClassifyReport> = {}) {
  const requests: Parameters<SearchEngine['classify']>[0][] = []
  const engine: Partial<SearchEngine> = {
    classify: async (request) => {
      requests.push(request)
      return { ...classified, ...given }
    },
  }
  return { engine, requests }
}

test('classify takes labels from flags and a file, and shows what came of it', async () => {
  const folder = await tempFolder({ 'labels.json': '[{"name": "sea", "examples": ["a boat"]}]' })
  const { engine, requests } = classifier()
  const flags = ['--labels', `${folder}/labels.json`, '--label', 'land=fields: and roads', '--label', 'x:a=b']
  const { code, stdout, stderr } = await runInProcess(['classify', 'a ship', 'a cloud', ...flags], {
    engine,
    env,
  })
  expect(code).toBe(0)
  expect(requests.map(({ dryRun }) => dryRun)).toEqual([true, undefined])
  expect(requests[1]).toMatchObject({
    texts: ['a ship', 'a cloud'],
    labels: [
      { name: 'sea', examples: ['a boat'] },
      { name: 'land', description: 'fields: and roads' },
      { name: 'x', examples: ['a=b'] },
    ],
  })
  expect(stdout).toBe('sea  0.91  a ship\n-    0.50  a cloud\n')
  expect(stderr).toContain('1 of 2 got a label')
  expect(stderr).toContain('On 8 examples, each left out in turn: 75 % right, 100 % labelled')
})

test('classify names its price and does not go above a dollar without being told', async () => {
  const { engine, requests } = classifier({
    by: 'vectors',
    sent: { texts: 9, tokens: 2_000_000, priceUsd: 2.5 },
  })
  const labels = ['--label', 'a=x', '--label', 'b=y']
  const refused = await runInProcess(['classify', ...labels], { engine, env })
  expect(refused.code).toBe(2)
  expect(refused.stderr).toContain('$2.5000')
  expect(requests).toHaveLength(1)
  expect((await runInProcess(['classify', ...labels, '--yes'], { engine, env })).code).toBe(0)
  expect(requests).toHaveLength(3)
})

test.each([
  [['--label', 'nothing'], /NAME=DESCRIPTION/],
  [['--labels', '/nonexistent.json'], /cannot be read/],
])('classify refuses %j', async (flags, message) => {
  const { code, stderr } = await runInProcess(['classify', 'x', ...flags], {
    engine: classifier().engine,
    env,
  })
  expect(code).toBe(2)
  expect(stderr).toMatch(message)
})

test('similar compares two texts', async () => {
  const engine: Partial<SearchEngine> = {
    similarity: async () => ({ similarity: 0.87654, relevance: 1, by: 'vectors', model: 'm' }),
  }
  const { code, stdout } = await runInProcess(['similar', '--text', 'a', '--text', 'b'], { engine, env })
  expect([code, stdout]).toEqual([0, '0.8765\n'])
  expect((await runInProcess(['similar', '--text', 'a'], { engine, env })).stderr).toMatch(/two texts, not 1/)
  expect((await runInProcess(['similar'], { engine, env })).stderr).toMatch(/needs a document/)
})
