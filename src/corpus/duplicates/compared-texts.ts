import { createHash } from 'node:crypto'
import { distinct, hashWords, shinglesOf } from '../../text/shingles.js'
import type { CorpusPassage } from '../corpus-passage.js'

/** Shorter paragraphs are compared together with what follows them: alone they are headings and phrases. */
const PART_WORDS = 16

/** A stretch of a document: a paragraph of a passage, or several. */
export type Part = {
  /** Number of its document. */
  readonly document: number
  readonly chunkId: number
  /** UTF-16 offsets into the passage. */
  readonly start: number
  readonly end: number
  /** Same for the same text but for white space. */
  readonly hash: string
  /** Where its words stand among those of its document. */
  readonly firstWord: number
  readonly endWord: number
}

export type ComparedDocument = {
  readonly id: string
  readonly firstChunk: number
  readonly timeMs: number
  readonly hash: string
  /** As hashes. */
  readonly words: Uint32Array
}

export interface ComparedTexts {
  readonly documents: readonly ComparedDocument[]
  readonly parts: readonly Part[]
  readonly passages: number
  add(passages: readonly CorpusPassage[]): void
  /** Ends the last document: nothing may be added after it. */
  close(): void
  /** The shingles of a document or of a part, each once, ascending. */
  shinglesOfDocument(at: number): Uint32Array
  shinglesOfPart(at: number): Uint32Array
}

type Open = Pick<ComparedDocument, 'id' | 'firstChunk' | 'timeMs'> & {
  readonly words: Uint32Array[]
  length: number
  readonly hash: ReturnType<typeof createHash>
}

/** Documents and their parts as numbers, which take a tenth of the room of their texts. */
export function createComparedTexts(): ComparedTexts {
  const documents: ComparedDocument[] = []
  const parts: Part[] = []
  const known = new Map<number, Uint32Array>()
  let passages = 0
  let open: Open | undefined

  function close(): void {
    if (open === undefined) return
    const { id, firstChunk, timeMs, hash } = open
    documents.push({ id, firstChunk, timeMs, hash: hash.digest('base64'), words: concatenate(open.words) })
    open = undefined
  }

  function add({ chunkId, documentId, text, timeMs }: CorpusPassage): void {
    passages++
    if (open?.id !== documentId) close()
    open ??= { id: documentId, firstChunk: chunkId, timeMs, words: [], length: 0, hash: createHash('sha256') }
    open.hash.update(` ${normalised(text)}`)
    for (const { start, end, words } of partsOf(text)) {
      const firstWord = open.length
      open.words.push(words)
      open.length += words.length
      const hash = createHash('sha256')
        .update(normalised(text.slice(start, end)))
        .digest('base64')
      parts.push({ document: documents.length, chunkId, start, end, hash, firstWord, endWord: open.length })
    }
  }

  return {
    documents,
    parts,
    get passages() {
      return passages
    },
    add: (added) => {
      for (const passage of added) add(passage)
    },
    close,

    shinglesOfDocument(at) {
      const made = known.get(at) ?? distinct(shinglesOf(documents[at]?.words ?? new Uint32Array(0)))
      known.set(at, made)
      return made
    },

    shinglesOfPart(at) {
      const { document = 0, firstWord, endWord } = parts[at] ?? {}
      return distinct(
        shinglesOf((documents[document]?.words ?? new Uint32Array(0)).subarray(firstWord, endWord)),
      )
    },
  }
}

/** What equal texts have in common: how their white space is set does not count. */
function normalised(text: string): string {
  return text.normalize('NFC').replace(/\s+/g, ' ').trim()
}

type Stretch = { readonly start: number; readonly end: number; readonly words: Uint32Array }

/** The paragraphs of a passage, short ones together with the next; the last may be short. */
function partsOf(text: string): Stretch[] {
  const parts: Stretch[] = []
  let pending: Stretch | undefined
  for (const match of text.matchAll(/\S[\s\S]*?(?=\n[ \t]*\n|$)/g)) {
    const words = hashWords(match[0])
    const end = match.index + match[0].length
    pending =
      pending === undefined
        ? { start: match.index, end, words }
        : { start: pending.start, end, words: concatenate([pending.words, words]) }
    if (pending.words.length < PART_WORDS) continue
    parts.push(pending)
    pending = undefined
  }
  return pending === undefined ? parts : [...parts, pending]
}

function concatenate(lists: readonly Uint32Array[]): Uint32Array {
  const [first] = lists
  if (lists.length === 1 && first !== undefined) return first
  const all = new Uint32Array(lists.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const list of lists) {
    all.set(list, at)
    at += list.length
  }
  return all
}
