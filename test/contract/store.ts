import { describe, expect, test } from 'vitest'
import { describeDocuments } from '../store/contract/documents.js'
import { describeEmbeddings } from '../store/contract/embeddings.js'
import { describeIdentity } from '../store/contract/identity.js'
import { describeSearch } from '../store/contract/search.js'
import { type OpenStore, openPrepared } from '../store/samples.js'

/** What every store promises. `openStore` gives a new, empty one at each call. */
export function describeStore(name: string, openStore: OpenStore): void {
  describe(`store: ${name}`, () => {
    describeIdentity(openStore)
    describeDocuments(openStore)
    describeEmbeddings(openStore)
    describeSearch(openStore)

    test('once closed it refuses, and may be closed again', async () => {
      const store = await openPrepared(openStore)
      await store.close()
      await store.close()
      const closed = { name: 'GemdexError', code: 'STORE_FAILED', message: expect.stringContaining('closed') }
      await expect(store.counts()).rejects.toMatchObject(closed)
      await expect(store.pruneEmbeddings()).rejects.toMatchObject(closed)
    })
  })
}
