import type { ChunkOptions } from '../chunk/chunk-document.js'
import type { CallGuard } from '../embed/call-guarded.js'
import { embedTexts } from '../embed/embed-texts.js'
import type { Embedder } from '../embed/embedder.js'
import { createDocumentPreparer, type DocumentSource, indexRules } from '../ingest/prepare-document.js'
import type { SearchRequest } from '../search/search-request.js'
import type { Searcher } from '../search/searcher.js'
import type { Store } from '../store/store.js'
import type { Extracted } from '../types.js'
import { type Measures, meanMeasures, measureQuery, type Run } from './metrics.js'
import type { BeirDocument, BeirFolder } from './read-beir-folder.js'
import type { FileSpan } from './span-measures.js'

const COLLECTION = 'evaluation'
const DEPTH = 100
const DOCUMENTS_PER_ROUND = 500

/** How a query is searched: a mode, and what is done beside. */
export type SearchSetting = Pick<SearchRequest, 'mode' | 'rerank' | 'expand' | 'hyde' | 'task'>

export type SettingResult = {
  readonly measures: Measures
  /** Of each judged query with a relevant document, by its id. */
  readonly perQuery: ReadonlyMap<string, Measures>
  /** Ranked documents of each query, for a run file. */
  readonly runs: ReadonlyMap<string, Run>
  readonly tookMs: number
}

export type JudgedQueries = Pick<BeirFolder, 'queries' | 'judgements'>

/** A file's text, to be cut and found again. */
export type EvaluationFile = { readonly file: string; readonly extracted: Extracted }

export interface Evaluation {
  /** Brings the collection's documents into the index, cut and embedded as files are. Gives the number of passages. */
  load(folder: Pick<BeirFolder, 'documents'>): Promise<number>
  /** The same for files, cut as told. */
  loadFiles(files: readonly EvaluationFile[], chunking: ChunkOptions): Promise<number>
  /** Asks every judged query in one setting and measures the first 100 documents. */
  measure(folder: JudgedQueries, setting: SearchSetting): Promise<SettingResult>
  /** Where the best passages of a query lie. */
  passages(query: string, setting: SearchSetting, limit: number): Promise<FileSpan[]>
  close(): Promise<void>
}

export type EvaluationDependencies = {
  readonly store: Store
  readonly embedder: Embedder
  readonly searcher: Searcher
  readonly concurrency: number
  /** The limits of the embedder's calls, if it has any. */
  readonly guard?: () => Promise<CallGuard | undefined>
}

/** Measures search on a collection with known answers, through the same parts that serve users. */
export function createEvaluation({
  store,
  embedder,
  searcher,
  concurrency,
  guard,
}: EvaluationDependencies): Evaluation {
  const idOf = new Map<string, string>()
  const placeOf = new Map<string, FileSpan>()

  async function loadAll(
    documents: readonly { readonly extracted: Extracted; readonly source: DocumentSource }[],
    chunking?: ChunkOptions,
  ): Promise<number> {
    await store.adopt({ embedder: embedder.identity, chunker: indexRules })
    await store.openCollection(COLLECTION, null)
    const prepareDocument = createDocumentPreparer(embedder.identity, chunking)
    let passages = 0
    for (let at = 0; at < documents.length; at += DOCUMENTS_PER_ROUND) {
      const round = documents.slice(at, at + DOCUMENTS_PER_ROUND)
      const prepared = round.map(({ extracted, source }) => prepareDocument(extracted, source))
      const texts = prepared.flatMap(({ chunks, inputs }) =>
        chunks.map((chunk, i) => ({
          key: chunk.embeddingKey ?? '',
          input: inputs[i] ?? { text: chunk.text },
        })),
      )
      const vectors = await embedTexts(
        embedder,
        texts.map(({ input }) => input),
        { role: 'document', concurrency, ...(await guard?.()) },
      )
      await store.putEmbeddings(vectors.map((vector, i) => ({ key: texts[i]?.key ?? '', vector })))
      await store.replaceDocuments(prepared)
      for (const { document, chunks } of prepared) {
        idOf.set(document.id, document.uri)
        for (const { ordinal, start, end } of chunks)
          placeOf.set(`${document.id}-${ordinal}`, { file: document.uri, start, end })
      }
      passages += texts.length
    }
    return passages
  }

  return {
    load: ({ documents }) =>
      loadAll(
        documents.map((document) => ({ extracted: asExtracted(document), source: asSource(document) })),
      ),

    loadFiles: (files, chunking) =>
      loadAll(
        files.map(({ file, extracted }) => ({
          extracted,
          source: { collection: COLLECTION, uri: file, sizeBytes: 0, contentHash: '', modifiedMs: 0 },
        })),
        chunking,
      ),

    measure: (folder, setting) => measureSetting(searcher, folder, setting, (id) => idOf.get(id) ?? id),

    async passages(query, setting, limit) {
      const { hits } = await searcher.search({ query, ...setting, literal: true, limit, full: true })
      return hits.flatMap(({ id }) => placeOf.get(id) ?? [])
    },

    close: () => store.close(),
  }
}

/** Asks every judged query in one setting and measures the first 100 documents; `nameOf` gives the judged name of an id. */
export async function measureSetting(
  searcher: Searcher,
  { queries, judgements }: JudgedQueries,
  setting: SearchSetting,
  nameOf: (documentId: string) => string = (id) => id,
): Promise<SettingResult> {
  const started = performance.now()
  const runs = new Map<string, Run>()
  for (const { id, text } of queries) {
    const request = { query: text, ...setting, literal: true, limit: DEPTH }
    const ranked = setting.rerank
      ? (await searcher.search(request)).hits
      : await searcher.rankDocuments(request)
    runs.set(id, new Map(ranked.map(({ documentId, score }) => [nameOf(documentId), score])))
  }
  const perQuery = new Map(
    [...judgements].flatMap(([query, judged]) => {
      const measures = measureQuery(judged, runs.get(query) ?? new Map())
      return measures === undefined ? [] : [[query, measures] as const]
    }),
  )
  return {
    measures: meanMeasures([...perQuery.values()]),
    perQuery,
    runs,
    tookMs: performance.now() - started,
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
