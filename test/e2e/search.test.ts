import { beforeAll, describe, expect, it } from 'vitest'
import type { Hit } from '../../src/types.js'
import { readable } from './documents.js'
import { createSandbox } from './run-gemdex.js'

const box = createSandbox()

beforeAll(async () => {
  box.write({
    ...readable,
    'other/heat.txt': 'Onions: warm the pan well before the oil goes in, then turn down the heat and wait.\n',
  })
  await box.cli(['index', box.path('docs'), box.path('other')])
})

type Found = { readonly mode: string; readonly hits: readonly Readonly<Hit>[] }
const find = async (...args: string[]) => (await box.json(['search', ...args])) as Found
const uris = ({ hits }: Found) => hits.map(({ uri }) => uri)

describe('gemdex search', () => {
  it('prints hits with title, place and relevance, best first', async () => {
    const { code, stdout, stderr } = await box.run(['search', 'heat pump installed'])
    expect(code).toBe(0)
    expect(stdout).toMatch(/^1\. {2}Heating\n {4}heating\.md, lines 1-5 · relevance 1\.00\n {4}.*heat pump/)
    expect(stderr).toMatch(/hits in .*hybrid search/)
    expect(stderr).toMatch(/this compares words, not meaning/)
  })

  it('exits with 1 and says what to try when nothing is found', async () => {
    const { code, stdout, stderr } = await box.cli(['search', 'xylophone', '--mode', 'keyword'])
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr).toMatch(/Nothing found\. .*`gemdex list`/)
    expect(await box.json(['search', 'xylophone', '--mode', 'keyword'], { code: 1 })).toEqual({
      query: 'xylophone',
      mode: 'keyword',
      tookMs: expect.any(Number),
      hits: [],
    })
  })

  it('gives JSON with the fields of the contract', async () => {
    const result = await find('heat pump', '-n', '1')
    expect(result).toEqual({
      query: 'heat pump',
      mode: 'hybrid',
      tookMs: expect.any(Number),
      hits: [
        {
          id: expect.stringMatching(/^[0-9a-f]{16}-0$/),
          documentId: expect.stringMatching(/^[0-9a-f]{16}$/),
          score: expect.any(Number),
          relevance: 1,
          title: 'Heating',
          uri: 'heating.md',
          collection: 'docs',
          location: { kind: 'lines', start: 1, end: 5, heading: 'Heating' },
          snippet: expect.stringContaining('The heat pump was installed in 2021'),
          highlights: expect.any(Array),
          metadata: { language: 'en' },
        },
      ],
    })
    const marked = result.hits.flatMap(({ snippet, highlights }) =>
      highlights.map(([start, end]) => snippet.slice(start, end).toLowerCase()),
    )
    expect(new Set(marked)).toEqual(new Set(['heat', 'heating', 'pump']))
  })

  it('adds the whole passage with --full and the parts of the score with --explain', async () => {
    const { hits } = await find('heat pump', '-n', '1', '--full', '--explain')
    expect(hits[0]?.text).toBe(readable['docs/heating.md'].trim())
    expect(hits[0]?.explain).toEqual({
      keyword: { rank: 1, score: expect.any(Number), fused: expect.any(Number) },
      vector: { rank: 1, score: expect.any(Number), fused: expect.any(Number) },
      matchedTerms: expect.arrayContaining(['heat', 'pump']),
      idfShare: 1,
    })
    const { stdout } = await box.cli(['search', 'heat pump', '-n', '1', '--full', '--explain'])
    expect(stdout).toContain('    The pressure of the circuit has to stay')
    expect(stdout).toMatch(/keyword rank 1 \(BM25 .*\) · vector rank 1 \(cosine .*\) · words found: .*100 %/)
  })

  it('searches by keywords or vectors alone with --mode', async () => {
    const keyword = await find('heat pump', '--mode', 'keyword', '--explain')
    expect(keyword.mode).toBe('keyword')
    expect(keyword.hits.map(({ explain }) => explain)).toSatisfy((all: object[]) =>
      all.every((explain) => 'keyword' in explain && !('vector' in explain)),
    )
    const vector = await find('heat pump', '--mode', 'vector', '--explain')
    expect(vector.mode).toBe('vector')
    expect(uris(vector)[0]).toBe('heating.md')
    expect(vector.hits[0]?.explain).not.toHaveProperty('keyword')
  })

  it('obeys -n, -c and --min-score', async () => {
    expect((await find('heat', '-n', '1')).hits).toHaveLength(1)
    expect(uris(await find('heat', '-c', 'other'))).toEqual(['heat.txt'])
    const near = await find('heat pump', '--min-score', '0.9')
    expect(uris(near)).toEqual(['heating.md'])
    expect((await box.cli(['search', 'xylophone', '--min-score', '0.1'])).code).toBe(1)
  })

  it('takes --db before or after the verb', async () => {
    const status = (await box.json(['status'])) as { db: string }
    const elsewhere = box.fresh()
    for (const args of [
      ['--db', status.db, 'search', 'tomatoes', '--json'],
      ['search', 'tomatoes', '--json', '--db', status.db],
    ]) {
      const { code, stdout } = await elsewhere.cli(args)
      expect(code).toBe(0)
      expect(JSON.parse(stdout).hits[0].uri).toBe('notes/garden.html')
    }
  })

  it.each([
    [['search', ''], /query is empty/],
    [['search', 'x', '-n', '0'], /limit .*1 to 100.* 0/],
    [['search', 'x', '-n', '2.5'], /2\.5.*whole number/],
    [['search', 'x', '--min-score', '2'], /minScore .*0 and 1.* 2/],
    [['search', 'x', '--min-score', 'high'], /high.*must be a number/],
    [['search', 'x', '--mode', 'magic'], /magic.*hybrid, vector, keyword/],
    [['search', 'x', '-c', 'nothere'], /nothere[\s\S]*There are: docs, other/],
  ])('refuses %j with exit code 2, naming what is wrong', async (args, message) => {
    const { code, stdout, stderr } = await box.cli(args)
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toMatch(message)
  })
})
