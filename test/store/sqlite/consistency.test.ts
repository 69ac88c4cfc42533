import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Store } from '../../../src/store/store.js'
import {
  axis,
  COLLECTION,
  foundByKeywords,
  foundNear,
  keyOf,
  makeChunks,
  makeDocument,
  makeFile,
  openPrepared,
  type Passage,
  putDocument,
  putVectors,
  unitsOf,
} from '../samples.js'
import { checkSound } from './check-sound.js'
import { openTempStore, tempPath } from './temp-store.js'

const URIS = ['a', 'b', 'c', 'd']
const WORDS = ['apple', 'pear', 'plum', 'fig']
/** One along each axis, so that a cosine is either 0 or 1. */
const EMBEDDINGS = ['x', 'y', 'z', 'w']

/** What the documents should be by now. */
type Model = Map<string, readonly Passage[]>

type Step =
  | { readonly type: 'put'; readonly uri: string; readonly passages: readonly Passage[] }
  | { readonly type: 'putBroken'; readonly uri: string }
  | { readonly type: 'remove'; readonly uris: readonly string[] }
  | { readonly type: 'skip'; readonly uri: string }
  | { readonly type: 'prune' }

const passage = fc
  .record({
    words: fc.array(fc.constantFrom(...WORDS), { minLength: 1, maxLength: 4 }),
    title: fc.constantFrom('', ...WORDS),
    embedding: fc.option(fc.constantFrom(...EMBEDDINGS), { nil: undefined }),
  })
  .map(
    ({ words, title, embedding }): Passage => ({
      text: words.join(' '),
      titleTerms: title,
      ...(embedding === undefined ? {} : { embedding }),
    }),
  )
const uri = fc.constantFrom(...URIS)
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({ type: fc.constant('put'), uri, passages: fc.array(passage, { maxLength: 4 }) }),
  },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('putBroken'), uri }) },
  { weight: 2, arbitrary: fc.record({ type: fc.constant('remove'), uris: fc.subarray(URIS) }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('skip'), uri }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('prune') }) },
)

async function take(store: Store, model: Model, step: Step): Promise<void> {
  switch (step.type) {
    case 'put':
      await putVectors(store, Object.fromEntries(EMBEDDINGS.map((name, i) => [name, axis(i)])))
      await putDocument(store, step.uri, { passages: step.passages })
      model.set(step.uri, step.passages)
      return
    case 'putBroken': {
      const chunks = makeChunks([{ text: 'apple' }, { text: 'pear', embedding: 'never put' }])
      const broken = store.replaceDocuments([
        { document: makeDocument(step.uri), chunks, file: makeFile(step.uri) },
      ])
      await expect(broken).rejects.toMatchObject({ code: 'STORE_FAILED' })
      return
    }
    case 'remove':
      expect(await store.removeFiles(COLLECTION, step.uris)).toBe(
        step.uris.filter((uri) => model.delete(uri)).length,
      )
      return
    case 'skip':
      await store.recordFile(
        COLLECTION,
        makeFile(step.uri, { outcome: 'skipped', reason: 'EMPTY', message: '' }),
      )
      model.delete(step.uri)
      return
    case 'prune':
      await store.pruneEmbeddings()
  }
}

/** The names of the modelled passages that a condition holds for. */
function namesWhere(model: Model, holds: (passage: Passage) => boolean): string[] {
  return [...model]
    .flatMap(([uri, passages]) => passages.map((passage, i) => (holds(passage) ? `${uri}#${i}` : '')))
    .filter((name) => name !== '')
    .toSorted()
}

async function checkAgainst(store: Store, model: Model): Promise<void> {
  const listed = (await store.listDocuments({ limit: 100 })).items.map(({ uri }) => uri)
  expect(listed.toSorted()).toEqual([...model.keys()].toSorted())
  for (const word of WORDS) {
    const wanted = namesWhere(model, (p) => `${p.titleTerms} ${p.text}`.split(' ').includes(word))
    expect((await foundByKeywords(store, word)).toSorted()).toEqual(wanted)
    expect((await store.termStatistics([word])).frequencies.get(word)).toBe(wanted.length)
  }
  for (const [i, name] of EMBEDDINGS.entries()) {
    expect((await foundNear(store, axis(i))).toSorted()).toEqual(
      namesWhere(model, (p) => p.embedding === name),
    )
  }
}

/** Scores of a term in an index that was given these documents and nothing else, best first. */
async function freshScores(model: Model): Promise<number[]> {
  const store = await openPrepared(() => openTempStore())
  const chunksOf = (passages: readonly Passage[]) =>
    makeChunks(passages.map(({ text, titleTerms = '' }) => ({ text, titleTerms })))
  await store.replaceDocuments(
    [...model].map(([uri, passages]) => ({ document: makeDocument(uri), chunks: chunksOf(passages) })),
  )
  const scores = (await store.searchKeywords(unitsOf('apple'), 1000, {})).map(({ score }) => score)
  await store.close()
  return scores
}

test('after any sequence of writes the file is sound, its tables agree and it answers as a fresh one', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 15 }), async (steps) => {
      const path = tempPath()
      const store = await openPrepared(() => openTempStore(path))
      const model: Model = new Map()
      for (const each of steps) await take(store, model, each)
      await checkAgainst(store, model)
      const passages = [...model.values()].flat()
      const linked = passages.filter((each) => each.embedding !== undefined)
      expect(checkSound(path)).toMatchObject({
        documents: model.size,
        chunks: passages.length,
        linked: linked.length,
      })
      expect((await store.searchKeywords(unitsOf('apple'), 1000, {})).map(({ score }) => score)).toEqual(
        await freshScores(model),
      )
      await store.pruneEmbeddings()
      const used = new Set(linked.map(({ embedding = '' }) => keyOf(embedding)))
      expect(await store.knownEmbeddings(EMBEDDINGS.map(keyOf))).toEqual(used)
      await checkAgainst(store, model)
      await store.close()
    }),
    { numRuns: 25 },
  )
})
