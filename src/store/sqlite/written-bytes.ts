import type { DocumentEntry, Embedding, FreshEmbeddings } from '../store.js'

/** About what documents take: their texts, passages and terms, and vectors that come with them. */
export function documentBytes(entries: readonly DocumentEntry[], fresh?: FreshEmbeddings): number {
  const texts = entries.reduce(
    (sum, { document, chunks }) =>
      sum + 2 * document.text.length + 4 * chunks.reduce((length, { text }) => length + text.length, 0),
    0,
  )
  return texts + vectorBytes(fresh?.embeddings ?? [])
}

export function vectorBytes(embeddings: readonly Embedding[]): number {
  return embeddings.reduce((sum, { vector }) => sum + vector.byteLength, 0)
}
