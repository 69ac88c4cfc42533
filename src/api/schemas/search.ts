import { z } from 'zod'
import {
  answerFields,
  boolean,
  commaSeparated,
  fields,
  jsonText,
  listOf,
  numberFrom,
  oneOf,
  says,
  textual,
  trueOrFalse,
  wholeNumberFrom,
} from '../fields.js'
import { filter, hit, hitLimit, mode, name, queryText, relevance, similarHit } from './nouns.js'

const task = oneOf(['query', 'question', 'fact', 'code']).describe('what the query is')
const diversity = numberFrom(0, 1).describe('how much hits are to differ from those above')
const halfLifeDays = numberFrom(0.001, 100_000).describe(
  "days after which a document's age has cost it half of what age can cost",
)
const MAX_FACETS = 10

/** Body of `POST /v1/search`. */
export const searchRequest = fields({
  query: queryText,
  limit: hitLimit.exactOptional(),
  mode: mode.exactOptional(),
  collection: name.exactOptional(),
  filter: filter.exactOptional(),
  facets: listOf(name, MAX_FACETS).exactOptional().describe('fields whose values are to be counted'),
  task: task.exactOptional(),
  minScore: relevance.exactOptional().describe('least relevance'),
  explain: boolean.exactOptional(),
  full: boolean
    .exactOptional()
    .describe('every matching passage with its whole text, not the best one of each document'),
  exact: boolean.exactOptional().describe('every vector is compared, not only those that may be nearest'),
  literal: boolean.exactOptional().describe('quotation marks and minus signs are ordinary text'),
  collapse: boolean.exactOptional().describe('near-duplicates of one another are shown once'),
  diversity: diversity.exactOptional(),
  halfLifeDays: halfLifeDays.exactOptional(),
  rerank: boolean.exactOptional().describe('a model puts the best hits in order'),
  expand: boolean.exactOptional().describe('a model adds words'),
  hyde: boolean.exactOptional().describe('a model imagines an answer to search with'),
  dates: boolean.exactOptional().describe('times named in the query restrict it'),
})

/** Query string of `GET /v1/search`: the same as texts, the query as `q`, the filter as JSON, facets comma-separated. */
export const searchQuery = fields({
  q: queryText,
  limit: textual(hitLimit).exactOptional(),
  mode: mode.exactOptional(),
  collection: name.exactOptional(),
  filter: jsonText(filter).exactOptional(),
  facets: commaSeparated(name, MAX_FACETS).exactOptional(),
  task: task.exactOptional(),
  minScore: textual(relevance).exactOptional(),
  explain: trueOrFalse.exactOptional(),
  full: trueOrFalse.exactOptional(),
  exact: trueOrFalse.exactOptional(),
  literal: trueOrFalse.exactOptional(),
  collapse: trueOrFalse.exactOptional(),
  diversity: textual(diversity).exactOptional(),
  halfLifeDays: textual(halfLifeDays).exactOptional(),
  rerank: trueOrFalse.exactOptional(),
  expand: trueOrFalse.exactOptional(),
  hyde: trueOrFalse.exactOptional(),
  dates: trueOrFalse.exactOptional(),
}).transform(({ q, ...rest }) => ({ query: q, ...rest }))

const queryExplanation = answerFields({
  text: z.string().describe('what was looked for, without operators and recognised dates'),
  phrases: z.array(z.string()),
  excluded: z.array(z.string()),
  units: z.array(
    answerFields({
      word: z.string(),
      terms: z.array(z.string()),
      weight: z.number().describe('by rarity'),
      use: z
        .enum(['finds', 'ranks', 'unknown'])
        .describe('whether it found passages, only ranked those found, or stands in none'),
    }),
  ),
  expansion: z.array(z.string()).exactOptional().describe('words that a model added'),
  hypotheticalAnswer: z.string().exactOptional(),
  dates: answerFields({ words: z.string(), since: z.string(), before: z.string() }).exactOptional(),
})

export const searchAnswer = answerFields({
  query: z.string(),
  mode,
  tookMs: z.number(),
  degraded: z.string().exactOptional().describe('why less was searched than asked for'),
  notes: z.array(z.string()).exactOptional().describe('options that could not be honoured, with the reason'),
  corrections: z
    .array(answerFields({ from: z.string(), to: z.string() }))
    .exactOptional()
    .describe('words that were taken for others'),
  facets: z
    .record(
      z.string(),
      z.array(answerFields({ value: z.union([z.string(), z.number(), z.boolean()]), count: z.int() })),
    )
    .exactOptional()
    .describe('by field, the commonest values among the documents found, most first'),
  explain: queryExplanation.exactOptional(),
  hits: z.array(hit),
})

/** Query string of `GET /v1/documents/:id/similar`. */
export const similarQuery = fields({
  limit: textual(hitLimit).exactOptional(),
  collection: name.exactOptional(),
  filter: jsonText(filter).exactOptional(),
  collapse: trueOrFalse.exactOptional(),
})

export const similarAnswer = answerFields({
  documentId: z.string().describe('what the others are compared with'),
  title: z.string(),
  hits: z.array(similarHit).describe('`score` is the cosine'),
})

/** Query string of `GET /v1/suggest`. */
export const suggestQuery = fields({
  q: z
    .string(says('must be a text of at most 200 characters'))
    .max(200, says('must be a text of at most 200 characters')),
  limit: textual(wholeNumberFrom(1, 50)).exactOptional(),
})

export const suggestAnswer = answerFields({
  suggestions: z.array(answerFields({ text: z.string(), kind: z.enum(['title', 'heading', 'word']) })),
})
