import { z } from 'zod'
import { MAX_IMAGES } from '../answer/check-images.js'
import {
  commaSeparated,
  fields,
  jsonText,
  listOf,
  numberFrom,
  oneOf,
  says,
  textOf,
  textual,
  trueOrFalse,
  wholeNumberFrom,
} from './fields.js'

const MAX_QUERY_CHARS = 8_000
const MAX_NAME_CHARS = 255
const MAX_REFERENCE_CHARS = 4_096
const MAX_TITLE_CHARS = 200

const CATEGORIES = [
  'HARASSMENT',
  'HATE_SPEECH',
  'SEXUALLY_EXPLICIT',
  'DANGEROUS_CONTENT',
  'CIVIC_INTEGRITY',
] as const
const THRESHOLDS = [
  'BLOCK_LOW_AND_ABOVE',
  'BLOCK_MEDIUM_AND_ABOVE',
  'BLOCK_ONLY_HIGH',
  'BLOCK_NONE',
  'OFF',
] as const
const CATEGORY_PREFIX = 'HARM_CATEGORY_'

const queryText = textOf(1, MAX_QUERY_CHARS)
const name = textOf(1, MAX_NAME_CHARS)
const mode = oneOf(['hybrid', 'vector', 'keyword'])
const sessionTitle = textOf(1, MAX_TITLE_CHARS)
const hitLimit = wholeNumberFrom(1, 100)
const relevance = numberFrom(0, 1)

/** What a filter is made of is checked where it is read: see `parseFilter`. */
const filter = z.record(z.string(), z.unknown(), says('must be an object'))
const task = oneOf(['query', 'question', 'fact', 'code'])
const yesOrNo = z.boolean(says('must be true or false'))
const diversity = numberFrom(0, 1)
const halfLifeDays = numberFrom(0.001, 100_000)

/** Body of `POST /v1/search`. */
export const searchRequest = fields({
  query: queryText,
  limit: hitLimit.exactOptional(),
  mode: mode.exactOptional(),
  collection: name.exactOptional(),
  filter: filter.exactOptional(),
  facets: listOf(name, 10).exactOptional(),
  task: task.exactOptional(),
  minScore: relevance.exactOptional(),
  explain: yesOrNo.exactOptional(),
  full: yesOrNo.exactOptional(),
  literal: yesOrNo.exactOptional(),
  diversity: diversity.exactOptional(),
  halfLifeDays: halfLifeDays.exactOptional(),
  rerank: yesOrNo.exactOptional(),
  expand: yesOrNo.exactOptional(),
  hyde: yesOrNo.exactOptional(),
  dates: yesOrNo.exactOptional(),
})

/** Query string of `GET /v1/search`: the same as texts, the query as `q`, the filter as JSON, facets comma-separated. */
export const searchQuery = fields({
  q: queryText,
  limit: textual(hitLimit).exactOptional(),
  mode: mode.exactOptional(),
  collection: name.exactOptional(),
  filter: jsonText(filter).exactOptional(),
  facets: commaSeparated(name, 10).exactOptional(),
  task: task.exactOptional(),
  minScore: textual(relevance).exactOptional(),
  explain: trueOrFalse.exactOptional(),
  full: trueOrFalse.exactOptional(),
  literal: trueOrFalse.exactOptional(),
  diversity: textual(diversity).exactOptional(),
  halfLifeDays: textual(halfLifeDays).exactOptional(),
  rerank: trueOrFalse.exactOptional(),
  expand: trueOrFalse.exactOptional(),
  hyde: trueOrFalse.exactOptional(),
  dates: trueOrFalse.exactOptional(),
}).transform(({ q, ...rest }) => ({ query: q, ...rest }))

/** Query string of `GET /v1/documents/:id/similar`. */
export const similarQuery = fields({
  limit: textual(hitLimit).exactOptional(),
  collection: name.exactOptional(),
  filter: jsonText(filter).exactOptional(),
  collapse: trueOrFalse.exactOptional(),
})

/** Query string of `GET /v1/suggest`. */
export const suggestQuery = fields({
  q: z
    .string(says('must be a text of at most 200 characters'))
    .max(200, says('must be a text of at most 200 characters')),
  limit: textual(wholeNumberFrom(1, 50)).exactOptional(),
})

/** How an answer is written. What is not set is not sent to the model. */
const generation = fields({
  maxOutputTokens: wholeNumberFrom(1, 1_000_000).exactOptional(),
  stopSequences: listOf(textOf(1, 100), 5).exactOptional(),
  candidates: wholeNumberFrom(1, 8).exactOptional(),
  temperature: numberFrom(0, 2).exactOptional(),
  topP: numberFrom(0, 1).exactOptional(),
  topK: wholeNumberFrom(1, 1000).exactOptional(),
})

/** The prefix HARM_CATEGORY_ may be left out; it is put back. */
const safetySetting = fields({
  category: oneOf([
    ...CATEGORIES,
    ...CATEGORIES.map((category) => `${CATEGORY_PREFIX}${category}`),
  ]).transform((category) =>
    category.startsWith(CATEGORY_PREFIX) ? category : `${CATEGORY_PREFIX}${category}`,
  ),
  threshold: oneOf(THRESHOLDS),
})

const safety = listOf(safetySetting, CATEGORIES.length).superRefine((settings, context) => {
  settings.forEach(({ category }, i) => {
    if (settings.findIndex((setting) => setting.category === category) === i) return
    context.addIssue({ code: 'custom', path: [i, 'category'], message: `names ${category} a second time` })
  })
})

/** The bytes are looked at where the question is answered. */
const image = fields({
  mimeType: textOf(1, MAX_NAME_CHARS),
  data: z.string(says('must be the bytes in base64')),
})

/** Body of `POST /v1/ask`. */
export const askRequest = fields({
  question: queryText,
  sessionId: name.nullable().exactOptional(),
  images: listOf(image, MAX_IMAGES).exactOptional(),
  collection: name.exactOptional(),
  filter: filter.exactOptional(),
  generation: generation.exactOptional(),
  safety: safety.exactOptional(),
})

/** Query string of `GET /v1/documents`. `after` is the `next` of the page before. */
export const listQuery = fields({
  collection: name.exactOptional(),
  limit: textual(wholeNumberFrom(1, 500)).default(50),
  after: textOf(1, MAX_REFERENCE_CHARS).exactOptional(),
})

/** Query string of `GET /v1/sessions`. `after` is the `next` of the page before. */
export const sessionsQuery = fields({
  limit: textual(wholeNumberFrom(1, 500)).default(50),
  after: name.exactOptional(),
})

/** Query string of `GET /v1/sessions/search`. */
export const sessionSearchQuery = fields({
  q: queryText,
  limit: textual(hitLimit).default(10),
}).transform(({ q, ...rest }) => ({ query: q, ...rest }))

/** Bodies of `POST /v1/sessions` and `PATCH /v1/sessions/:id`. */
export const newSession = fields({ title: sessionTitle.exactOptional() })
export const sessionName = fields({ title: sessionTitle })

/** The `:id` of a conversation. */
export const sessionPath = fields({ id: name })

/** Query string of `GET /v1/models`. */
export const modelsQuery = fields({ method: name.exactOptional() })

/** Query string of routes that take none. */
export const noQuery = fields({})

/**
 * The `:id` of a document: its id, or its URI percent-encoded. Paths of the machine are refused: which ones are known is
 * nothing that a client may find out.
 */
export const documentPath = fields({
  id: textOf(1, MAX_REFERENCE_CHARS).refine(
    (reference) => !/^(?:\/|\\|[A-Za-z]:[\\/])/.test(reference) && !reference.includes('\0'),
    { error: 'must be an id or the URI of a document, relative to its folder' },
  ),
})

export type SearchBody = z.output<typeof searchRequest>
export type AskBody = z.output<typeof askRequest>
export type ListQuery = z.output<typeof listQuery>
