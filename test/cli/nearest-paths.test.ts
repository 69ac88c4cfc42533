import { expect, test } from 'vitest'
import { nearestPaths } from '../../src/cli/nearest-paths.js'
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
  expect(nearestPaths(PATHS, reference)).toEqual(nearest)
})

test('what is not found is answered with the nearest paths, and as before where there are none', async () => {
  const unknown = async () => {
    throw new GemdexError('NOT_FOUND', 'There is no such document', {
      hint: '`gemdex list` shows what there is.',
    })
  }
  const engine: Partial<SearchEngine> = {
    getDocument: unknown,
    similar: unknown,
    findFolder: unknown,
    listDocuments: async () => ({ items: [summary], total: 1 }),
  }
  const name = summary.uri.toUpperCase()
  for (const verb of ['get', 'similar', 'remove']) {
    const { code, stderr } = await runInProcess([verb, name], { engine, terminal: false })
    expect([verb, code, stderr]).toEqual([
      verb,
      2,
      `error There is no such document\n  Did you mean ${summary.collection}/${summary.uri}?\n`,
    ])
  }
  const { stderr } = await runInProcess(['get', 'nothing like it'], { engine, terminal: false })
  expect(stderr).toContain('gemdex list')
})
