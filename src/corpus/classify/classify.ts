import type { Embedder, EmbedInput } from '../../embed/embedder.js'
import { GemdexError } from '../../errors.js'
import { requireCollection } from '../../search/search-request.js'
import type { Store } from '../../store/store.js'
import { detectLanguage } from '../../text/detect-language.js'
import {
  type CorpusPassage,
  type CorpusRun,
  type CorpusScope,
  readPassages,
  searchScopeOf,
} from '../corpus-passage.js'
import { runInThread } from '../run-in-thread.js'
import {
  type EmbeddingForecast,
  forecastEmbedding,
  inPages,
  wholeDocuments,
  withVector,
} from '../whole-documents.js'
import type { Classified, LabelText } from './classify-texts.js'
import type { LabelEvaluation } from './evaluate-labels.js'

export type Label = {
  readonly name: string
  readonly description?: string
  /** Texts that have this label. */
  readonly examples?: readonly string[]
}

export type ClassifyRequest = CorpusScope &
  CorpusRun & {
    /** 2 to 50, each with a description or examples. */
    readonly labels: readonly Label[]
    /** What is to be labelled, at most 1,000; the documents of the index when left out. */
    readonly texts?: readonly string[]
    /** Least probability of a label that is given, 0 to 1; default 0.5. Less likely ones get none. */
    readonly minProbability?: number
    /** What is compared: words, or vectors that the index's embedder makes (role `classification`). Default vectors, where they know meaning. */
    readonly by?: 'terms' | 'vectors'
    /** Metadata key under which documents keep their label; their old one goes where they get none. */
    readonly save?: string
    /** Sends and keeps nothing: says what it would take. */
    readonly dryRun?: boolean
  }

export type ClassifiedItem = {
  /** Null where none is likely enough. */
  readonly label: string | null
  /** Of the likeliest label. */
  readonly probability: number
  /** By label; they add up to 1. */
  readonly probabilities: Readonly<Record<string, number>>
  /** Of documents. */
  readonly documentId?: string
  readonly title?: string
  readonly uri?: string
  readonly collection?: string
}

export type ClassifyReport = {
  readonly by: 'terms' | 'vectors'
  /** Texts in their order, or documents in that of the index. */
  readonly items: readonly ClassifiedItem[]
  /** Whether the probabilities are fitted to the examples. */
  readonly calibrated: boolean
  /** By cross-validation; left out where a label has fewer than two examples. */
  readonly evaluation?: LabelEvaluation
  /** What is sent to the embedder. */
  readonly sent: EmbeddingForecast
  /** Documents whose label was kept. */
  readonly saved?: number
}

export type ClassifyDependencies = {
  readonly store: Store
  /** The index's embedder, or why there is none. */
  readonly embedder: () => Promise<Embedder | { readonly unavailable: string }>
  readonly embed: (inputs: readonly EmbedInput[], signal?: AbortSignal) => Promise<readonly Float32Array[]>
  readonly usdPerMillionTokens: (identity: Embedder['identity']) => number | undefined
}

const MAX_LABELS = 50
const MAX_EXAMPLES = 1_000
const MAX_TEXTS = 1_000
const MAX_TEXT_CHARS = 100_000
/** Documents that are read, told or changed at a time. */
const AT_ONCE = 500

/**
 * Gives each text, or each document of a scope, the label whose description or examples it is most like. The texts help one another:
 * what they have in common counts where examples are few. Throws BAD_INPUT, NOT_FOUND, CANCELLED, and for vectors what embedding throws.
 */
export async function classify(
  dependencies: ClassifyDependencies,
  request: ClassifyRequest,
): Promise<ClassifyReport> {
  checkRequest(request)
  const { store } = dependencies
  await requireCollection(store, request.collection, request.collections)
  const embedder = await dependencies.embedder()
  const semantic = !('unavailable' in embedder) && embedder.semantic
  const by = request.by ?? (semantic ? 'vectors' : 'terms')
  if (by === 'vectors' && 'unavailable' in embedder)
    throw new GemdexError('KEY_MISSING', embedder.unavailable, { hint: 'Compare words: by "terms".' })
  const texts = labelTexts(request.labels)
  const toEmbed = by === 'vectors' ? await wholeDocuments(passagesOf(store, request)) : []
  const inputs = by === 'vectors' ? [...texts, ...toEmbed].map(({ text }) => ({ text })) : []
  const sent = forecastEmbedding(inputs, embedder, dependencies.usdPerMillionTokens)
  const empty = { by, items: [], calibrated: false, sent }
  if (request.dryRun) return empty
  if (request.save !== undefined) await store.requireWritable()
  const vectors = inputs.length === 0 ? [] : await dependencies.embed(inputs, request.signal)
  const classified = await runInThread({
    ...request,
    task: 'classify',
    options: {
      names: request.labels.map(({ name }) => name),
      texts: texts.map((text, i) => withVector(text, vectors[i])),
      minProbability: request.minProbability ?? 0.5,
    },
    pages: by === 'vectors' ? inPages(toEmbed, vectors.slice(texts.length)) : passagesOf(store, request),
  })
  const saved = request.save === undefined ? {} : { saved: await save(store, request, classified) }
  const { isCalibrated: calibrated, evaluation } = classified
  return {
    ...empty,
    calibrated,
    ...(evaluation === undefined ? {} : { evaluation }),
    items: await describe(store, request, classified),
    ...saved,
  }
}

function checkRequest({ labels, texts, minProbability = 0.5, save }: ClassifyRequest): void {
  if (labels.length < 2 || labels.length > MAX_LABELS)
    throw bad(
      'labels',
      `labels must be 2 to ${MAX_LABELS}, not ${labels.length}`,
      'A label has a name, and a description or examples: on the command line --label NAME=DESCRIPTION, or --labels FILE.',
    )
  if (new Set(labels.map(({ name }) => name)).size < labels.length)
    throw bad('labels', 'labels must have different names')
  for (const { name, description = '', examples = [] } of labels) {
    if (name.trim() === '') throw bad('labels', 'A label has no name')
    if (examples.length > MAX_EXAMPLES)
      throw bad(
        'labels',
        `The label ${name} has ${examples.length} examples; at most ${MAX_EXAMPLES} are allowed`,
      )
    if (description.trim() === '' && examples.every((text) => text.trim() === ''))
      throw bad('labels', `The label ${name} needs a description or examples`)
  }
  if (texts !== undefined && (texts.length < 1 || texts.length > MAX_TEXTS))
    throw bad('texts', `texts must be 1 to ${MAX_TEXTS}, not ${texts.length}`)
  if (texts?.some((text) => text.length > MAX_TEXT_CHARS))
    throw bad('texts', `A text has more than ${MAX_TEXT_CHARS} characters`)
  if (!(minProbability >= 0 && minProbability <= 1))
    throw bad('minProbability', `minProbability must lie between 0 and 1, not ${minProbability}`)
  if (save !== undefined && texts !== undefined)
    throw bad('save', 'save keeps labels of documents: leave texts out')
  if (save !== undefined && !/^[A-Za-z_][\w-]{0,63}$/.test(save))
    throw bad('save', `save must be a name of letters, digits, - and _, not ${JSON.stringify(save)}`)
}

function bad(field: string, message: string, hint?: string): GemdexError {
  return new GemdexError('BAD_INPUT', message, { field, ...(hint === undefined ? {} : { hint }) })
}

/** The texts of the request, or the passages of the documents. */
function passagesOf(store: Store, request: ClassifyRequest): AsyncIterable<CorpusPassage[]> {
  const { texts } = request
  return texts === undefined
    ? readPassages(store, searchScopeOf(request), request)
    : inPages(texts.map(passageOfText), [])
}

function passageOfText(text: string, at: number): CorpusPassage {
  return { chunkId: at, documentId: String(at), title: '', text, language: detectLanguage(text), timeMs: 0 }
}

function labelTexts(labels: readonly Label[]): LabelText[] {
  return labels.flatMap(({ name, description = '', examples = [] }, label) => [
    ...(description.trim() === '' ? [] : [{ label, text: `${name}. ${description}`, isExample: false }]),
    ...examples.filter((text) => text.trim() !== '').map((text) => ({ label, text, isExample: true })),
  ])
}

async function describe(
  store: Store,
  { labels, texts }: ClassifyRequest,
  { items }: Classified,
): Promise<ClassifiedItem[]> {
  const facts = new Map<string, Pick<ClassifiedItem, 'documentId' | 'title' | 'uri' | 'collection'>>()
  for (let at = 0; texts === undefined && at < items.length; at += AT_ONCE) {
    const ids = items.slice(at, at + AT_ONCE).map(({ firstChunk }) => firstChunk)
    for (const { documentId, title, uri, collection } of await store.getChunks(ids))
      facts.set(documentId, { documentId, title, uri, collection })
  }
  return items.map(({ documentId, label, probabilities }) => ({
    label: label === undefined ? null : (labels[label]?.name ?? null),
    probability: Math.max(...probabilities),
    probabilities: Object.fromEntries(labels.map(({ name }, i) => [name, probabilities[i] ?? 0])),
    ...facts.get(documentId),
  }))
}

async function save(
  store: Store,
  { labels, save: key = '' }: ClassifyRequest,
  { items }: Classified,
): Promise<number> {
  for (let at = 0; at < items.length; at += AT_ONCE) {
    await store.setMetadata(
      key,
      items.slice(at, at + AT_ONCE).map(({ documentId, label }) => ({
        documentId,
        value: label === undefined ? undefined : labels[label]?.name,
      })),
    )
  }
  return items.filter(({ label }) => label !== undefined).length
}
