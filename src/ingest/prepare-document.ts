import { createHash } from 'node:crypto'
import { basename } from 'node:path/posix'
import {
  type ChunkOptions,
  chunkDocument,
  chunkerVersion,
  defaultChunkOptions,
} from '../chunk/chunk-document.js'
import type { EmbedderIdentity, EmbedInput } from '../embed/embedder.js'
import { embeddingKey } from '../embed/embedding-key.js'
import type { IndexedChunk } from '../store/store.js'
import { analysisVersion } from '../text/analyze.js'
import { detectLanguage, SAMPLE_WORDS, tellLanguage } from '../text/detect-language.js'
import { createLexicon, type KnownWord, type Lexicon } from '../text/lexicon.js'
import { partTerms } from '../text/part-terms.js'
import type { FunctionWord } from '../text/stop-words.js'
import type { Document, Extracted, Metadata } from '../types.js'
import { documentDate } from './document-date.js'

const PROSE_CHARS = 4_000

/** What is known of a document besides its text. */
export type DocumentSource = {
  readonly collection: string
  readonly uri: string
  /** Path of its file; left out when it is the URI. */
  readonly fileUri?: string
  /** Instead of the document's own title; empty for none. */
  readonly title?: string
  readonly sizeBytes: number
  readonly contentHash: string
  readonly modifiedMs: number
}

/** A document ready to be stored once the vectors of its passages are. `inputs[i]` belongs to `chunks[i]`. */
export type PreparedDocument = {
  readonly document: Document
  readonly chunks: readonly IndexedChunk[]
  readonly inputs: readonly EmbedInput[]
}

/** The rules that the passages and terms of an index were made by. */
export const indexRules = `${chunkerVersion} ${analysisVersion}`

/** Cuts a document into passages and says what is to be embedded and found of each. Pure. */
export type PrepareDocument = (extracted: Extracted, source: DocumentSource) => PreparedDocument

/** For many documents: what is known of words is kept from one to the next. */
export function createDocumentPreparer(
  embedder: EmbedderIdentity,
  chunking: ChunkOptions = defaultChunkOptions,
): PrepareDocument {
  const lexicon = createLexicon()
  const sample = (text: string) => functionWordsOf(lexicon.words(text, SAMPLE_WORDS))

  return (extracted, source) => {
    const title = source.title ?? (extracted.title?.trim() || titleFromName(source.uri))
    const chunks = chunkDocument(extracted, chunking)
    const inputs = chunks.map((chunk) => passageInput(title, chunk.headings, chunk.text))
    const language = detectLanguage(extracted.text, undefined, sample(extracted.text))
    const isWhole = chunks.length === 1
    const metadata = completeMetadata(extracted, sample)
    return {
      document: {
        id: documentId(source.collection, source.uri),
        fileUri: source.uri,
        ...source,
        title,
        type: extracted.type,
        metadata,
        text: extracted.text,
        blocks: extracted.blocks,
        dateMs: documentDate(metadata, source.uri, source.modifiedMs),
      },
      chunks: chunks.map((chunk, i) => {
        // Found once for all that read them.
        const words = lexicon.words(chunk.text)
        const own = isWhole ? language : detectLanguage(chunk.text, language, functionWordsOf(words))
        return {
          ...chunk,
          ...indexTerms(inputs[i]?.title ?? title, chunk.text, own, lexicon, words),
          embeddingKey: embeddingKey(embedder, 'document', inputs[i] ?? { text: chunk.text }),
        }
      }),
      inputs,
    }
  }
}

function functionWordsOf(words: readonly KnownWord[]): FunctionWord[] {
  return words.map(({ functionWord }) => functionWord)
}

/** What the document says of itself, with its language where it does not name one, and whether its text was cut. */
function completeMetadata(
  { text, blocks, metadata, truncated }: Extracted,
  sample: (text: string) => readonly FunctionWord[],
): Metadata {
  const language = metadata.language ?? tellLanguage(proseOf(text, blocks), sample)
  return {
    ...metadata,
    ...(language === undefined ? {} : { language }),
    ...(truncated === undefined ? {} : { truncated: true }),
  }
}

/** The beginning of what people wrote: code looks English everywhere. */
function proseOf(text: string, blocks: Extracted['blocks']): string {
  let prose = ''
  for (const { kind, start, end } of blocks) {
    if (kind !== 'code') prose += `${text.slice(start, Math.min(end, start + PROSE_CHARS))}\n`
    if (prose.length > PROSE_CHARS) break
  }
  return prose
}

/** The terms of a passage by the rules of a language (ISO 639-1). `words` are those of its text, where they are at hand. */
export function indexTerms(
  title: string,
  text: string,
  language: string,
  lexicon: Lexicon = createLexicon(),
  words: readonly KnownWord[] = lexicon.words(text),
): Pick<IndexedChunk, 'titleTerms' | 'textTerms' | 'partTerms' | 'language'> {
  const inTitle = termsOf(lexicon.words(title), language)
  const inText = termsOf(words, language)
  return {
    language,
    titleTerms: inTitle.terms.join(' '),
    textTerms: inText.terms.join(' '),
    partTerms: [
      ...partTerms(title, language, inTitle.parts),
      ...partTerms(text, language, inText.parts),
    ].join(' '),
  }
}

function termsOf(words: readonly KnownWord[], language: string) {
  const terms: string[] = []
  const parts: string[] = []
  for (const word of words) {
    const forms = word.formsIn(language)
    if (forms.term !== '') terms.push(forms.term)
    if (forms.parts.length > 0) parts.push(...forms.parts)
  }
  return { terms, parts }
}

/** What the index keeps of a passage, as far as its terms are made of it. */
type StoredWords = {
  readonly title: string
  readonly headings: readonly string[]
  readonly text: string
  readonly language: string
}

/** Gives the terms of passages that are stored; what is known of words is kept from one to the next. */
export function createTermsOfPassages(): (passage: StoredWords) => ReturnType<typeof indexTerms> {
  const lexicon = createLexicon()
  return ({ title, headings, text, language }) =>
    indexTerms(passageTitle(title, headings), text, language, lexicon)
}

/** Stable for a collection and URI: the first 16 hex digits of their SHA-256. */
export function documentId(collection: string, uri: string): string {
  return createHash('sha256').update(`${collection}\0${uri}`).digest('hex').slice(0, 16)
}

/** What is embedded of a passage: its text, under the document's title and the headings above it. */
export function passageInput(title: string, headings: readonly string[], text: string): EmbedInput {
  const whole = passageTitle(title, headings)
  return whole === '' ? { text } : { text, title: whole }
}

/** `Handbook > Leave > Parental leave`: the document's title and the headings above the passage, each once. */
function passageTitle(title: string, headings: readonly string[]): string {
  const parts = title === '' ? [] : [title]
  for (const heading of headings) {
    if (!parts.some((part) => part.toLowerCase() === heading.toLowerCase())) parts.push(heading)
  }
  return parts.join(' > ')
}

/** `2024-03_board-meeting.md` becomes `2024-03 board meeting`; dates keep their hyphens. */
function titleFromName(uri: string): string {
  const name = basename(uri).replace(/\.[^.]+$/, '')
  const words = name.replace(/_+/g, ' ').replace(/(?<!\d)-|-(?!\d)/g, ' ')
  return words.replace(/\s+/g, ' ').trim() || basename(uri)
}
