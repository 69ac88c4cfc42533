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

/** A picture as a model takes it: PNG, JPEG or WebP. */
export type Picture = {
  readonly mimeType: string
  readonly bytes: Uint8Array
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

/** A word of a query that the index does not hold, and the word of the index that was looked for instead. */
export type Correction = { readonly from: string; readonly to: string }

/** Place and score in one list, and what that adds to the fused score. */
export type ListExplanation = {
  /** From 1. */
  readonly rank: number
  /** BM25F for keywords, cosine for vectors; higher is better. */
  readonly score: number
  readonly fused: number
}

export type HitExplanation = {
  /** For each list that held the passage. */
  readonly keyword?: ListExplanation
  readonly vector?: ListExplanation
  /** The query's words found in the passage, as they were typed (or corrected). */
  readonly matchedTerms: readonly string[]
  /** Share (0..1) of the query's inverse document frequency that the passage matched. */
  readonly idfShare: number
  /** Where recency counts: the document's age and what its score was multiplied by. */
  readonly recency?: { readonly ageDays: number; readonly factor: number }
  /** Where diversity counts: the greatest cosine to a hit above. */
  readonly similarToAbove?: number
  /** Where the hits were reranked: the rank (from 1) before. */
  readonly rankBeforeRerank?: number
}

/** How a query was understood. */
export type QueryExplanation = {
  /** What was looked for, without operators and recognised dates. */
  readonly text: string
  readonly phrases: readonly string[]
  readonly excluded: readonly string[]
  /** Each thing looked for, with its terms and its weight by rarity. */
  readonly units: readonly {
    readonly word: string
    readonly terms: readonly string[]
    readonly weight: number
    /** Whether it found passages, only ranked those found, or stands in no passage. */
    readonly use: 'finds' | 'ranks' | 'unknown'
  }[]
  /** Words that the generator added. */
  readonly expansion?: readonly string[]
  /** The answer that the generator imagined, whose vector was searched with. */
  readonly hypotheticalAnswer?: string
  /** Times that the query names, as a half-open range of ISO dates. */
  readonly dates?: { readonly words: string; readonly since: string; readonly before: string }
}

/** A value of a field and how many of the documents found have it. */
export type FacetCount = { readonly value: string | number | boolean; readonly count: number }

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
  /** Paths of near-duplicates that it stands for, where that was asked for. */
  readonly duplicates?: readonly string[]
  readonly explain?: HitExplanation
}

/** A hit of a search for similar documents: `score` is the cosine. */
export type SimilarHit = Omit<Hit, 'text' | 'explain'>

/** How a query may go on. */
export type Suggestion = { readonly text: string; readonly kind: 'title' | 'heading' | 'word' }

export type SearchResult = {
  readonly query: string
  readonly mode: SearchMode
  readonly tookMs: number
  /** Present when less was searched than asked for, with the reason. */
  readonly degraded?: string
  /** What else should be known: options that could not be honoured, with the reason. */
  readonly notes?: readonly string[]
  /** Words that were taken for others. */
  readonly corrections?: readonly Correction[]
  /** By field, the commonest values among the documents of the best 1,000 passages, most first. */
  readonly facets?: Readonly<Record<string, readonly FacetCount[]>>
  readonly explain?: QueryExplanation
  readonly hits: readonly Hit[]
}

/** A document on a map; `x` and `y` are from -1 to 1, and near ones are alike. */
export type MapPoint = {
  readonly documentId: string
  readonly title: string
  readonly uri: string
  readonly collection: string
  readonly type: string
  readonly x: number
  readonly y: number
}

/** The documents in the plane. */
export type CorpusMap = {
  /** `computing`: a newer one is being made; the points are those of the one before, or provisional ones, if any. */
  readonly state: 'ready' | 'computing'
  /** How the vectors were brought into the plane. */
  readonly projection: 'pca' | 'umap'
  /** While it is being made, how far that is. */
  readonly progress?: { readonly stage: string; readonly done: number; readonly total: number }
  /** Documents there are; points are only those with vectors, and at most 20,000. */
  readonly total: number
  readonly points: readonly MapPoint[]
}

/** A file within a request. */
export type InlineData = {
  /** Such as `image/png`. */
  readonly mimeType: string
  /** The bytes in base64. */
  readonly data: string
}

/** A question in parts: text, and images that belong to it. */
export type QuestionPart = { readonly text: string } | { readonly inlineData: InlineData }

export type AnswerStatus = 'answered' | 'refused' | 'truncated' | 'blocked' | 'empty'

/** A stretch of a text; UTF-16 offsets, `start < end`. */
export type TextSpan = { readonly start: number; readonly end: number }

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
  /** Where the cited sentence stands in the answer; UTF-16 offsets. */
  readonly start: number
  readonly end: number
}

/** Tokens as the model's provider counted them. */
export type Usage = {
  readonly promptTokens: number
  readonly answerTokens: number
  readonly thinkingTokens: number
  readonly totalTokens: number
  /** By the list price of the day; left out where none is known. */
  readonly priceUsd?: number
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
  /** The sentences of `answer` that no cited passage was found to bear; UTF-16 offsets. */
  readonly unsupported: readonly TextSpan[]
  /**
   * The passages the answer was made from, best first: a marker `[n]` names the n-th. For a refusal, the nearest ones.
   * Passages that follow one another in a document are put together.
   */
  readonly sources: readonly Hit[]
  /** All candidates' texts when more than one was asked for; the first is `answer`. */
  readonly candidates?: readonly string[]
  /** What was searched for: a follow-up with what it leaves unsaid. */
  readonly standaloneQuestion: string
  /** The conversation that it belongs to; null for a question by itself, which is not kept. */
  readonly sessionId: string | null
  readonly model: string
  /** Of all calls that were made for it. */
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

/** How a turn ended: as its answer did, or with an error. Turns that failed, were blocked or empty do not go on in a conversation. */
export type TurnStatus = AnswerStatus | 'failed'

/** A passage that an answer was made from, without its text. */
export type TurnSource = Pick<Hit, 'id' | 'documentId' | 'title' | 'uri' | 'collection' | 'location'>

/** A question of a conversation and what came of it. */
export type Turn = {
  /** Place in the conversation, from 1. */
  readonly ordinal: number
  readonly createdMs: number
  readonly question: string
  readonly standaloneQuestion: string
  readonly status: TurnStatus
  /** What was shown. Of a failed turn, what had come before it failed; sentences that rested on a removed document are blanked. */
  readonly answer: string
  /** The quote of a removed document is empty. */
  readonly citations: readonly Citation[]
  readonly unsupported: readonly TextSpan[]
  readonly sources: readonly TurnSource[]
  readonly model: string
  readonly reason?: string
  readonly finishReason?: string
  readonly usage?: Usage
  /** Code of the error that a failed turn ended with. */
  readonly errorCode?: string
}

export type SessionSummary = {
  readonly id: string
  readonly title: string
  /** Milliseconds since 1970; `updatedMs` of the last turn or name. */
  readonly createdMs: number
  readonly updatedMs: number
  /** Number of turns. */
  readonly turns: number
  /** The sum over all turns. */
  readonly usage?: Usage
}

/** A conversation, oldest turn first. */
export type Session = Omit<SessionSummary, 'turns'> & { readonly turns: readonly Turn[] }

/** A turn found among past conversations. */
export type ScoredTurn = Pick<Turn, 'ordinal' | 'question' | 'answer'> & {
  readonly sessionId: string
  readonly title: string
  /** Higher is better; comparable within one result only. */
  readonly score: number
}
