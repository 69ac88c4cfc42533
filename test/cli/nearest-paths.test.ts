import { expect, test } from 'vitest'
import { nearestPaths, suggestingPaths } from '../../src/cli/nearest-paths.js'
import type { SearchEngine } from '../../src/engine.js'
import { GemdexError } from '../../src/errors.js'
import { summary } from '../http/fake-engine.js'
import { runInProcess } from './run-in-process.js'

const PATHS = ['docs/a/hooks.md', 'docs/b/hooks.txt', 'docs/git-hooks.md', 'docs/bread.md', 'mail/Größe.eml']

test.each([
  ['Hooks.md', ['docs/a/hooks.md', 'docs/b/hooks.txt', 'docs/git-hooks.md']],
  ['/home/ines/elsewhere/hooks.md', ['docs/a/hooks.md', 'docs/b/hooks.txt', 'docs/git-hooks.md']],
  ['A/HOOKS.MD', ['docs/a/hooks.md', 'docs/b/hooks.txt', 'docs/git-hooks.md']],
  ['hooks.txt', ['docs/b/hooks.txt', 'docs/a/hooks.md', 'docs/git-hooks.md']],
  ['bread', ['docs/bread.md']],
  ['GRO\u0308SSE.eml', []],
  ['GRO\u0308\u00DFE.eml', ['mail/Größe.eml']],
  ['ad', []],
  ['', []],
])('%s may mean %j', (reference, nearest) => {
  expect(nearestPaths(PATHS, reference, 'part of a name')).toEqual(nearest)
})

test('a name that only holds what was typed is not near enough where the name is to be the same', () => {
  expect(nearestPaths(PATHS, 'Hooks.md', 'name')).toEqual(['docs/a/hooks.md', 'docs/b/hooks.txt'])
  expect(nearestPaths(PATHS, 'git', 'name')).toEqual([])
})

const LISTED = '`gemdex list` shows what there is.'

function engineThatThrows(error: GemdexError, uris: readonly string[]): Partial<SearchEngine> {
  const unknown = () => Promise.reject(error)
  const items = uris.map((uri) => ({ ...summary, uri }))
  return {
    getDocument: unknown,
    similar: unknown,
    findFolder: unknown,
    listDocuments: async () => ({ items, total: items.length }),
  }
}

test('what is not found is answered with the nearest paths too, and as before where there are none', async () => {
  const error = new GemdexError('NOT_FOUND', 'There is no such document', { hint: LISTED })
  const engine = engineThatThrows(error, [summary.uri])
  const name = summary.uri.toUpperCase()
  for (const verb of ['get', 'similar', 'remove']) {
    const { code, stderr } = await runInProcess([verb, name], { engine, terminal: false })
    expect([verb, code, stderr]).toEqual([
      verb,
      2,
      `error There is no such document\n  ${LISTED} Did you mean ${summary.collection}/${summary.uri}?\n`,
    ])
  }
  const { stderr } = await runInProcess(['get', 'nothing like it'], { engine, terminal: false })
  expect(stderr).toBe(`error There is no such document\n  ${LISTED}\n`)
})

test('the name of a collection is answered with how it is removed, not with names that hold it', async () => {
  const hint = '`gemdex remove -c notes` removes the collection of that name.'
  const error = new GemdexError('NOT_FOUND', 'There is no such folder', { hint })
  const engine = engineThatThrows(error, ['meeting-notes.md', 'notes-2019.md'])
  const { stderr } = await runInProcess(['remove', 'notes'], { engine, terminal: false })
  expect(stderr).toBe(`error There is no such folder\n  ${hint}\n`)
})

test('an error keeps what else it tells', async () => {
  const cause = new Error('why')
  const error = new GemdexError('NOT_FOUND', 'There is none', { field: 'collection', cause })
  const engine = engineThatThrows(error, ['hooks.md']) as SearchEngine
  await expect(suggestingPaths(engine, 'HOOKS.md')(error)).rejects.toMatchObject({
    code: 'NOT_FOUND',
    message: 'There is none',
    hint: `Did you mean ${summary.collection}/hooks.md?`,
    field: 'collection',
    cause,
  })
})

test('only documents are looked at that have the letters of the name', async () => {
  const asked: unknown[] = []
  const engine: Partial<SearchEngine> = {
    listDocuments: async (filter) => {
      asked.push(filter.uriHolds)
      return { items: [], total: 0 }
    },
  }
  const unknown = new GemdexError('NOT_FOUND', 'There is none')
  for (const reference of ['docs/Git-Hooks.MD', 'Größe.eml', '見積書.pdf', '/'])
    await suggestingPaths(engine as SearchEngine, reference)(unknown).catch(() => undefined)
  expect(asked).toEqual([['git-hooks'], ['gr', 'e'], ['見積書']])
})
