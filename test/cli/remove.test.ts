import { expect, test } from 'vitest'
import type { PartOfIndex, SearchEngine } from '../../src/engine.js'
import { GemdexError } from '../../src/errors.js'
import { document } from '../http/fake-engine.js'
import { type FakeRun, runInProcess } from './run-in-process.js'

const part: PartOfIndex = { collection: 'docs', folder: 'guides', documents: 1_200, chunks: 3_400 }
const unknown = async () => {
  throw new GemdexError('NOT_FOUND', 'not there')
}

/** Runs `remove` with an answer on the terminal; tells what was removed. */
async function remove(args: readonly string[], given: FakeRun = {}) {
  const removed: unknown[] = []
  const engine: Partial<SearchEngine> = {
    getDocument: async (reference) => (reference === document.uri ? document : unknown()),
    findFolder: async (reference) => (reference === 'guides' ? [part] : unknown()),
    removeDocument: async (reference) => {
      removed.push(reference)
      return document
    },
    removePart: async ({ dryRun, onProgress, signal: _, ...request }) => {
      if (request.collection !== 'docs') return unknown()
      if (!dryRun) removed.push(request)
      onProgress?.({ done: 600, total: 1_200 })
      return { ...request, documents: 1_200, chunks: 3_400 }
    },
  }
  const ran = await runInProcess(['remove', ...args], { engine, isInteractive: true, ...given })
  return { ...ran, removed }
}

test('a folder and a collection are asked for on a terminal, a document is not', async () => {
  const refused = await remove(['guides'], { input: ['n\n'] })
  expect(refused).toMatchObject({ code: 1, stdout: '', removed: [] })
  expect(refused.stderr).toContain(
    '1,200 documents (3,400 passages) below docs/guides\nRemove this from the index? [y/N]',
  )
  const agreed = await remove(['-c', 'docs'], { input: ['y\n'] })
  expect(agreed).toMatchObject({
    code: 0,
    stdout: 'Removed the collection docs with 1,200 documents (3,400 passages) from the index.\n',
    removed: [{ collection: 'docs' }],
  })
  expect(agreed.stderr).toContain('Documents removed: 600 of 1,200')
  expect(await remove([document.uri])).toMatchObject({
    code: 0,
    stdout: `Removed handbook/${document.uri} from the index.\n`,
    removed: [document.id],
  })
})

test('nothing is asked with --yes, or where nobody could answer', async () => {
  const wanted = { code: 0, removed: [{ collection: 'docs', folder: 'guides' }] }
  expect(await remove(['guides', '--yes'])).toMatchObject(wanted)
  expect(await remove(['guides'], { isInteractive: false })).toMatchObject(wanted)
})

test('--dry-run asks and removes nothing', async () => {
  expect(await remove(['guides', '--dry-run', '--json'])).toMatchObject({ code: 0, removed: [] })
  expect(JSON.parse((await remove(['guides', '--dry-run', '--json'])).stdout)).toEqual([part])
})

test('what holds the rest goes last', async () => {
  const { removed } = await remove(['guides', document.uri, '--yes', '--json'])
  expect(removed).toEqual([document.id, { collection: 'docs', folder: 'guides' }])
})

test.each([[['nothere']], [['-c', 'nothere']], [[]]])('%j is an error', async (args) => {
  expect(await remove(args)).toMatchObject({ code: 2, stdout: '', removed: [] })
})
