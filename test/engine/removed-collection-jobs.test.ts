import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { loadConfig, openEngine } from '../../src/index.js'
import { tempFolder } from '../files/temp-folder.js'
import { openTempStore } from '../store/sqlite/temp-store.js'

const PROGRESS = {
  files: 0,
  toRead: 0,
  indexed: 0,
  skipped: 0,
  embedded: 0,
  pictures: 0,
  tokens: 0,
  priceUsd: 0,
}

/** An index of the folder `docs`, and jobs over it and over others that wait, none of which a service runs. */
async function openWithJobs() {
  const base = await tempFolder({
    'docs/a/x.md': '# Apples\n',
    'other/y.md': '# Pears\n',
    'below/docs/z.md': '# Plums\n',
  })
  const env = { HOME: base, GEMDEX_DB: join(base, 'index/index.db'), GEMDEX_ALLOWED_ROOTS: base }
  const engine = openEngine(loadConfig({ env, cwd: base, flags: {} }), { ifMissing: 'create' })
  onTestFinished(() => engine.close())
  await engine.index({ path: join(base, 'docs') })
  const { jobs } = openTempStore(env.GEMDEX_DB)
  const requests = {
    folder: { path: join(base, 'docs') },
    file: { path: join(base, 'docs/a/x.md') },
    relative: { path: 'docs' },
    'relative file': { path: 'docs/a/x.md' },
    named: { path: join(base, 'docs'), collection: 'docs' },
    'of its name': { path: 'below/docs' },
    'to have its name': { path: join(base, 'other'), collection: 'docs' },
    other: { path: join(base, 'other') },
    renamed: { path: join(base, 'docs'), collection: 'again' },
  }
  const common = { owner: null, progress: PROGRESS, createdMs: 0 }
  for (const [id, request] of Object.entries(requests))
    await jobs.addJob({ ...common, id, request, state: 'queued' })
  await jobs.addJob({ ...common, id: 'left running', request: requests.folder, state: 'running' })
  await jobs.addJob({ ...common, id: 'done', request: requests.folder, state: 'done' })
  const states = async () => Object.fromEntries((await jobs.listJobs(20)).map(({ id, state }) => [id, state]))
  return { engine, states }
}

test('jobs that wait to index a collection are cancelled when it is removed, so that none makes it anew', async () => {
  const { engine, states } = await openWithJobs()
  await engine.removePart({ collection: 'docs' })
  expect(await states()).toEqual({
    folder: 'cancelled',
    file: 'cancelled',
    relative: 'cancelled',
    'relative file': 'cancelled',
    'of its name': 'queued',
    'to have its name': 'queued',
    named: 'cancelled',
    'left running': 'cancelled',
    other: 'queued',
    renamed: 'queued',
    done: 'done',
  })
})

test('jobs stay where a part is removed, where nothing is, and where it is refused', async () => {
  const { engine, states } = await openWithJobs()
  const before = await states()
  await engine.removePart({ collection: 'docs', dryRun: true })
  await engine.removePart({ collection: 'docs', folder: 'a' })
  await expect(engine.removePart({ collection: 'docs', collections: ['docs'] })).rejects.toMatchObject({
    code: 'FORBIDDEN',
  })
  expect(await states()).toEqual(before)
})
