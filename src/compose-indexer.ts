import { indexing, openExtractor, openFile } from './compose.js'
import type { Embedder } from './embed/embedder.js'
import { createPacer, type PaceLimits } from './embed/pace.js'
import { createIndexer, type Indexer } from './ingest/indexer.js'

/** An indexer over a store of its own and any embedder, without the rest of the engine. */
export function openIndexer(parts: {
  readonly db: string
  readonly embedder: Embedder
  readonly concurrency: number
  /** None when left out. */
  readonly limits?: PaceLimits
}): { indexer: Indexer; close: () => Promise<void> } {
  const store = openFile(parts.db, true, { create: true })
  const extractor = openExtractor()
  const indexer = createIndexer({
    store,
    embedder: parts.embedder,
    ...indexing(parts.db, parts.concurrency, extractor),
    ...(parts.limits === undefined
      ? {}
      : { guard: { pacer: createPacer({ name: parts.embedder.identity.modelId, assumed: parts.limits }) } }),
    clock: () => performance.now(),
  })
  const close = async () => {
    await extractor.close()
    await store.close()
  }
  return { indexer, close }
}
