import { GemdexError } from '../../errors.js'
import { requireCollection } from '../../search/search-request.js'
import { passageId, type Store, type StoredChunk } from '../../store/store.js'
import type { Location } from '../../types.js'
import { type CorpusRun, type CorpusScope, readPassages, searchScopeOf } from '../corpus-passage.js'
import { runInThread } from '../run-in-thread.js'
import type { FoundGroup, FoundMember } from './compare-texts.js'
import type { Change } from './describe-changes.js'

export type DuplicatesRequest = CorpusScope &
  CorpusRun & {
    /** Least share of three-word runs that near-equal texts have in common, 0.5 to 1; default 0.6. */
    readonly similarity?: number
    /** Documents or passages alone; both when left out. */
    readonly level?: 'document' | 'passage'
    /** Groups that are given, 1 to 1,000; default 50. */
    readonly limit?: number
    /** What each differs in from the first of its group. */
    readonly changes?: boolean
  }

/** A document or passage that is there more than once, at least nearly so. */
export type DuplicateMember = {
  /** Of the passage, or of the first one of the document. */
  readonly id: string
  readonly documentId: string
  readonly title: string
  readonly uri: string
  readonly collection: string
  /** Of a passage. */
  readonly location?: Location
  /** The text that it is about, at most 300 characters. */
  readonly snippet: string
  /** Best known time of the document, milliseconds since 1970. */
  readonly timeMs: number
  /** To the first member (0..1): shared part of their three-word runs; of a contained text the share that the first holds. */
  readonly similarity: number
  /** What turns the first member's text into this one's; left out where they have too little in common to tell. */
  readonly changes?: readonly Change[]
}

export type DuplicateGroup = {
  /** `equal` but for white space; `near`; `contained` in the first member. */
  readonly kind: 'equal' | 'near' | 'contained'
  readonly level: 'document' | 'passage'
  /** The newest first; of contained texts the one that holds the others. */
  readonly members: readonly DuplicateMember[]
  /** Words that are there more than once. */
  readonly words: number
}

export type DuplicatesReport = {
  /** What was compared. */
  readonly documents: number
  readonly passages: number
  /** Groups in all. */
  readonly total: number
  /** Documents first, then those with most words that are there more than once. */
  readonly groups: readonly DuplicateGroup[]
}

const SNIPPET_CHARS = 300
/** Members of a group that are shown: a group may be half of the index. */
const MAX_MEMBERS = 100

/**
 * Texts that are in the index more than once: equal, near-equal, and contained in others; documents, and passages of
 * documents that are not alike as wholes. Nothing is compared pair by pair: see `createComparison`. Throws BAD_INPUT,
 * NOT_FOUND for an unknown collection, CANCELLED.
 */
export async function findDuplicates(store: Store, request: DuplicatesRequest): Promise<DuplicatesReport> {
  const { similarity = 0.6, level, limit = 50, signal } = request
  if (!(similarity >= 0.5 && similarity <= 1))
    throw bad('similarity', `similarity must lie between 0.5 and 1, not ${similarity}`)
  if (!Number.isInteger(limit) || limit < 1 || limit > 1000)
    throw bad('limit', `limit must be a whole number from 1 to 1000, not ${limit}`)
  const scope = searchScopeOf(request)
  await requireCollection(store, request.collection, request.collections)
  const { groups, ...counts } = await runInThread({
    ...request,
    task: 'compare',
    options: { similarity },
    pages: readPassages(store, scope, request),
  })
  const wanted = groups.filter((group) => level === undefined || group.level === level)
  const shown = await Promise.all(wanted.slice(0, limit).map((group) => describeGroup(store, group)))
  const whole = shown.filter((group) => group.members.length > 1)
  return {
    ...counts,
    total: wanted.length,
    groups: request.changes ? await withChanges(store, whole, signal) : whole.map(withoutText),
  }
}

type MemberWithText = DuplicateMember & { readonly text: string }
type GroupWithText = Omit<DuplicateGroup, 'members'> & { readonly members: readonly MemberWithText[] }

/** Passages that are gone meanwhile are left out. */
async function describeGroup(store: Store, group: FoundGroup): Promise<GroupWithText> {
  const members = group.members.slice(0, MAX_MEMBERS)
  const chunks = await store.getChunks(members.map(({ chunkId }) => chunkId))
  const byId = new Map(chunks.map((chunk) => [chunk.chunkId, chunk]))
  return {
    ...group,
    members: members.flatMap((member) => {
      const chunk = byId.get(member.chunkId)
      return chunk === undefined ? [] : [describeMember(chunk, member, group.level)]
    }),
  }
}

function describeMember(
  chunk: StoredChunk,
  { start, end, similarity }: FoundMember,
  level: FoundGroup['level'],
): MemberWithText {
  const { documentId, ordinal, title, uri, collection, location, timeMs } = chunk
  const text = chunk.text.slice(start, end)
  return {
    id: passageId(documentId, ordinal),
    documentId,
    title,
    uri,
    collection,
    ...(level === 'passage' ? { location } : {}),
    snippet: text.slice(0, SNIPPET_CHARS).replace(/[\ud800-\udbff]$/, ''),
    timeMs,
    similarity: Number(similarity.toFixed(4)),
    text,
  }
}

async function withChanges(
  store: Store,
  groups: readonly GroupWithText[],
  signal: AbortSignal | undefined,
): Promise<DuplicateGroup[]> {
  const pairs: { readonly from: string; readonly to: string }[] = []
  for (const { kind, level, members } of groups) {
    if (kind !== 'near') continue
    const texts =
      level === 'passage'
        ? members.map(({ text }) => text)
        : await Promise.all(
            members.map(async ({ documentId }) => (await store.getDocument(documentId))?.text ?? ''),
          )
    for (const to of texts.slice(1)) pairs.push({ from: texts[0] ?? '', to })
  }
  const changes = await runInThread({
    task: 'changes',
    options: pairs,
    ...(signal === undefined ? {} : { signal }),
  })
  let at = 0
  return groups.map((group) => {
    const shown = withoutText(group)
    if (group.kind !== 'near') return shown
    const members = shown.members.map((member, i) => {
      const change = i === 0 ? undefined : changes[at++]
      return change === undefined ? member : { ...member, changes: change }
    })
    return { ...shown, members }
  })
}

function withoutText({ members, ...group }: GroupWithText): DuplicateGroup {
  return { ...group, members: members.map(({ text: _, ...member }) => member) }
}

function bad(field: string, message: string): GemdexError {
  return new GemdexError('BAD_INPUT', message, { field })
}
