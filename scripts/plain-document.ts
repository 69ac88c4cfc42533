import { createHash } from 'node:crypto'
import { indexTerms } from '#dist/ingest/prepare-document.js'
import type { DocumentEntry } from '#dist/store/store.js'
import { estimateTokens } from '#dist/text/estimate-tokens.js'

/** A document of one passage without a vector, for programs that fill a store by themselves. */
export function plainDocument(
  collection: string,
  uri: string,
  text: string,
  { title = uri, timeMs = 0 }: { readonly title?: string; readonly timeMs?: number } = {},
): DocumentEntry {
  const contentHash = createHash('sha256').update(text).digest('hex')
  const id = createHash('sha256').update(`${collection}:${uri}`).digest('hex').slice(0, 16)
  return {
    document: {
      id,
      collection,
      uri,
      fileUri: uri,
      title,
      type: 'text/plain',
      metadata: {},
      text,
      blocks: [],
      sizeBytes: text.length,
      contentHash,
      modifiedMs: timeMs,
      dateMs: timeMs,
    },
    chunks: [
      {
        ordinal: 0,
        text,
        start: 0,
        end: text.length,
        headings: [],
        location: { kind: 'lines', start: 1, end: text.split('\n').length },
        tokens: estimateTokens(text),
        ...indexTerms(title, text, 'en'),
        embeddingKey: null,
      },
    ],
  }
}
