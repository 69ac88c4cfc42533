import { copyFileSync, readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { createHashedEmbedder } from '../../../src/local/hashed-embedder.js'
import { schemaVersion } from '../../../src/store/sqlite/schema.js'
import { analyze } from '../../../src/text/analyze.js'
import { checkSound } from './check-sound.js'
import { inspect, openTempStore, tempPath } from './temp-store.js'

/** An index of every schema that was released: a heating note, a bread recipe, and a file that was skipped. */
const KEPT = fileURLToPath(new URL('../../../data/indexes', import.meta.url))

const kept = readdirSync(KEPT).toSorted()

test('an index of every older schema is kept', () => {
  expect(kept).toEqual(Array.from({ length: schemaVersion - 1 }, (_, i) => `schema-${i + 1}.db`))
})

describe.each(kept)('%s', (name) => {
  const openCopy = () => {
    const path = tempPath()
    copyFileSync(`${KEPT}/${name}`, path)
    return { path, store: openTempStore(path, { create: false }) }
  }

  test('is brought up to date with everything in it', async () => {
    const { path, store } = openCopy()
    expect(inspect(path, (database) => database.pragma('user_version', { simple: true }))).toBe(schemaVersion)
    expect(await store.counts()).toMatchObject({ documents: 2, chunks: 2, embedded: 2, expected: 2 })
    expect(await store.collections()).toMatchObject([{ name: 'notes', root: '/notes', documents: 2 }])
    const [heating] = await store.findDocuments('heating.md')
    expect(heating).toMatchObject({ title: 'Heating', fileUri: 'heating.md', dateMs: heating?.modifiedMs })
    expect(await store.getDocument(heating?.id ?? '')).toMatchObject({
      text: expect.stringContaining('heat pump was installed in 2021'),
      blocks: expect.any(Array),
    })
    expect(Object.fromEntries(await store.fileStates('notes'))).toMatchObject({
      'bread.txt': { outcome: 'indexed' },
      'heating.md': { outcome: 'indexed' },
    })
    await store.close()
    checkSound(path)
  })

  test('is found in by words and by vectors', async () => {
    const { store } = openCopy()
    const [pump] = analyze('pump').map(({ term }) => term)
    expect(await store.searchKeywords([pump ?? ''], 10, {})).toHaveLength(1)
    const embedder = createHashedEmbedder()
    const [query] = await embedder.embed([{ text: 'sourdough bread crust' }], { role: 'query' })
    const [nearest] = await store.searchVectors(query ?? new Float32Array(), 1, {})
    const [chunk] = await store.getChunks([nearest?.chunkId ?? 0])
    expect(chunk?.uri).toBe('bread.txt')
  })
})
