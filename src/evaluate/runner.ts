import { chunkerVersion } from '../chunk/chunk-document.js'
import { embedTexts } from '../embed/embed-texts.js'
import type { Embedder } from '../embed/embedder.js'
import { type DocumentSource, prepareDocument } from '../ingest/prepare-document.js'
import type { Searcher } from '../search/searcher.js'
import type { Store } from '../store/store.js'
import type { Extracted, SearchMode } from '../types.js'
import { type Measures, meanMeasures, measureQuery, type Run } from './metrics.js'
import type { BeirDocument, BeirFolder } from './read-beir-folder.js'

const COLLECTION = 'evaluation'
const DEPTH = 100
const DOCUMENTS_PER_ROUND = 500

export type ModeResult = {
  readonly mode: SearchMode
  readonly measures: Measures
  /** Ranked documents of each query, for a run file. */
  readonly runs: ReadonlyMap<string, Run>
  readonly tookMs: number
}

export interface Evaluation {
  /** Brings the collection's documents into the index, cut and embedded as files are. Gives the number of passages. */
  load(folder: BeirFolder): Promise<number>
  /** Asks every judged query in one mode and measures the first 100 documents. */
  measure(folder: BeirFolder, mode: SearchMode): Promise<ModeResult>
  close(): Promise<void>
}

export type EvaluationDependencies = {
  readonly store: Store
  readonly embedder: Embedder
  readonly searcher: Searcher
  readonly concurrency: number
}

/** Measures search on a collection with known answers, through the same parts that serve users. */
export function createEvaluation({
  store,
  embedder,
  searcher,
  concurrency,
}: EvaluationDependencies): Evaluation {
  const idOf = new Map<string, string>()

  async function loadDocuments(documents: readonly BeirDocument[]): Promise<number> {
    const prepared = documents.map((document) =>
      prepareDocument(asExtracted(document), asSource(document), embedder.identity),
    )
    const texts = prepared.flatMap(({ chunks, inputs }) =>
      chunks.map((chunk, i) => ({ key: chunk.embeddingKey ?? '', input: inputs[i] ?? { text: chunk.text } })),
    )
    const vectors = await embedTexts(
      embedder,
      texts.map(({ input }) => input),
      { role: 'document', concurrency },
    )
    await store.putEmbeddings(vectors.map((vector, i) => ({ key: texts[i]?.key ?? '', vector })))
    await store.replaceDocuments(prepared)
    for (const [i, { document }] of prepared.entries()) {
      idOf.set(document.id, documents[i]?.id ?? document.id)
    }
    return texts.length
  }

  return {
    async load(folder) {
      await store.adopt({ embedder: embedder.identity, chunker: chunkerVersion })
      await store.openCollection(COLLECTION, null)
      let passages = 0
      for (let at = 0; at < folder.documents.length; at += DOCUMENTS_PER_ROUND) {
        passages += await loadDocuments(folder.documents.slice(at, at + DOCUMENTS_PER_ROUND))
      }
      return passages
    },

    async measure(folder, mode) {
      const started = performance.now()
      const runs = new Map<string, Run>()
      for (const { id, text } of folder.queries) {
        const ranked = await searcher.rankDocuments({ query: text, mode, limit: DEPTH })
        runs.set(
          id,
          new Map(ranked.map(({ documentId, score }) => [idOf.get(documentId) ?? documentId, score])),
        )
      }
      const measured = [...folder.judgements].flatMap(
        ([query, judgements]) => measureQuery(judgements, runs.get(query) ?? new Map()) ?? [],
      )
      return { mode, measures: meanMeasures(measured), runs, tookMs: performance.now() - started }
    },

    close: () => store.close(),
  }
}

/** A collection's document as if it were a text file. */
function asExtracted({ title, text }: BeirDocument): Extracted {
  const body = text.trim() === '' ? title : text
  const lines = body.split('\n').length
  const block = {
    kind: 'text',
    start: 0,
    end: body.length,
    location: { kind: 'lines', start: 1, end: lines },
  } as const
  return { text: body, blocks: body === '' ? [] : [block], metadata: {}, type: 'text/plain' }
}

function asSource({ id, title, text }: BeirDocument): DocumentSource {
  return { collection: COLLECTION, uri: id, title, sizeBytes: text.length, contentHash: '', modifiedMs: 0 }
}
