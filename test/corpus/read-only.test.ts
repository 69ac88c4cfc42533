import { expect, test } from 'vitest'
import { createCorpus } from '../../src/corpus/create-corpus.js'
import { createExtractiveGenerator } from '../../src/local/extractive-generator.js'
import { createHashedEmbedder } from '../../src/local/hashed-embedder.js'
import { axis, openPrepared, putDocument, putVectors } from '../store/samples.js'
import { openTempStore, tempPath } from '../store/sqlite/temp-store.js'

test('nothing is sent for what an index that cannot be written could not keep', async () => {
  const path = tempPath()
  const made = await openPrepared(() => openTempStore(path))
  await putVectors(made, { x: axis(0) })
  await putDocument(made, 'a', { passages: [{ text: 'apple', embedding: 'x' }] })
  let sent = 0
  const corpus = createCorpus({
    store: openTempStore(path, { create: false, readOnly: 'copy' }),
    embedder: async () => createHashedEmbedder(),
    embed: async ({ inputs }) => {
      sent += inputs.length
      return { model: 'fake', vectors: inputs.map(() => axis(0)) }
    },
    usdPerMillionTokens: () => undefined,
    generator: createExtractiveGenerator,
    safety: [],
    randomMark: () => 'mark',
  })
  const labels = ['fruit', 'stone'].map((name) => ({ name, description: name }))
  const refusal = { code: 'STORE_READ_ONLY', message: expect.stringContaining(path) }
  await expect(corpus.classify({ labels, by: 'vectors', save: 'kind' })).rejects.toMatchObject(refusal)
  await expect(corpus.topics({ role: 'clustering' })).rejects.toMatchObject(refusal)
  expect(sent).toBe(0)
  expect(await corpus.topics({ role: 'clustering', dryRun: true })).toMatchObject({ sent: { texts: 1 } })
  expect((await corpus.classify({ labels, by: 'vectors' })).items).toHaveLength(1)
  expect(sent).toBe(3)
})
