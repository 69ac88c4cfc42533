import { z } from 'zod'
import { answerFields, numberFrom, oneOf, says, textOf, wholeNumberFrom } from '../fields.js'

const MAX_NAME_CHARS = 255
const MAX_QUERY_CHARS = 8_000
export const MAX_REFERENCE_CHARS = 4_096

export const queryText = textOf(1, MAX_QUERY_CHARS)
export const name = textOf(1, MAX_NAME_CHARS)
export const mode = oneOf(['hybrid', 'vector', 'keyword'])
export const hitLimit = wholeNumberFrom(1, 100)
export const relevance = numberFrom(0, 1)

/** What a filter is made of is checked where it is read: see `parseFilter`. */
export const filter = z
  .record(z.string(), z.unknown(), says('must be an object'))
  .describe('MongoDB-like JSON over metadata, path, type, title, collection, time and size')

const count = z.int().min(0)
const heading = z.string().exactOptional()
const range = { start: z.int(), end: z.int(), heading }

/** A place within a document. Lines, pages, slides, rows and cells count from 1. */
export const location = z.discriminatedUnion('kind', [
  answerFields({ kind: z.literal('lines'), ...range }),
  answerFields({ kind: z.literal('pages'), ...range }),
  answerFields({ kind: z.literal('slide'), n: z.int(), heading }),
  answerFields({ kind: z.literal('sheet'), name: z.string(), rows: z.tuple([z.int(), z.int()]), heading }),
  answerFields({ kind: z.literal('cell'), n: z.int(), heading }),
  answerFields({ kind: z.literal('section'), path: z.array(z.string()), heading }),
])

/** What a document says of itself: any JSON under each key. */
export const metadata = z.record(z.string(), z.unknown())

const ranked = answerFields({
  rank: z.int(),
  score: z.number(),
  fused: z.number().describe('what it adds to the fused score'),
})

export const hit = answerFields({
  id: z.string().describe('id of the passage'),
  documentId: z.string(),
  score: z.number().describe('orders the hits of one answer; means nothing beyond it'),
  relevance: z.number().min(0).max(1).describe('comparable between queries'),
  title: z.string(),
  uri: z.string().describe('path of the document in its collection'),
  collection: z.string(),
  location,
  snippet: z.string().describe('the part of the passage that matches best'),
  highlights: z
    .array(z.tuple([z.int(), z.int()]))
    .describe('UTF-16 offsets of the matched words in the snippet'),
  text: z.string().exactOptional().describe('the whole passage, when asked for'),
  metadata,
  duplicates: z
    .array(z.string())
    .exactOptional()
    .describe('paths of near-duplicates that it stands for, where that was asked for'),
  explain: answerFields({
    keyword: ranked.exactOptional(),
    vector: ranked.exactOptional(),
    matchedTerms: z.array(z.string()),
    idfShare: z.number(),
    recency: answerFields({ ageDays: z.number(), factor: z.number() }).exactOptional(),
    similarToAbove: z.number().exactOptional(),
    rankBeforeRerank: z.int().exactOptional(),
  }).exactOptional(),
})

export const similarHit = hit.omit({ text: true, explain: true })

const offset = z.int().min(0)
/** UTF-16 offsets of a stretch of a text. */
export const textSpan = answerFields({ start: offset, end: offset })

export const citation = answerFields({
  marker: z.int().describe('the number in square brackets, as it stands in the answer'),
  hitId: z.string(),
  documentId: z.string(),
  title: z.string(),
  uri: z.string(),
  location,
  quote: z.string().describe("the passage's own words that bear the cited sentence"),
  verified: z.boolean().describe('whether the quote was found to bear the cited sentence'),
  start: offset.describe('of the cited sentence in the answer, in UTF-16 units'),
  end: offset,
})

export const usage = answerFields({
  promptTokens: z.number(),
  answerTokens: z.number(),
  thinkingTokens: z.number(),
  totalTokens: z.number(),
  priceUsd: z.number().exactOptional().describe('by the list price of the day'),
})

const block = answerFields({
  kind: z.enum(['heading', 'text', 'list', 'table', 'code']),
  start: count,
  end: count,
  location,
  level: z.int().exactOptional(),
  heading: z.string().exactOptional(),
})

const passage = answerFields({
  id: z.string(),
  start: count,
  end: count,
  headings: z.array(z.string()),
  location,
})

export const document = answerFields({
  id: z.string().describe('stable for a collection and URI'),
  collection: z.string(),
  uri: z.string(),
  fileUri: z.string().describe('path of the file that it was read from'),
  title: z.string(),
  type: z.string().describe('media type of what was read'),
  metadata,
  sizeBytes: count,
  contentHash: z.string().describe('hex SHA-256 of the bytes it was read from'),
  modifiedMs: z.number().describe('milliseconds since 1970'),
  dateMs: z.number().describe('milliseconds since 1970: the date it gives itself, else that of its file'),
  indexedMs: z.number().describe('milliseconds since 1970'),
  embedded: count.describe('passages that have their vector'),
  expected: count.describe('passages in all'),
})

export const documentContent = answerFields({
  id: z.string(),
  uri: z.string(),
  title: z.string(),
  text: z.string(),
  blocks: z.array(block).describe('parts of the text with their places, in reading order'),
  passages: z.array(passage).describe('what hits name by id'),
})

export const notice = answerFields({
  code: z.string(),
  message: z.string(),
  part: z.string().exactOptional(),
})
