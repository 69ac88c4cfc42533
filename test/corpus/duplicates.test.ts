import { describe, expect, test } from 'vitest'
import { type Comparison, createComparison } from '../../src/corpus/duplicates/compare-texts.js'
import { describeChanges } from '../../src/corpus/duplicates/describe-changes.js'
import { findDuplicates } from '../../src/corpus/duplicates/find-duplicates.js'
import { distinct, hashWords, jaccard, shinglesOf } from '../../src/text/shingles.js'
import { conceptEmbedder, storeOf } from '../search/small-index.js'
import { editEvery, passagesOf, wordSource } from './texts.js'

function compare(texts: readonly string[], similarity = 0.6): Comparison {
  const comparison = createComparison({ similarity })
  const passages = passagesOf(texts)
  comparison.add(passages.slice(0, 3))
  comparison.add(passages.slice(3))
  return comparison.finish(() => {})
}

/** The groups as positions of texts. */
function groupsOf({ groups }: Comparison) {
  return groups.map(({ kind, level, members }) => ({
    kind,
    level,
    texts: members.map(({ chunkId }) => chunkId - 1),
  }))
}

describe('comparing texts', () => {
  test('finds equal ones whatever their length and white space, the newest first', () => {
    const found = compare(['Short.', 'another', 'Short.\n', ' Short. ', 'short!'])
    expect(groupsOf(found)).toEqual([{ kind: 'equal', level: 'document', texts: [3, 2, 0] }])
    expect(found.documents).toBe(5)
  })

  test('finds the pairs that comparing all with all finds', () => {
    const words = wordSource(1)
    const originals = Array.from({ length: 30 }, () => words(60 + 10))
    const texts = [...originals, ...originals.map((text, i) => editEvery(text, 2 + i))]
    const runs = texts.map((text) => distinct(shinglesOf(hashWords(text))))
    const none = new Uint32Array(0)
    const oracle: string[] = []
    for (let i = 0; i < texts.length; i++)
      for (let j = i + 1; j < texts.length; j++)
        if (jaccard(runs[i] ?? none, runs[j] ?? none) >= 0.6) oracle.push(`${i}-${j}`)
    expect(oracle.length).toBeGreaterThan(10)
    const found = groupsOf(compare(texts)).map(({ level, texts: [a = 0, b = 0, ...more] }) => {
      expect([level, more]).toEqual(['document', []])
      return `${Math.min(a, b)}-${Math.max(a, b)}`
    })
    expect(found.toSorted()).toEqual(oracle.toSorted())
  })

  test('finds a document and a paragraph within others, and says each thing once', () => {
    const words = wordSource(2)
    const [inner, paragraph] = [words(50), words(40)]
    const texts = [
      inner,
      `${words(30)}\n\n${inner}\n\n${words(80)}`,
      `${words(60)}\n\n${paragraph}`,
      `${words(70)} ${paragraph} ${words(20)}`,
      `${words(70)}\n\n${paragraph}\n\n${words(20)}`,
      words(80),
    ]
    expect(groupsOf(compare(texts))).toEqual([
      { kind: 'contained', level: 'document', texts: [1, 0] },
      { kind: 'equal', level: 'passage', texts: [4, 2] },
      { kind: 'contained', level: 'passage', texts: [3, 2] },
      { kind: 'contained', level: 'passage', texts: [3, 4] },
    ])
  })

  test('does not take a common phrase for a duplicate', () => {
    const words = wordSource(3)
    const texts = Array.from({ length: 40 }, () => `${words(60)}\n\nPrinted for internal use only.`)
    expect(compare(texts).groups).toEqual([])
  })

  test('finds nothing in nothing', () => {
    expect(compare([])).toEqual({ documents: 0, passages: 0, groups: [] })
    expect(compare(['', '!'])).toMatchObject({ documents: 2, groups: [] })
  })
})

test('changes turn one text into the other', () => {
  const [from, to] = ['The leave is 26 days a year.', 'The annual leave is 27 days a year.']
  const changes = describeChanges(from, to) ?? []
  const without = (kind: string) =>
    changes
      .filter((change) => change.kind !== kind)
      .map(({ text }) => text)
      .join('')
  expect(without('added')).toBe(from)
  expect(without('removed')).toBe(to)
  expect(changes.filter(({ kind }) => kind === 'removed').map(({ text }) => text.trim())).toEqual(['26'])
  expect(describeChanges('a'.repeat(200_000), to)).toBeUndefined()
})

describe('duplicates of an index', () => {
  const words = wordSource(4)
  const [one, two] = [words(60), words(60)]
  const documents = [
    { id: 'old', passages: [one, two], modifiedMs: 1 },
    { id: 'new', passages: [one, editEvery(two, 20)], modifiedMs: 2 },
    { id: 'far', passages: [one, two], collection: 'other', modifiedMs: 3 },
  ]

  test('tell which is newer and what differs', async () => {
    const store = await storeOf(documents, conceptEmbedder())
    const stages = new Set<string>()
    const report = await findDuplicates(store, {
      collection: 'notes',
      changes: true,
      onProgress: ({ stage }) => stages.add(stage),
    })
    expect(report).toMatchObject({ documents: 2, passages: 4, total: 1 })
    const [group] = report.groups
    expect(group).toMatchObject({ kind: 'near', level: 'document' })
    expect(group?.members.map(({ uri }) => uri)).toEqual(['new', 'old'])
    expect(
      group?.members[1]?.changes?.some(({ kind, text }) => kind === 'removed' && text.includes('x19')),
    ).toBe(true)
    expect([...stages]).toEqual(['reading', 'comparing', 'grouping'])
  })

  test('honour reach, filter and level, and refuse what does not fit', async () => {
    const store = await storeOf(documents, conceptEmbedder())
    const all = await findDuplicates(store, {})
    expect(all.groups[0]?.members.map(({ uri }) => uri)).toEqual(['far', 'new', 'old'])
    expect((await findDuplicates(store, { level: 'passage' })).total).toBe(0)
    expect((await findDuplicates(store, { collections: ['other'] })).documents).toBe(1)
    expect((await findDuplicates(store, { filter: { path: 'old' } })).documents).toBe(1)
    const refused = (request: object, field: string) =>
      expect(findDuplicates(store, request)).rejects.toMatchObject({ field })
    await refused({ similarity: 0.4 }, 'similarity')
    await refused({ limit: 0 }, 'limit')
    await refused({ collection: 'none' }, 'collection')
    await refused({ filter: { $x: 1 } }, 'filter.$x')
  })

  test('can be cancelled', async () => {
    const store = await storeOf(documents, conceptEmbedder())
    const controller = new AbortController()
    const run = findDuplicates(store, {
      signal: controller.signal,
      onProgress: () => controller.abort(),
    })
    await expect(run).rejects.toMatchObject({ code: 'CANCELLED' })
    await expect(findDuplicates(store, { signal: controller.signal })).rejects.toMatchObject({
      code: 'CANCELLED',
    })
  })
})
