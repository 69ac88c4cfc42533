import { jaccard, overlapOf } from '../../text/shingles.js'
import type { CorpusProgress } from '../corpus-passage.js'
import type { CorpusTask } from '../corpus-task.js'
import { type ComparedTexts, createComparedTexts } from './compared-texts.js'
import { createDisjointSets, type DisjointSets } from './disjoint-sets.js'
import { CONTAINMENT, type ContainedPart, findContained } from './find-contained.js'
import { groupAlike } from './group-alike.js'

/** Texts with fewer words are found when they are equal only. */
const LEAST_WORDS = 12

export type ComparisonOptions = {
  /** Least share of three-word runs that near-equal texts have in common, 0.5 to 1. */
  readonly similarity: number
}

/** One text of a group: a passage, or a stretch of it, or (without offsets) the document that begins with it. */
export type FoundMember = {
  readonly chunkId: number
  readonly start?: number
  readonly end?: number
  /** To the first member; of a contained text the share of it that the first one holds. */
  readonly similarity: number
}

export type FoundGroup = {
  readonly kind: 'equal' | 'near' | 'contained'
  readonly level: 'document' | 'passage'
  /** The newest first; of contained texts the one that holds the others. */
  readonly members: readonly FoundMember[]
  /** Words that are there more than once. */
  readonly words: number
}

export type Comparison = {
  readonly documents: number
  readonly passages: number
  /** Documents first, then by the number of words that are there more than once. */
  readonly groups: readonly FoundGroup[]
}

/** Finds texts that are in a corpus more than once. */
export function createComparison({ similarity }: ComparisonOptions): CorpusTask<Comparison> {
  const texts = createComparedTexts()
  return {
    add: (passages) => texts.add(passages),

    finish(report) {
      texts.close()
      const { documents, parts, passages } = texts
      const total = documents.length + parts.length
      const progress = (before: number) => (done: number) =>
        report({ stage: 'comparing', done: before + done, total } satisfies CorpusProgress)
      const documentSets = groupAlike({
        size: documents.length,
        hashOf: (at) => documents[at]?.hash ?? '',
        shinglesOf: texts.shinglesOfDocument,
        isLong: (at) => (documents[at]?.words.length ?? 0) >= LEAST_WORDS,
        similarity,
        onProgress: progress(0),
      })
      const partSets = groupAlike({
        size: parts.length,
        hashOf: (at) => parts[at]?.hash ?? '',
        shinglesOf: texts.shinglesOfPart,
        isLong: (at) => wordsOfPart(texts, at) >= LEAST_WORDS,
        similarity,
        onProgress: progress(documents.length),
      })
      report({ stage: 'grouping', done: total, total })
      const contained = findContained(texts, LEAST_WORDS).filter(
        ({ part, document }) => documentSets.find(parts[part]?.document ?? 0) !== documentSets.find(document),
      )
      const families = createDisjointSets(documents.length)
      for (const group of documentSets.groups())
        for (const other of group) families.join(group[0] ?? 0, other)
      const groups = [
        ...documentGroups(texts, documentSets),
        ...containedDocuments(texts, contained, families),
        ...partGroups(texts, partSets, families),
        ...containedParts(texts, contained, partSets, families),
      ]
      const rank = { document: 0, passage: 1 }
      return {
        documents: documents.length,
        passages,
        groups: groups.sort((a, b) => rank[a.level] - rank[b.level] || b.words - a.words),
      }
    },
  }
}

function wordsOfPart({ parts }: ComparedTexts, at: number): number {
  const { firstWord = 0, endWord = 0 } = parts[at] ?? {}
  return endWord - firstWord
}

function documentGroups(texts: ComparedTexts, sets: DisjointSets): FoundGroup[] {
  const { documents, shinglesOfDocument } = texts
  return sets.groups().map((group) => {
    const [newest = 0, ...others] = byAge(group, (at) => documents[at]?.timeMs ?? 0)
    const similarityOf = (at: number) =>
      documents[at]?.hash === documents[newest]?.hash
        ? 1
        : jaccard(shinglesOfDocument(newest), shinglesOfDocument(at))
    const isEqual = others.every((at) => documents[at]?.hash === documents[newest]?.hash)
    return {
      kind: isEqual ? 'equal' : 'near',
      level: 'document',
      members: [newest, ...others].map((at) => ({
        chunkId: documents[at]?.firstChunk ?? 0,
        similarity: similarityOf(at),
      })),
      words: others.reduce((sum, at) => sum + (documents[at]?.words.length ?? 0), 0),
    }
  })
}

/** Joins the families of documents of which one holds the other. */
function containedDocuments(
  texts: ComparedTexts,
  contained: readonly ContainedPart[],
  families: DisjointSets,
): FoundGroup[] {
  const { documents, parts, shinglesOfDocument } = texts
  const covered = new Map<number, number>()
  for (const { part, document } of contained) {
    const pair = (parts[part]?.document ?? 0) * documents.length + document
    covered.set(pair, (covered.get(pair) ?? 0) + wordsOfPart(texts, part))
  }
  const groups = new Map<number, FoundMember[]>()
  for (const [pair, words] of covered) {
    const [inner, outer] = [Math.floor(pair / documents.length), pair % documents.length]
    const length = documents[inner]?.words.length ?? 0
    if (words < CONTAINMENT * length || length > (documents[outer]?.words.length ?? 0)) continue
    const shingles = shinglesOfDocument(inner)
    const similarity = overlapOf(shingles, shinglesOfDocument(outer)) / shingles.length
    if (similarity < CONTAINMENT) continue
    families.join(inner, outer)
    groups.set(outer, [
      ...(groups.get(outer) ?? []),
      { chunkId: documents[inner]?.firstChunk ?? 0, similarity },
    ])
  }
  const lengthOf = new Map(documents.map(({ firstChunk, words }) => [firstChunk, words.length]))
  return [...groups].map(([outer, members]) => ({
    kind: 'contained',
    level: 'document',
    members: [{ chunkId: documents[outer]?.firstChunk ?? 0, similarity: 1 }, ...members],
    words: members.reduce((sum, { chunkId }) => sum + (lengthOf.get(chunkId) ?? 0), 0),
  }))
}

/** Parts of documents that are not told to be alike as wholes. */
function partGroups(texts: ComparedTexts, sets: DisjointSets, families: DisjointSets): FoundGroup[] {
  const { documents, parts, shinglesOfPart } = texts
  const timeOf = (at: number) => documents[parts[at]?.document ?? 0]?.timeMs ?? 0
  const groups: FoundGroup[] = []
  for (const group of sets.groups()) {
    const seen = new Set<number>()
    const apart = byAge(group, timeOf).filter((at) => {
      const family = families.find(parts[at]?.document ?? 0)
      return !seen.has(family) && seen.add(family)
    })
    const [newest = 0, ...others] = apart
    if (others.length === 0 || wordsOfPart(texts, newest) < LEAST_WORDS) continue
    const own = shinglesOfPart(newest)
    const isEqual = others.every((at) => parts[at]?.hash === parts[newest]?.hash)
    const members = apart.map((at) => ({
      ...placeOf(texts, at),
      similarity: parts[at]?.hash === parts[newest]?.hash ? 1 : jaccard(own, shinglesOfPart(at)),
    }))
    const words = others.reduce((sum, at) => sum + wordsOfPart(texts, at), 0)
    groups.push({ kind: isEqual ? 'equal' : 'near', level: 'passage', members, words })
  }
  return groups
}

/** Parts that stand within a longer one of another document. */
function containedParts(
  texts: ComparedTexts,
  contained: readonly ContainedPart[],
  sets: DisjointSets,
  families: DisjointSets,
): FoundGroup[] {
  const { parts } = texts
  const partsOf = new Map<number, number[]>()
  for (const [at, { document }] of parts.entries())
    partsOf.set(document, [...(partsOf.get(document) ?? []), at])
  const groups: FoundGroup[] = []
  for (const { part, document, containment } of contained) {
    if (families.find(parts[part]?.document ?? 0) === families.find(document)) continue
    const others = partsOf.get(document) ?? []
    if (others.some((other) => sets.find(other) === sets.find(part))) continue
    const shingles = texts.shinglesOfPart(part)
    const overlaps = others.map((other) => overlapOf(shingles, texts.shinglesOfPart(other)))
    const whole = others[overlaps.indexOf(Math.max(...overlaps))] ?? 0
    // Of two that hold each other but for their ends the longer one holds.
    if (
      wordsOfPart(texts, whole) < wordsOfPart(texts, part) &&
      overlaps.filter((each) => each > 0).length === 1
    )
      continue
    groups.push({
      kind: 'contained',
      level: 'passage',
      members: [
        { ...placeOf(texts, whole), similarity: 1 },
        { ...placeOf(texts, part), similarity: containment },
      ],
      words: wordsOfPart(texts, part),
    })
  }
  return groups
}

function placeOf({ parts }: ComparedTexts, at: number): Pick<FoundMember, 'chunkId' | 'start' | 'end'> {
  const { chunkId = 0, start = 0, end = 0 } = parts[at] ?? {}
  return { chunkId, start, end }
}

/** The newest first, those of the same time in their order. */
function byAge(members: readonly number[], timeOf: (at: number) => number): number[] {
  return [...members].sort((a, b) => timeOf(b) - timeOf(a) || a - b)
}
