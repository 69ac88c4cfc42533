import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { readBeirFolder } from '../../src/evaluate/read-beir-folder.js'
import { type BeirFiles, beirFolder, jsonLines } from './beir-folder.js'

const asObject = (judgements: ReadonlyMap<string, ReadonlyMap<string, number>>) =>
  Object.fromEntries([...judgements].map(([query, grades]) => [query, Object.fromEntries(grades)]))

describe('readBeirFolder', () => {
  test('reads documents, judged queries and judgements', async () => {
    const { documents, queries, judgements } = await readBeirFolder(await beirFolder())
    expect(documents.map(({ id }) => id)).toEqual(['d1', 'd2', 'd3', 'd4'])
    expect(documents[1]).toEqual({ id: 'd2', title: '', text: 'The gate opens at dawn.' })
    expect(queries.map(({ id }) => id)).toEqual(['q1', 'q2', 'q4'])
    expect(asObject(judgements)).toEqual({ q1: { d1: 1 }, q2: { d2: 2, d3: 0 }, q4: { d4: 1 } })
  })

  test('reads another split', async () => {
    const folder = await beirFolder({ 'qrels/dev.tsv': 'query-id\tcorpus-id\tscore\nq3\td1\t1\n' })
    const { queries, judgements } = await readBeirFolder(folder, 'dev')
    expect(queries.map(({ id }) => id)).toEqual(['q3'])
    expect(asObject(judgements)).toEqual({ q3: { d1: 1 } })
  })

  test('takes judgements without a header, and negative grades', async () => {
    const { judgements } = await readBeirFolder(
      await beirFolder({ 'qrels/test.tsv': 'q1\td1\t1\nq1\td2\t-1' }),
    )
    expect(asObject(judgements)).toEqual({ q1: { d1: 1, d2: -1 } })
  })

  test('takes byte order marks, Windows line ends, blank lines and documents without a title', async () => {
    const folder = await beirFolder({
      'corpus.jsonl': '\ufeff{"_id":"d1","text":"one"}\r\n\r\n{"_id":"d2","text":"two"}\r\n',
      'qrels/test.tsv': '\ufeffquery-id\tcorpus-id\tscore\r\n\r\nq1\td1\t1\r\n',
    })
    const { documents, judgements } = await readBeirFolder(folder)
    expect(documents).toEqual([
      { id: 'd1', title: '', text: 'one' },
      { id: 'd2', title: '', text: 'two' },
    ])
    expect(asObject(judgements)).toEqual({ q1: { d1: 1 } })
  })
})

describe('a file that cannot be understood is named with its line', () => {
  const good = { _id: 'd1', text: 'one' }
  const cases: readonly (readonly [string, BeirFiles, string])[] = [
    ['no JSON', { 'corpus.jsonl': `${jsonLines(good)}{"_id": "d2", "text"\n` }, 'corpus.jsonl, line 2: '],
    ['JSON that is no object', { 'corpus.jsonl': 'null\n' }, 'corpus.jsonl, line 1: '],
    [
      'a number as an id',
      { 'corpus.jsonl': jsonLines(good, good, { _id: 3, text: '' }) },
      'corpus.jsonl, line 3: "_id"',
    ],
    ['a document without text', { 'corpus.jsonl': jsonLines({ _id: 'd1' }) }, 'corpus.jsonl, line 1: "text"'],
    [
      'a query without an id',
      { 'queries.jsonl': `\n${jsonLines({ text: 'x' })}` },
      'queries.jsonl, line 2: "_id"',
    ],
    ['a grade that is no number', { 'qrels/test.tsv': 'q1\td1\t1\nq1\td2\tyes\n' }, 'test.tsv, line 2: '],
    ['half a grade', { 'qrels/test.tsv': 'q1\td1\t1\nq1\td2\t0.5\n' }, 'test.tsv, line 2: '],
    ['no grade', { 'qrels/test.tsv': 'q1\td1\t1\n\nq1\td2\n' }, 'test.tsv, line 3: '],
    ['an empty grade', { 'qrels/test.tsv': 'q1\td1\t1\nq1\td2\t\n' }, 'test.tsv, line 2: '],
    ['blanks for tabs', { 'qrels/test.tsv': 'q1\td1\t1\nq1 d2 1\n' }, 'test.tsv, line 2: '],
  ]

  test.each(cases)('%s', async (_, files, place) => {
    const folder = await beirFolder(files)
    await expect(readBeirFolder(folder)).rejects.toMatchObject({
      code: 'BAD_INPUT',
      message: expect.stringContaining(place),
    })
    await expect(readBeirFolder(folder)).rejects.toThrow(folder)
  })

  test.each(['corpus.jsonl', 'queries.jsonl', 'qrels/test.tsv'])(
    'a missing %s, with what belongs there',
    async (name) => {
      const folder = await beirFolder()
      await rm(join(folder, name))
      await expect(readBeirFolder(folder)).rejects.toMatchObject({
        code: 'BAD_INPUT',
        message: expect.stringContaining(join(folder, name)),
        hint: expect.stringContaining('qrels/test.tsv'),
      })
    },
  )
})
