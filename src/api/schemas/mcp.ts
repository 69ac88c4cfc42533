import { z } from 'zod'
import { answerFields, fields, textOf, wholeNumberFrom } from '../fields.js'
import {
  citation,
  location,
  MAX_REFERENCE_CHARS,
  metadata,
  mode,
  name,
  queryText,
  relevance,
} from './nouns.js'

const MAX_RESULTS = 50
const MAX_FETCHED_CHARS = 200_000
const text = z.string()

const collection = name.exactOptional().describe('only this collection; `list_collections` names them')

export const searchInput = fields({
  query: queryText.describe('what to look for, in words or as a question'),
  limit: wholeNumberFrom(1, MAX_RESULTS).exactOptional().describe('results at most; 10 when left out'),
  collection,
  mode: mode.exactOptional().describe('hybrid (by meaning and words, the default), vector or keyword'),
  minScore: relevance.exactOptional().describe('least relevance, 0 to 1'),
})

const found = {
  id: text.describe('of the passage; `fetch` and `similar` take it'),
  documentId: text,
  title: text,
  url: text.describe('resource that holds the whole document'),
  uri: text.describe('path of the document in its collection'),
  collection: text,
  relevance: z.number().describe('0 to 1, comparable between queries'),
  location: location.describe('place of the passage in the document'),
  snippet: text,
}

export const searchOutput = answerFields({
  results: z.array(answerFields(found)),
  degraded: text.exactOptional().describe('why less was searched than asked for'),
})

export const similarInput = fields({
  id: textOf(1, MAX_REFERENCE_CHARS).describe('id of a search result or document, or path of a document'),
  limit: wholeNumberFrom(1, MAX_RESULTS).exactOptional().describe('results at most; 10 when left out'),
  collection,
})

export const similarOutput = answerFields({
  documentId: text.describe('what the others are compared with'),
  title: text,
  results: z.array(answerFields(found)).describe('the nearest first, one of each document'),
})

export const fetchInput = fields({
  id: textOf(1, MAX_REFERENCE_CHARS).describe('id of a result or document, or path of a document'),
  offset: wholeNumberFrom(0, 1_000_000_000)
    .exactOptional()
    .describe('where to begin, in characters; 0 when left out'),
  maxChars: wholeNumberFrom(1, MAX_FETCHED_CHARS).exactOptional().describe('50,000 when left out'),
})

export const fetchOutput = answerFields({
  id: text,
  title: text,
  text: text.describe('of the document from `offset` on'),
  url: text,
  uri: text,
  collection: text,
  metadata,
  totalChars: z.int(),
  nextOffset: z.int().exactOptional().describe('where to go on; none when the text is complete'),
})

export const askInput = fields({
  question: queryText.describe('one question, complete in itself'),
  collection,
})

export const askOutput = answerFields({
  status: text.describe('answered, refused (the documents do not hold it), truncated, blocked or empty'),
  answer: text,
  reason: text.exactOptional(),
  citations: z
    .array(citation)
    .describe('each quotes the document; `verified` when the quote bears the sentence'),
  sources: z
    .array(answerFields(found))
    .describe('passages that the answer was made from; for a refusal the nearest ones'),
  degraded: text.exactOptional(),
})

export const noInput = fields({})

export const collectionsOutput = answerFields({
  collections: z.array(answerFields({ name: text, documents: z.int(), passages: z.int() })),
})

export const statusOutput = answerFields({
  documents: z.int(),
  passages: z.int(),
  embedded: z.int().describe('passages that are found by meaning too'),
  unfinished: z
    .array(
      answerFields({
        collection: text,
        state: z.enum(['running', 'stopped']),
        filesLeft: z.int().exactOptional(),
      }),
    )
    .exactOptional()
    .describe(
      'collections of which some files are not indexed yet: their run goes on, or was stopped, and goes on when their folder is indexed again (`gemdex index`)',
    ),
  embedder: text.nullable(),
  generator: text,
  degraded: text.exactOptional().describe('why search goes by words alone just now'),
  damage: text
    .exactOptional()
    .describe('what was found damaged in the index, what that hinders, and what mends it'),
})

export const promptInput = {
  question: text.describe('what to answer from the documents'),
  collection: text.optional().describe('only this collection'),
}
