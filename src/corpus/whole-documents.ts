import type { Embedder, EmbedInput } from '../embed/embedder.js'
import { estimateTokens } from '../text/estimate-tokens.js'
import type { CorpusPassage } from './corpus-passage.js'

/** Of a document's text; what it is about stands at its beginning. */
const MAX_DOCUMENT_CHARS = 6_000
const PAGE = 500

/** What is sent to an embedder; a price of 0 where none is known. */
export type EmbeddingForecast = { readonly texts: number; readonly tokens: number; readonly priceUsd: number }

/** One passage for each document: its title and the beginning of its text. */
export async function wholeDocuments(
  pages: AsyncIterable<readonly CorpusPassage[]>,
): Promise<CorpusPassage[]> {
  const documents: CorpusPassage[] = []
  for await (const page of pages) for (const passage of page) addTo(documents, passage)
  return documents
}

function addTo(documents: CorpusPassage[], passage: CorpusPassage): void {
  const last = documents.at(-1)
  if (last?.documentId !== passage.documentId) {
    const text = `${passage.title}\n${passage.text}`.trim().slice(0, MAX_DOCUMENT_CHARS)
    documents.push({ ...passage, text })
  } else if (last.text.length < MAX_DOCUMENT_CHARS) {
    documents[documents.length - 1] = {
      ...last,
      text: `${last.text}\n${passage.text}`.slice(0, MAX_DOCUMENT_CHARS),
    }
  }
}

/** Passages with their vectors, as far as there are vectors, by pages. */
export async function* inPages(
  passages: readonly CorpusPassage[],
  vectors: readonly Float32Array[],
): AsyncGenerator<CorpusPassage[]> {
  for (let at = 0; at < passages.length; at += PAGE)
    yield passages.slice(at, at + PAGE).map((passage, i) => withVector(passage, vectors[at + i]))
}

export function withVector<T extends object>(
  item: T,
  vector: Float32Array | undefined,
): T & { vector?: Float32Array } {
  return vector === undefined ? item : { ...item, vector }
}

export function forecastEmbedding(
  inputs: readonly EmbedInput[],
  embedder: Embedder | { readonly unavailable: string },
  usdPerMillionTokens: (identity: Embedder['identity']) => number | undefined,
): EmbeddingForecast {
  const tokens = inputs.reduce((sum, { text }) => sum + estimateTokens(text), 0)
  const price = 'unavailable' in embedder ? undefined : usdPerMillionTokens(embedder.identity)
  return { texts: inputs.length, tokens, priceUsd: Number((((price ?? 0) * tokens) / 1e6).toFixed(6)) }
}
