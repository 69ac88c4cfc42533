import type { EmbedderIdentity, EmbedInput } from '../embed/embedder.js'
import { embeddingKey } from '../embed/embedding-key.js'
import type { Store } from '../store/store.js'
import type { DocumentSummary } from '../types.js'
import { type PrepareDocument, type PreparedDocument, passageInput } from './prepare-document.js'

const PAGE = 200

/** A stored passage with what an embedder is sent of it, and the key of that. */
export type PassageToEmbed = { readonly chunkId: number; readonly key: string; readonly input: EmbedInput }

/** Every document of an index, by id. */
export async function* allDocuments(store: Store): AsyncGenerator<DocumentSummary> {
  for (let after: string | undefined; ; ) {
    const page = await store.listDocuments({ limit: PAGE, ...(after === undefined ? {} : { after }) })
    yield* page.items
    if (page.next === undefined) return
    after = page.next
  }
}

/** The passages of a document as they are stored. */
export async function passagesOf(
  store: Store,
  { id }: Pick<DocumentSummary, 'id'>,
  embedder: EmbedderIdentity,
): Promise<PassageToEmbed[]> {
  const chunks = await store.getChunks(await store.chunkIdsOf(id))
  return chunks.map(({ chunkId, title, headings, text }) => {
    const input = passageInput(title, headings, text)
    return { chunkId, key: embeddingKey(embedder, 'document', input), input }
  })
}

/**
 * A document cut and analysed anew from its stored text; undefined for one that is gone, is not what was stored, which reading it
 * again must mend, or of a version that did not keep its blocks, without which there is no telling where to cut.
 */
export async function renewed(
  store: Store,
  { id }: Pick<DocumentSummary, 'id'>,
  prepareDocument: PrepareDocument,
): Promise<PreparedDocument | undefined> {
  const document = await store.getDocument(id)
  if (document === undefined || (document.blocks.length === 0 && document.passages.length > 0))
    return undefined
  if (!(await store.isIntact(id))) return undefined
  const { text, blocks, title, metadata, type, ...source } = document
  const { collection, uri, fileUri, sizeBytes, contentHash, modifiedMs } = source
  return prepareDocument(
    { text, blocks, title, metadata, type },
    { collection, uri, fileUri, title, sizeBytes, contentHash, modifiedMs },
  )
}
