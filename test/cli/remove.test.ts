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

test('nothing is asked with --yes, which a folder and a collection need where nobody could answer', async () => {
  const wanted = { code: 0, removed: [{ collection: 'docs', folder: 'guides' }] }
  expect(await remove(['guides', '--yes'])).toMatchObject(wanted)
  expect(await remove(['guides', '--yes'], { isInteractive: false })).toMatchObject(wanted)
  for (const args of [['guides'], ['-c', 'docs']]) {
    const refused = await remove(args, { isInteractive: false })
    expect(refused).toMatchObject({ code: 2, stdout: '', removed: [] })
    expect(refused.stderr).toMatch(/This would remove .*1,200 documents \(3,400 passages\)[\s\S]*Add --yes/)
  }
  expect(await remove([document.uri], { isInteractive: false })).toMatchObject({ code: 0 })
})

test.each([[['']], [[' ']], [['guides', '', '--yes']], [['-c', 'docs', '', '--yes']]])(
  'an empty path names nothing: %j',
  async (args) => {
    const refused = await remove(args)
    expect(refused).toMatchObject({ code: 2, stdout: '', removed: [] })
    expect(refused.stderr).toContain('An empty path names nothing')
  },
)

test('--dry-run asks and removes nothing', async () => {
  expect(await remove(['guides', '--dry-run', '--json'])).toMatchObject({ code: 0, removed: [] })
  expect(JSON.parse((await remove(['guides', '--dry-run', '--json'])).stdout)).toEqual([part])
})

test('folders go before documents', async () => {
  const { removed } = await remove([document.uri, 'guides', '--yes', '--json'])
  expect(removed).toEqual([{ collection: 'docs', folder: 'guides' }, document.id])
})

test('what lies within something else that is removed goes with it', async () => {
  const mail = { ...document, id: 'mail', collection: 'docs', uri: 'm.eml', fileUri: 'm.eml' }
  const attached = { ...mail, id: 'attached', uri: 'm.eml/a.md' }
  const inGuides = { ...mail, id: 'inside', uri: 'guides/x.md', fileUri: 'guides/x.md' }
  const beside = { ...inGuides, id: 'beside', uri: 'guides-old/x.md', fileUri: 'guides-old/x.md' }
  const documents = [mail, attached, inGuides, beside]
  const deep = { ...part, folder: 'guides/deep' }
  const removed: string[] = []
  const engine: Partial<SearchEngine> = {
    getDocument: async (id) => documents.find((each) => each.id === id) ?? unknown(),
    findFolder: async (reference) => {
      const found = [part, deep].filter(({ folder }) => folder === reference)
      return found.length > 0 ? found : unknown()
    },
    removeDocument: async (id) => {
      removed.push(id)
      return documents.find((each) => each.id === id) ?? unknown()
    },
    removePart: async ({ folder = '', collection }) => {
      removed.push(folder)
      return { collection, folder, documents: 1, chunks: 1 }
    },
  }
  const args = ['attached', 'mail', 'inside', 'beside', 'guides/deep', 'guides', '--yes', '--json']
  const ran = await runInProcess(['remove', ...args], { engine })
  expect(removed).toEqual(['guides', 'mail', 'beside'])
  expect(JSON.parse(ran.stdout)).toHaveLength(3)
})

test('what was removed before a fault is told with --json', async () => {
  const removeDocument = async () => {
    throw new GemdexError('INDEX_LOCKED', 'somebody indexes')
  }
  const engine: Partial<SearchEngine> = {
    getDocument: async (reference) => (reference === document.uri ? document : unknown()),
    findFolder: async () => [part],
    removePart: async () => part,
    removeDocument,
  }
  const ran = await runInProcess(['remove', 'guides', document.uri, '--yes', '--json'], { engine })
  expect(ran.code).not.toBe(0)
  expect(JSON.parse(ran.stdout)).toEqual([part])
})

test.each([[['nothere']], [['-c', 'nothere']], [[]]])('%j is an error', async (args) => {
  expect(await remove(args)).toMatchObject({ code: 2, stdout: '', removed: [] })
})
