import type { EmbedderIdentity } from '../embed/embedder.js'
import type {
  Chunk,
  Document,
  DocumentSummary,
  FacetCount,
  Location,
  Metadata,
  MetadataValue,
  Notice,
  SkipReason,
  WholeDocument,
} from '../types.js'
import type { Filter, FilterField } from './filter.js'

/** What an index was made with. Kept in the index; decides how it may be searched and written. */
export type IndexIdentity = {
  readonly embedder: EmbedderIdentity
  /** Version of the chunking rules and of the title rule. */
  readonly chunker: string
}

export type Collection = {
  readonly name: string
  /** Real path of the folder it was made from; null for pushed documents. */
  readonly root: string | null
}

/** What is known of the last run over a collection's folder; runs over one of its files are not recorded. */
export type RunRecord = {
  /** Milliseconds since 1970; not known of a run of an older version. */
  readonly beganMs?: number
  /** When it was done with everything; none of a run that goes on or was stopped. */
  readonly endedMs?: number
  /** Files that were new or had changed, and those of them that it is done with. */
  readonly files: number
  readonly filesDone: number
}

export type CollectionSummary = Collection & {
  readonly documents: number
  readonly chunks: number
  /** Passages that have their vector. */
  readonly embedded: number
  /** None where its folder was not run over, or nothing is known of it. */
  readonly run?: RunRecord
}

/** A collection, or what lies below a folder of it: a path as URIs have it, without a slash at its ends. */
export type CollectionPart = { readonly collection: string; readonly folder?: string }

export type PartCounts = { readonly documents: number; readonly chunks: number }

/** What the last run made of a file. */
export type FileState = {
  readonly uri: string
  readonly fingerprint: string
  /** Hex SHA-256 of its bytes; empty when it was not read. */
  readonly contentHash: string
  readonly outcome: 'indexed' | 'skipped'
  readonly reason?: SkipReason
  readonly message?: string
  /** Of a file that is indexed: what of it is not. */
  readonly notices?: readonly Notice[]
}

/** A passage with the words it is found by and the key of its vector. */
export type IndexedChunk = Chunk & {
  /** Analysed terms of title and headings, and of the text, blank-separated. */
  readonly titleTerms: string
  readonly textTerms: string
  /** What it is found by beside its words: parts of identifiers, pairs of characters. */
  readonly partTerms: string
  /** Language (ISO 639-1) that its terms were made by. */
  readonly language: string
  /** Null when the embedder could not make a vector of it: found by keywords only. */
  readonly embeddingKey: string | null
}

/** A document with its passages. */
export type DocumentEntry = {
  readonly document: Document
  readonly chunks: readonly IndexedChunk[]
  /**
   * With the last document of a file: what is remembered of the file. Documents of the file that are neither this one nor
   * among its `siblings` (URIs) leave the index.
   */
  readonly file?: FileState
  readonly siblings?: readonly string[]
}

export type Embedding = { readonly key: string; readonly vector: Float32Array }

/** A vector of a whole document, made in a role of its own. */
export type DocumentEmbedding = Embedding & { readonly documentId: string }

/** A passage and the key of its embedding. */
export type PassageLink = { readonly chunkId: number; readonly key: string }

/** Vectors that have just come, and what was sent for them. */
export type FreshEmbeddings = {
  readonly embeddings: readonly Embedding[]
  readonly usage: ModelUsage
  /** What made them: INDEX_MISMATCH when that is not the index's own embedder any more. */
  readonly of: EmbedderIdentity
}

export type ScoredChunk = { readonly chunkId: number; readonly score: number }

/**
 * `passages` in all, and in how many of them each analysed term occurs (0 for unknown ones); of terms in very many it may
 * be an estimate.
 */
export type TermStatistics = { readonly passages: number; readonly frequencies: ReadonlyMap<string, number> }

/** A term, and how many passages hold it. */
export type TermCount = { readonly term: string; readonly passages: number }

/** One thing looked for, by any of the terms that stand for it. */
export type PlannedUnit = {
  readonly terms: readonly string[]
  /** How many passages hold any of them, at most. */
  readonly passages: number
  /** What one occurrence is worth, by its rarity. */
  readonly weight: number
  /** Whether its nearness to the units beside it in the query counts. */
  readonly hasPlace: boolean
  /** Finds passages; or adds to the score of those found; or, being common, of the best of those alone. */
  readonly role: 'find' | 'count' | 'refine'
}

/** Terms in a row, as passages of different languages may hold them: any of these. */
export type PhraseTerms = readonly (readonly string[])[]

/** Restricts a search before it ranks. */
export type SearchScope = {
  readonly collection?: string
  readonly filter?: Filter
  /** Each must stand in a passage, in its title, text or parts. */
  readonly phrases?: readonly PhraseTerms[]
  /** None of them may. */
  readonly excluded?: readonly PhraseTerms[]
}

/** How nearest passages are looked for; both ways miss none. */
export type VectorSearchOptions = {
  /** Compares with every passage. */
  readonly exact?: boolean
  /** Compares with these passages only, by id, as far as the scope holds them. */
  readonly among?: readonly number[]
  /** Searches the vectors of this embedder, which may be retired ones; the active ones when left out. */
  readonly of?: EmbedderIdentity
}

/** The id by which hits name a passage: that of its document, and its position there. */
export function passageId(documentId: string, ordinal: number): string {
  return `${documentId}-${ordinal}`
}

/** A document as lists show it. */
export function summaryOf({
  text: _,
  blocks: __,
  passages: ___,
  ...summary
}: WholeDocument): DocumentSummary {
  return summary
}

export type StoredChunk = {
  readonly chunkId: number
  readonly documentId: string
  readonly ordinal: number
  readonly text: string
  readonly headings: readonly string[]
  readonly location: Location
  /** Language (ISO 639-1) that its terms were made by. */
  readonly language: string
  readonly title: string
  readonly uri: string
  readonly collection: string
  readonly metadata: Metadata
  /** Best known time of the document, milliseconds since 1970. */
  readonly timeMs: number
}

/** Vectors of another embedder than the index's own: `building` ones are not searched yet, `retired` ones were. */
export type OtherVectors = {
  readonly embedder: EmbedderIdentity
  readonly state: 'building' | 'retired'
  readonly vectors: number
  /** About the room that they take. */
  readonly sizeBytes: number
}

export type StoreCounts = {
  readonly documents: number
  readonly chunks: number
  /** Passages that have their vector, of those that should. */
  readonly embedded: number
  readonly expected: number
  readonly skipped: Readonly<Partial<Record<SkipReason, number>>>
  readonly sizeBytes: number
  /** Of what is committed and not yet in the file itself. */
  readonly walBytes: number
  /** What a change of the model has left beside the index's vectors. */
  readonly otherVectors: readonly OtherVectors[]
  /** Of the software underneath, by name. */
  readonly versions: Readonly<Record<string, string>>
}

/** What was sent to a model on one day. */
export type ModelUsage = {
  readonly model: string
  /** `YYYY-MM-DD` where the provider's day is counted. */
  readonly day: string
  readonly requests: number
  readonly texts: number
  /** As estimated when they were sent. */
  readonly tokens: number
  /** By the list price known then; 0 where none is known. */
  readonly priceUsd: number
}

export type SizeChange = { readonly bytesBefore: number; readonly bytesAfter: number }

export type Page<T> = { readonly items: readonly T[]; readonly total: number; readonly next?: string }

export type DocumentFilter = {
  readonly collection?: string
  /** Those of other collections are not there. */
  readonly collections?: readonly string[]
  /** Those whose URI holds these, one after the other; whether letters of ASCII are capital ones does not matter. */
  readonly uriHolds?: readonly string[]
  readonly limit: number
  readonly after?: string
}

/**
 * Seam: keeps documents, passages, vectors and the state of files.
 *
 * Every write is one transaction over all tables, durable when the promise resolves, and seen by the next search of any
 * process. Scores are "higher is better". Methods throw GemdexError with a STORE_ code.
 */
export interface Store {
  /** Undefined for an index that nothing has been written to yet. */
  identity(): Promise<IndexIdentity | undefined>
  /** Sets the identity of a new index; INDEX_MISMATCH when it already has another embedder. */
  adopt(identity: IndexIdentity): Promise<void>
  counts(): Promise<StoreCounts>

  collections(): Promise<CollectionSummary[]>
  /** Creates the collection or finds it; COLLECTION_TAKEN when the name belongs to another root. */
  openCollection(name: string, root: string | null): Promise<Collection>

  /** Remembers that a run over a collection's folder, with so many files to deal with, has begun, or is done with everything. */
  markRun(collection: string, state: 'begun' | 'done', files?: number): Promise<void>

  fileStates(collection: string): Promise<Map<string, FileState>>
  /** Remembers what was made of a file; a skipped file loses the documents it had before, the vectors when pruned. */
  recordFile(collection: string, file: FileState): Promise<void>

  /** Which of these keys have a vector already. */
  knownEmbeddings(keys: readonly string[], of?: EmbedderIdentity): Promise<Set<string>>
  /**
   * Durable at once, before any document uses them; `usage` is added to the sums of its model and day. INDEX_MISMATCH when the
   * index has no vectors `of` this embedder, which is its own when left out.
   */
  putEmbeddings(embeddings: readonly Embedding[], usage?: ModelUsage, of?: EmbedderIdentity): Promise<void>
  /** The vectors of these keys, as far as there are some. */
  embeddings(keys: readonly string[]): Promise<ReadonlyMap<string, Float32Array>>
  /** Throws STORE_READ_ONLY where nothing can be written: to be asked before anything is paid for that is to be kept. */
  requireWritable(): Promise<void>
  /** Durable at once, and kept until their documents are replaced or removed. */
  putDocumentEmbeddings(embeddings: readonly DocumentEmbedding[]): Promise<void>
  /**
   * Drops vectors that no passage and no document uses, and gives their number. None while a run of any collection was begun and is not
   * done: it may want what it has paid for.
   */
  pruneEmbeddings(): Promise<number>

  /**
   * Has room for vectors of another embedder beside the index's own, which go on being searched. Vectors that are being built
   * for yet another one are dropped; those that are there of this one are kept.
   */
  beginVectors(of: EmbedderIdentity): Promise<void>
  /** Points passages, as long as they are there, at vectors of an embedder; those that have one keep it. */
  linkEmbeddings(links: readonly PassageLink[], of: EmbedderIdentity): Promise<void>
  /**
   * Makes an embedder the index's own, in one transaction, and retires the vectors of the one before. Gives the number of
   * passages that have a vector of the old one, but none of the new, beside the `refused`; the switch is made only when it is 0.
   */
  switchVectors(to: EmbedderIdentity, refused: readonly number[]): Promise<number>
  /** Drops all vectors but those of the index's own embedder; gives what was dropped. */
  dropOtherVectors(): Promise<readonly OtherVectors[]>
  /** Remembers that all passages were made by these rules. */
  setRules(rules: string): Promise<void>

  /**
   * Puts documents and their passages in place of what was there, all in one transaction; each `embeddingKey` that is not
   * null must be known, or among the `fresh` ones, which are kept in the same transaction.
   */
  replaceDocuments(entries: readonly DocumentEntry[], fresh?: FreshEmbeddings): Promise<void>
  /**
   * Removes documents by their URI or that of their file, with passages, vectors and file states; the
   * next run reads their files again, also when others of their documents stay. Gives the number of documents removed.
   */
  removeFiles(collection: string, uris: readonly string[]): Promise<number>
  /** What a part of the index holds; NOT_FOUND when there is no such collection. */
  countPart(part: CollectionPart): Promise<PartCounts>
  /**
   * Removes documents of a part by their URIs, in order, until they had `maxChunks` passages, with what is remembered of the files
   * up to there and of their own, which the next run reads again; with the last document of a whole collection the collection itself. To be called until `isDone`.
   */
  removePart(part: CollectionPart, maxChunks: number): Promise<PartCounts & { readonly isDone: boolean }>
  getDocument(id: string): Promise<WholeDocument | undefined>
  /** Whether a document is what was stored, by its checksum; so is one that has none, of an older version. */
  isIntact(documentId: string): Promise<boolean>
  /** The documents with this URI, one per collection at most. */
  findDocuments(uri: string): Promise<DocumentSummary[]>
  listDocuments(filter: DocumentFilter): Promise<Page<DocumentSummary>>

  /**
   * Nearest passages by exact cosine (-1..1) to a unit vector, best first, equal ones by id. Of a thousand that belong among
   * them two may be missing, unless the options say otherwise. INDEX_MISMATCH when there are no vectors `of` the embedder
   * that they name.
   */
  searchVectors(
    query: Float32Array,
    limit: number,
    scope: SearchScope,
    options?: VectorSearchOptions,
  ): Promise<ScoredChunk[]>
  /**
   * Passages with any of the units that find, by BM25F with the title weighed double, and by how near neighbouring words
   * stand. Scores depend on the whole index, never on the scope.
   */
  searchKeywords(units: readonly PlannedUnit[], limit: number, scope: SearchScope): Promise<ScoredChunk[]>
  termStatistics(terms: readonly string[]): Promise<TermStatistics>
  /** The languages that passages were analysed in. */
  languages(): Promise<string[]>
  /** The terms that begin so, with the number of passages that hold each. */
  termsWithPrefix(prefix: string): Promise<readonly TermCount[]>
  /**
   * Passages, by id, whose title and headings hold all of these terms and a word that begins with the prefix, or is it;
   * an empty prefix asks for none.
   */
  searchTitles(terms: readonly string[], prefix: string, limit: number, scope: SearchScope): Promise<number[]>
  /** For each field the commonest values among the documents of these passages, most first. */
  facets(
    fields: readonly FilterField[],
    chunkIds: readonly number[],
    limit: number,
  ): Promise<readonly (readonly FacetCount[])[]>
  /** The vectors of passages, at unit length; those without one are left out. */
  vectors(chunkIds: readonly number[]): Promise<ReadonlyMap<number, Float32Array>>
  /**
   * By document the mean of its passages' vectors, at unit length; documents without vectors are left out, and so are those
   * whose vectors cancel out.
   */
  documentVectors(documentIds: readonly string[]): Promise<ReadonlyMap<string, Float32Array>>
  /**
   * Changes whenever passages come or go, and when metadata or the vectors that passages have do; as long as it is the same, so is
   * what can be found.
   */
  revision(): Promise<string>
  /** The ids of a document's passages, in order. */
  chunkIdsOf(documentId: string): Promise<number[]>
  getChunks(chunkIds: readonly number[]): Promise<StoredChunk[]>
  /**
   * Sets a metadata key of documents, or removes it where there is no value, until they are indexed anew. Those that are gone are
   * passed over.
   */
  setMetadata(
    key: string,
    entries: readonly { readonly documentId: string; readonly value: MetadataValue | undefined }[],
  ): Promise<void>
  /** The passages of a scope with ids above `after`, by id, at most `limit`: those of a document follow one another. */
  listChunks(after: number, limit: number, scope: SearchScope): Promise<StoredChunk[]>

  /** The sums of what was sent. */
  usage(): Promise<ModelUsage[]>

  /**
   * Gives the space of what was removed back to the system, and makes everything anew that is derived. Searches go on
   * meanwhile, writes wait. Needs room for the index twice more; STORE_FULL, with nothing changed, when there is less.
   */
  compact(): Promise<SizeChange>

  close(): Promise<void>
}
