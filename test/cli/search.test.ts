import { describe, expect, it } from 'vitest'
import type { EvaluationReport, SearchEngine } from '../../src/engine.js'
import type { SearchResult } from '../../src/types.js'
import { makeHit } from '../answer/make-hit.js'
import { runInProcess } from './run-in-process.js'

const result: SearchResult = {
  query: 'q',
  mode: 'keyword',
  tookMs: 1,
  hits: [makeHit(1, 'The heat pump.')],
  notes: ['The hits were not reranked: Busy'],
  corrections: [{ from: 'pmup', to: 'pump' }],
  facets: { type: [{ value: 'text/plain', count: 2 }] },
  explain: {
    text: 'pump',
    phrases: ['a b'],
    excluded: ['c'],
    units: [{ word: 'pump', terms: ['pump'], weight: 1.5, use: 'ranks' }],
  },
}

const plain = { NO_COLOR: '1' }

describe('search', () => {
  it('hands its flags on, dates and filter together', async () => {
    const requests: unknown[] = []
    const engine: Partial<SearchEngine> = {
      search: async (request) => {
        requests.push(request)
        return result
      },
    }
    const flags = [
      '--filter',
      '{"a":1}',
      '--since',
      '2024',
      '--before',
      '2025-03',
      '--facets',
      'type, a',
      '--half-life',
      '30',
    ]
    const { code, stdout, stderr } = await runInProcess(
      ['search', 'pmup', ...flags, '--dates', '--explain'],
      { engine, env: plain },
    )
    expect(code).toBe(0)
    expect(requests).toEqual([
      expect.objectContaining({
        query: 'pmup',
        filter: { $and: [{ a: 1 }, { time: { $gte: '2024' } }, { time: { $lt: '2025-03' } }] },
        facets: ['type', 'a'],
        halfLifeDays: 30,
        dates: true,
      }),
    ])
    expect(stderr).toContain('Nothing has "pmup": searched for "pump" instead.')
    expect(stderr).toContain('not reranked')
    expect(stdout).toContain('type: text/plain (2)')
    expect(stdout).toContain(
      'must stand so: "a b"\nmust not stand: c\n  pump: weight 1.5, only ranks (indexed as pump)\n',
    )
  })

  it('refuses a filter that is no JSON', async () => {
    const { code, stderr } = await runInProcess(['search', 'x', '--filter', '{a'], { engine: {} })
    expect(code).toBe(2)
    expect(stderr).toContain('--filter must be JSON, not {a')
  })
})

describe('eval', () => {
  const interval = (mean: number) => ({ mean, low: mean - 0.05, high: mean + 0.05 })
  const difference = { difference: 0.1, p: 0.01, better: 3, worse: 1 }
  const measures = <T>(of: T) => ({ ndcg10: of, recall10: of, recall100: of, mrr10: of, map: of })
  const report: EvaluationReport = {
    queries: 4,
    documents: 9,
    settings: [
      { setting: 'keyword', measures: measures(interval(0.6)), msPerQuery: 1.25, runs: new Map() },
      {
        setting: 'hybrid',
        measures: measures(interval(0.7)),
        msPerQuery: 2,
        runs: new Map([['q1', new Map([['d1', 2]])]]),
      },
    ],
    comparisons: [{ first: 'keyword', second: 'hybrid', measures: measures(difference) }],
  }
  const engine: Partial<SearchEngine> = { evaluate: async () => report }

  it('prints means with intervals, and the tests', async () => {
    const { code, stdout } = await runInProcess(['eval', 'folder'], { engine })
    expect(code).toBe(0)
    expect(stdout).toContain('9 documents, 4 judged queries')
    expect(stdout).toMatch(/hybrid +0\.7000 \[0\.650, 0\.750\]/)
    expect(stdout).toMatch(/hybrid - keyword +\+0\.1000 p=0\.0100/)
  })

  it.each([
    ['ndcg@10=0.70', 0],
    ['ndcg@10=0.71', 1],
    ['map=0.65', 0],
  ])('--gate %s ends with %d', async (gate, code) => {
    const run = await runInProcess(['eval', 'folder', '--gate', gate], { engine })
    expect(run.code).toBe(code)
    expect(run.stderr.includes('below the gate')).toBe(code === 1)
  })

  it.each(['ndcg@10', 'ndcg@5=0.7', 'map=2', 'map='])('--gate %s is refused', async (gate) => {
    const run = await runInProcess(['eval', 'folder', '--gate', gate], { engine })
    expect(run.code).toBe(2)
    expect(run.stderr).toContain(gate)
  })

  it('prints JSON without the runs', async () => {
    const { stdout } = await runInProcess(['eval', 'folder', '--json'], { engine })
    expect(JSON.parse(stdout).settings[1]).toEqual({
      setting: 'hybrid',
      measures: measures(interval(0.7)),
      msPerQuery: 2,
    })
  })
})
