import type { CorpusPassage, CorpusProgress } from '../corpus-passage.js'
import type { CorpusTask } from '../corpus-task.js'
import { centredFeatures, type Features } from '../features/features.js'
import { meanVector, type Rows, reduceDimensions } from '../features/reduce-dimensions.js'
import { createTermTable, type TermTable, weighTerms } from '../features/term-table.js'
import { chooseGroups } from './choose-groups.js'
import { distinctiveTerms } from './distinctive-terms.js'
import { type Candidate, divideClearly } from './divide-clearly.js'
import { settleFeatures } from './settle-features.js'
import { type Grouping, groupingOf } from './spherical-k-means.js'
import { measureClumping } from './term-clumping.js'

/** Dimensions that documents are compared in at most: half and double of it group five collections as well. */
const MOST_DIMENSIONS = 25
const MOST_TOPICS = 12
/** Documents to a topic, on average, at least: of few short ones each would else be a topic of its own. */
const LEAST_EACH = 4
const MOST_SUBTOPICS = 6
/** Fewer documents are not divided further. */
const LEAST_DIVIDED = 40
const TERMS = 10
const CENTRAL = 3
/** Standard deviations below the mean cosine of its topic from which on a document is an outlier. */
const OUTLIER_DEVIATIONS = 2.5

export type TopicOptions = {
  /** Start of the random numbers. */
  readonly seed: number
}

export type FoundTopic = {
  readonly terms: readonly string[]
  readonly size: number
  /** Earliest and latest time of its documents, milliseconds since 1970. */
  readonly fromMs: number
  readonly toMs: number
  /** First passages of the documents nearest to its centre. */
  readonly central: readonly number[]
  readonly subtopics: readonly FoundTopic[]
}

export type FoundTopics = {
  readonly by: 'terms' | 'vectors'
  readonly documents: number
  readonly topics: readonly FoundTopic[]
  readonly candidates: readonly Candidate[]
  /** First passages of documents that belong nowhere, the strangest first. */
  readonly outliers: readonly number[]
  /** The topic of each document, in the order of the store. */
  readonly assignments: readonly { readonly documentId: string; readonly topic: number }[]
}

type Gathered = {
  readonly documentId: string
  readonly firstChunk: number
  readonly timeMs: number
  readonly language: string
  readonly pieces: string[]
  readonly vectors: Float32Array[]
}

/** Groups documents by what they are about: by their vectors where passages have some, else by their terms. */
export function createTopicModel({ seed }: TopicOptions): CorpusTask<FoundTopics> {
  const table = createTermTable()
  const documents: Omit<Gathered, 'pieces' | 'language'>[] = []
  let open: Gathered | undefined

  function close(): void {
    if (open === undefined) return
    table.add(open.pieces, open.language)
    const { documentId, firstChunk, timeMs, vectors } = open
    const mean = meanVector(vectors)
    documents.push({ documentId, firstChunk, timeMs, vectors: mean === undefined ? [] : [mean] })
    open = undefined
  }

  return {
    add(passages: readonly CorpusPassage[]) {
      for (const { chunkId, documentId, title, text, language, timeMs, vector } of passages) {
        if (open?.documentId !== documentId) close()
        open ??= { documentId, firstChunk: chunkId, timeMs, language, pieces: [title], vectors: [] }
        open.pieces.push(text)
        if (vector !== undefined) open.vectors.push(vector)
      }
    },

    finish(report) {
      close()
      const vectors = documents.flatMap((document) => document.vectors)
      const by = vectors.length > 0 && vectors.length === documents.length ? 'vectors' : 'terms'
      const all = documents.map((_, at) => at)
      const featuresOf = by === 'vectors' ? vectorFeatures(vectors) : termFeatures(table)
      const model = { table, documents, seed, featuresOf, clumpingOf: measureClumping(table) }
      const { grouping, candidates } = groupAll(model, all, report)
      const order = bySize(grouping)
      const rank = new Map(order.map((group, i) => [group, i]))
      return {
        by,
        documents: documents.length,
        topics: describeGroups(model, all, grouping, true),
        candidates,
        outliers: outliersOf(grouping).map((at) => documents[at]?.firstChunk ?? 0),
        assignments: documents.map(({ documentId }, at) => ({
          documentId,
          topic: rank.get(grouping.groups[at] ?? 0) ?? 0,
        })),
      }
    },
  }
}

type Model = {
  readonly table: TermTable
  readonly documents: readonly Pick<Gathered, 'firstChunk' | 'timeMs'>[]
  readonly seed: number
  readonly featuresOf: FeaturesOf
  readonly clumpingOf: (term: number) => number
}

/** Some documents' features, as they differ among themselves. */
type FeaturesOf = (documents: readonly number[]) => Features[]

/** By clear divisions, each document then to the group it is nearest to by all its features; where there are none, by silhouette. */
function groupAll(
  { seed, featuresOf }: Model,
  all: readonly number[],
  report: (progress: CorpusProgress) => void,
): { readonly grouping: Grouping; readonly candidates: readonly Candidate[] } {
  const most = Math.max(1, Math.min(MOST_TOPICS, Math.floor(all.length / LEAST_EACH)))
  report({ stage: 'comparing', done: 0, total: all.length })
  const features = featuresOf(all)
  const rows = rowsOf(features, seed)
  const tried = (done: number) => report({ stage: 'grouping', done, total: most })
  const { groups, count, candidates } = divideClearly(
    all,
    (some) => (some === all ? rows : rowsOf(featuresOf(some), seed)),
    // A topic has at least half of an even share; what is smaller is a part of one.
    { most, least: Math.floor(all.length / most / 2), seed },
    tried,
  )
  const grouping =
    count > 1
      ? groupingOf(rows, settleFeatures(features, groups), count)
      : chooseGroups(rows, most, seed, tried)
  return { grouping, candidates }
}

/** Documents in few dimensions, as they differ among themselves. */
function rowsOf(features: readonly Features[], seed: number): Rows {
  return reduceDimensions(features, { width: dimensionsOf(features.length), seed })
}

/** Few documents hardly share a word: in as many dimensions as they are, each would lie in one of its own. */
function dimensionsOf(documents: number): number {
  return Math.min(MOST_DIMENSIONS, Math.ceil(Math.sqrt(documents)))
}

function vectorFeatures(vectors: readonly Float32Array[]): FeaturesOf {
  return (documents) => centredFeatures(documents.flatMap((at) => vectors[at] ?? []))
}

function termFeatures(table: TermTable): FeaturesOf {
  return (documents) => {
    const texts = documents.flatMap((at) => table.texts[at] ?? [])
    const some = { ...table, texts, frequencies: () => frequenciesOf(texts, table.size) }
    return weighTerms(some, { least: 2 })
  }
}

function frequenciesOf(texts: TermTable['texts'], size: number): Uint32Array {
  const frequencies = new Uint32Array(size)
  for (const { ids } of texts) for (const id of ids) frequencies[id] = (frequencies[id] ?? 0) + 1
  return frequencies
}

/** The groups that have members, the largest first. */
function bySize({ groups, centroids }: Grouping): number[] {
  const sizes = new Uint32Array(centroids.size)
  for (const group of groups) sizes[group] = (sizes[group] ?? 0) + 1
  return [...sizes.keys()]
    .filter((group) => sizes[group] !== 0)
    .sort((a, b) => (sizes[b] ?? 0) - (sizes[a] ?? 0) || a - b)
}

function describeGroups(
  model: Model,
  members: readonly number[],
  grouping: Grouping,
  mayDivide: boolean,
): FoundTopic[] {
  const groups = bySize(grouping).map((group) =>
    [...members.keys()]
      .filter((row) => grouping.groups[row] === group)
      .sort((a, b) => (grouping.cosines[b] ?? 0) - (grouping.cosines[a] ?? 0) || a - b)
      .map((row) => members[row] ?? 0),
  )
  const terms = distinctiveTerms(model.table, groups, model.clumpingOf, TERMS)
  return groups.map((documents, i) => {
    const times = documents.map((at) => model.documents[at]?.timeMs ?? 0)
    return {
      terms: terms[i] ?? [],
      size: documents.length,
      fromMs: times.reduce((least, time) => Math.min(least, time), Number.POSITIVE_INFINITY),
      toMs: times.reduce((most, time) => Math.max(most, time), Number.NEGATIVE_INFINITY),
      central: documents.slice(0, CENTRAL).map((at) => model.documents[at]?.firstChunk ?? 0),
      subtopics: mayDivide && documents.length >= LEAST_DIVIDED ? divide(model, documents) : [],
    }
  })
}

function divide(model: Model, documents: readonly number[]): FoundTopic[] {
  const grouping = chooseGroups(rowsOf(model.featuresOf(documents), model.seed), MOST_SUBTOPICS, model.seed)
  const parts = describeGroups(model, documents, grouping, false)
  return parts.length > 1 ? parts : []
}

/** Rows that are far from the centre of their group, as the others of it go; the farthest first. */
function outliersOf({ groups, cosines, centroids }: Grouping): number[] {
  const outliers: { row: number; deviations: number }[] = []
  for (let group = 0; group < centroids.size; group++) {
    const rows = [...groups.keys()].filter((row) => groups[row] === group)
    const mean = rows.reduce((sum, row) => sum + (cosines[row] ?? 0), 0) / rows.length
    const squares = rows.reduce((sum, row) => sum + ((cosines[row] ?? 0) - mean) ** 2, 0)
    const deviation = Math.sqrt(squares / rows.length)
    for (const row of rows) {
      const deviations = deviation === 0 ? 0 : (mean - (cosines[row] ?? 0)) / deviation
      if (deviations >= OUTLIER_DEVIATIONS) outliers.push({ row, deviations })
    }
  }
  return outliers.sort((a, b) => b.deviations - a.deviations || a.row - b.row).map(({ row }) => row)
}
