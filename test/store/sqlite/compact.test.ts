import { statSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { createRandom } from '../../../scripts/bench-data.js'
import type { Store } from '../../../src/store/store.js'
import {
  COLLECTION,
  foundByKeywords,
  IDENTITY,
  keyOf,
  makeChunks,
  makeDocument,
  makeFile,
  openPrepared,
  putDocument,
  putVectors,
  ROOT,
  unitVector,
} from '../samples.js'
import { checkSound } from './check-sound.js'
import { inspect, openTempStore, tempPath } from './temp-store.js'

const DIMENSIONS = 64

async function makeIndex(path: string, documents: readonly number[]): Promise<Store> {
  const store = openTempStore(path)
  await store.adopt({ ...IDENTITY, embedder: { ...IDENTITY.embedder, dimensions: DIMENSIONS } })
  await store.openCollection(COLLECTION, ROOT)
  for (let at = 0; at < documents.length; at += 50) {
    const some = documents.slice(at, at + 50)
    const passages = some.flatMap((i) => [i * 2, i * 2 + 1])
    await store.putEmbeddings(passages.map((i) => ({ key: keyOf(`v${i}`), vector: vectorOf(i) })))
    const entries = some.map((i) => ({
      document: makeDocument(`d${i}`, { text: textOf(i) }),
      chunks: makeChunks([0, 1].map((n) => ({ text: textOf(i * 2 + n), embedding: `v${i * 2 + n}` }))),
      file: makeFile(`d${i}`),
    }))
    await store.replaceDocuments(entries)
  }
  return store
}

function textOf(i: number): string {
  return Array.from({ length: 30 }, (_, n) => `word${(i * 31 + n * 7) % 997}`).join(' ')
}

function vectorOf(i: number): Float32Array {
  return unitVector(...Array.from({ length: DIMENSIONS }, (_, n) => Math.sin(i * n + i + 1)))
}

describe('compacting', () => {
  test('after nine of ten documents went at random, leaves a file as small as one made of the rest', async () => {
    const random = createRandom(10)
    const all = Array.from({ length: 1000 }, (_, i) => i)
    const kept = all.filter(() => random() < 0.1 * 2 ** 32)
    const [path, freshPath] = [tempPath(), tempPath()]
    const store = await makeIndex(path, all)
    const gone = all.filter((i) => !kept.includes(i))
    await store.removeFiles(
      COLLECTION,
      gone.map((i) => `d${i}`),
    )
    const found = await store.searchVectors(vectorOf(77), 20, {})
    const full = (await store.counts()).sizeBytes

    const { bytesBefore, bytesAfter } = await store.compact()
    expect(bytesBefore).toBe(full)
    expect(bytesAfter).toBe((await store.counts()).sizeBytes)
    const fresh = await makeIndex(freshPath, kept)
    expect(bytesAfter).toBeLessThanOrEqual(1.3 * (await fresh.counts()).sizeBytes)
    expect(await store.searchVectors(vectorOf(77), 20, {})).toEqual(found)
    expect((await store.counts()).documents).toBe(kept.length)
    await store.close()
    expect(statSync(path).size).toBe(bytesAfter)
    checkSound(path)
  })

  test('changes nothing of an index that nothing was removed from, and is seen by others', async () => {
    const path = tempPath()
    const store = await openPrepared(() => openTempStore(path))
    await putVectors(store, { x: unitVector(1, 2, 3, 4) })
    await putDocument(store, 'a', { passages: [{ text: 'apple', embedding: 'x' }] })
    const other = openTempStore(path, { create: false })
    const search = () => other.searchVectors(unitVector(1, 0, 0, 0), 5, {})
    const before = await search()
    await store.compact()
    expect(await search()).toEqual(before)
    expect(await foundByKeywords(other, 'apple')).toEqual(['a#0'])
    expect(await openTempStore(tempPath()).compact()).toMatchObject({ bytesAfter: expect.any(Number) })
  })

  test('mends codes that are damaged', async () => {
    const path = tempPath()
    const store = await openPrepared(() => openTempStore(path))
    await putVectors(store, { x: unitVector(1, 2, 3, 4) })
    await putDocument(store, 'a', { passages: [{ text: 'apple', embedding: 'x' }] })
    inspect(path, (database) => database.exec("UPDATE codes SET record = x'00'"))
    const search = () => store.searchVectors(unitVector(1, 0, 0, 0), 5, {})
    const advice = { code: 'STORE_CORRUPT', hint: expect.stringContaining('gemdex compact') }
    await expect(search()).rejects.toMatchObject(advice)
    await expect(search()).rejects.toMatchObject(advice)
    await store.compact()
    expect(await search()).toHaveLength(1)
  })
})
