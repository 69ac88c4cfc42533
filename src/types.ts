/** The nouns of gemdex. Data only: no behaviour, no imports. */

/** A file found under a root, known by its `stat` alone. */
export type SourceFile = {
  /** Path relative to the root, `/`-separated, NFC; stable across machines. */
  readonly uri: string
  /** Absolute path for reading. */
  readonly path: string
  readonly sizeBytes: number
  readonly modifiedMs: number
  /** Changes whenever the file may have changed: built from size, mtime, ctime (ns) and inode. */
  readonly fingerprint: string
}

/** Why a file, or a part of one, is not in the index. A closed list, documented in `docs/skip-reasons.md`. */
export type SkipReason =
  | 'UNSUPPORTED'
  | 'BINARY'
  | 'ENCODING'
  | 'EMPTY'
  | 'NO_TEXT'
  | 'TOO_LARGE'
  | 'TOO_DEEP'
  | 'PATH_TOO_LONG'
  | 'NAME_ENCODING'
  | 'HIDDEN'
  | 'SECRET'
  | 'SYMLINK'
  | 'SYMLINK_LOOP'
  | 'SYMLINK_OUTSIDE'
  | 'NOT_REGULAR'
  | 'NOT_FOUND'
  | 'PERMISSION'
  | 'PARSE_ERROR'
  | 'TYPE_MISMATCH'
  | 'ENCRYPTED'
  | 'XML_FORBIDDEN'
  | 'ARCHIVE_BOMB'
  | 'TIMEOUT'

/** Something to know of a file that is in the index, at least in part. */
export type Notice = {
  /** `TRUNCATED` when the text was cut at a limit; else why the part is left out. */
  readonly code: SkipReason | 'TRUNCATED'
  /** For people, at most 200 characters. */
  readonly message: string
  /** The part of the file it is about, such as an attachment; none for the file itself. */
  readonly part?: string
}

/** A place within a document, the thing a citation points at. Lines, pages, slides, rows and cells count from 1. */
export type Location = (
  | { readonly kind: 'lines'; readonly start: number; readonly end: number }
  | { readonly kind: 'pages'; readonly start: number; readonly end: number }
  | { readonly kind: 'slide'; readonly n: number }
  | { readonly kind: 'sheet'; readonly name: string; readonly rows: readonly [number, number] }
  | { readonly kind: 'cell'; readonly n: number }
  | { readonly kind: 'section'; readonly path: readonly string[] }
) & { readonly heading?: string }

export type MetadataValue =
  | string
  | number
  | boolean
  | null
  | readonly MetadataValue[]
  | { readonly [key: string]: MetadataValue }
export type Metadata = { readonly [key: string]: MetadataValue }

export type BlockKind = 'heading' | 'text' | 'list' | 'table' | 'code'

/**
 * A run of a document's text that belongs together. `start` and `end` are UTF-16 offsets into the document's text. A
 * heading may be empty (`start` is `end`): a name that the text does not hold, such as that of a function or a sheet.
 */
export type Block = {
  readonly kind: BlockKind
  readonly start: number
  readonly end: number
  /**
   * Where the block stands in the source. When a `lines` or `sheet` location spans as many lines (rows) as the block's
   * text has, a part of the block is located to the line; otherwise parts carry the whole block's location.
   */
  readonly location: Location
  /** Headings only: 1 (top) to 6. */
  readonly level?: number
  /** Headings only: the heading's words without markup. */
  readonly heading?: string
}

/** The text of one document. Blocks are in reading order and do not overlap. */
export type Extracted = {
  readonly text: string
  readonly blocks: readonly Block[]
  /** The document's own title, if it has one. */
  readonly title?: string
  /**
   * What the document says of itself. Where it says so: `author`, `created` and `modified` (ISO 8601), `language` (BCP 47),
   * `tags` (a list), `subject`, `from`, `to`, `cc`, `sent` (ISO 8601).
   */
  readonly metadata: Metadata
  /** MIME type of what was read, such as `text/markdown`. */
  readonly type: string
  /** What was left out when the text was cut at a limit, for people. */
  readonly truncated?: string
}

/** A passage: the unit that is embedded, found and cited. */
export type Chunk = {
  /** Position in the document, from 0. */
  readonly ordinal: number
  /** `documentText.slice(start, end)`. */
  readonly text: string
  /** UTF-16 offsets into the document's text. */
  readonly start: number
  readonly end: number
  /** The headings above the passage, outermost first. */
  readonly headings: readonly string[]
  readonly location: Location
  /** Estimated tokens of `text`. */
  readonly tokens: number
}

export type Document = {
  /** Stable for a collection and URI. */
  readonly id: string
  readonly collection: string
  /** Path of its file in the collection; of a document within a file, such as an attachment, that path, `/`, and its name. */
  readonly uri: string
  /** Path of the file that it was read from, or its `uri` when it was pushed. */
  readonly fileUri: string
  readonly title: string
  readonly type: string
  readonly metadata: Metadata
  readonly text: string
  /** The parts of the text with their places, in reading order: outline, pages, sheets. */
  readonly blocks: readonly Block[]
  readonly sizeBytes: number
  /** Hex SHA-256 of the bytes it was read from. */
  readonly contentHash: string
  /** Milliseconds since 1970: when its file was changed. */
  readonly modifiedMs: number
  /** Milliseconds since 1970: the date it gives itself, else that of its file's name, else `modifiedMs`. */
  readonly dateMs: number
}

/** A document as lists show it. `embedded` of `expected` passages have their vector. */
export type DocumentSummary = Omit<Document, 'text' | 'blocks'> & {
  readonly indexedMs: number
  readonly embedded: number
  readonly expected: number
}

/** A passage as a document has it; `id` is that of the hits on it. */
export type Passage = Pick<Chunk, 'start' | 'end' | 'headings' | 'location'> & { readonly id: string }

/** A document with its text, the places of the text and the passages it was cut into, in order. */
export type WholeDocument = Document & DocumentSummary & { readonly passages: readonly Passage[] }

export type SearchMode = 'hybrid' | 'vector' | 'keyword'

/** What a text is embedded for. Each embedder knows how its model wants a role said. */
export type EmbedRole =
  | 'document'
  | 'query'
  | 'question'
  | 'fact'
  | 'code'
  | 'similarity'
  | 'classification'
  | 'clustering'

export type HitExplanation = {
  /** Rank (from 1) and score in each list that held the passage; scores are "higher is better". */
  readonly keyword?: { readonly rank: number; readonly score: number }
  readonly vector?: { readonly rank: number; readonly score: number }
  /** The query's terms found in the passage, as analysed. */
  readonly matchedTerms: readonly string[]
  /** Share (0..1) of the query's inverse document frequency that the passage matched. */
  readonly idfShare: number
}

export type Hit = {
  readonly id: string
  readonly documentId: string
  /** Orders the hits of one answer; not comparable between queries. */
  readonly score: number
  /** 0..1, comparable between queries. */
  readonly relevance: number
  readonly title: string
  readonly uri: string
  readonly collection: string
  readonly location: Location
  /** The part of the passage that matches best, at most about 300 characters. */
  readonly snippet: string
  /** UTF-16 offsets `[start, end]` of the matched words in the snippet. */
  readonly highlights: readonly (readonly [number, number])[]
  /** The whole passage. */
  readonly text?: string
  readonly metadata: Metadata
  readonly explain?: HitExplanation
}

export type SearchResult = {
  readonly query: string
  readonly mode: SearchMode
  readonly tookMs: number
  /** Present when less was searched than asked for, with the reason. */
  readonly degraded?: string
  readonly hits: readonly Hit[]
}

export type AnswerStatus = 'answered' | 'refused' | 'truncated' | 'blocked' | 'empty'

export type Citation = {
  /** The number in square brackets, as it stands in the answer. */
  readonly marker: number
  readonly hitId: string
  readonly documentId: string
  readonly title: string
  readonly uri: string
  readonly location: Location
  /** The passage's own words that bear the cited sentence. */
  readonly quote: string
  /** Whether the quote was found to bear the cited sentence. */
  readonly verified: boolean
}

/** Tokens as the model's provider counted them. */
export type Usage = {
  readonly promptTokens: number
  readonly answerTokens: number
  readonly thinkingTokens: number
  readonly totalTokens: number
}

export type SafetyRating = {
  readonly category: string
  readonly probability: string
  readonly blocked?: boolean
}

export type PromptFeedback = { readonly blockReason: string; readonly safetyRatings: readonly SafetyRating[] }

export type Answer = {
  readonly status: AnswerStatus
  readonly answer: string
  readonly citations: readonly Citation[]
  /** The passages the answer was made from, best first; for a refusal, the nearest ones. */
  readonly sources: readonly Hit[]
  /** All candidates' texts when more than one was asked for; the first is `answer`. */
  readonly candidates?: readonly string[]
  readonly standaloneQuestion: string
  readonly model: string
  readonly usage?: Usage
  readonly finishReason?: string
  readonly promptFeedback?: PromptFeedback
  readonly safetyRatings?: readonly SafetyRating[]
  /** Why it was refused, blocked, truncated or empty, for people. */
  readonly reason?: string
  /** Present when less was searched than asked for, with the reason. */
  readonly degraded?: string
}

/** A model that the key can use. */
export type ModelInfo = {
  readonly id: string
  readonly displayName?: string
  readonly inputTokenLimit?: number
  readonly outputTokenLimit?: number
  readonly methods: readonly string[]
}

/** What a key may do: `admin` everything, `read` search and read, `write` change the index. */
export type Scope = 'read' | 'write' | 'admin'

/** What somebody may do. */
export type Rights = {
  /** Id of the key that was presented, which sessions and jobs belong to; null where none is asked for. */
  readonly owner: string | null
  readonly scopes: readonly Scope[]
  /** The only collections within reach; all when left out. */
  readonly collections?: readonly string[]
}

/** What is known of an API key, besides the hash of it. */
export type AccessKey = {
  readonly id: string
  readonly name: string
  readonly scopes: readonly Scope[]
  /** The only collections it reaches; all when left out. */
  readonly collections?: readonly string[]
  /** Kept in the index, or given by the settings. */
  readonly origin: 'index' | 'settings'
  /** Milliseconds since 1970; of keys in the index. */
  readonly createdMs?: number
  readonly lastUsedMs?: number
  readonly revokedMs?: number
}

/** A key of the settings. */
export type ConfiguredKey = {
  readonly name: string
  readonly scopes: readonly Scope[]
  readonly collections?: readonly string[]
  /** Hex SHA-256 of the key. */
  readonly hash: string
}
