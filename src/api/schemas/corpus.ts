import { z } from 'zod'
import {
  answerFields,
  boolean,
  fields,
  jsonText,
  listOf,
  numberFrom,
  oneOf,
  textOf,
  textual,
  time,
  trueOrFalse,
  wholeNumberFrom,
} from '../fields.js'
import { filter, location, name } from './nouns.js'

const count = z.int().min(0)
const share = z.number().min(0).max(1)
const level = oneOf(['document', 'passage'])

/** Query string of `GET /v1/duplicates`. */
export const duplicatesQuery = fields({
  limit: textual(wholeNumberFrom(1, 1000)).exactOptional(),
  collection: name.exactOptional(),
  filter: jsonText(filter).exactOptional(),
  level: level.exactOptional().describe('documents or passages alone'),
  similarity: textual(numberFrom(0.5, 1))
    .exactOptional()
    .describe('least share of three-word runs that near-equal texts have in common'),
  changes: trueOrFalse.exactOptional().describe('what near-equal texts differ in'),
})

const duplicateMember = answerFields({
  id: z.string().describe('of the passage, or of the first one of the document'),
  documentId: z.string(),
  title: z.string(),
  uri: z.string(),
  collection: z.string(),
  location: location.exactOptional().describe('of a passage'),
  snippet: z.string(),
  timeMs: time,
  similarity: share.describe('to the first member; of a contained text the share of it that the first holds'),
  changes: z
    .array(answerFields({ kind: z.enum(['same', 'added', 'removed']), text: z.string() }))
    .exactOptional()
    .describe('what turns the text of the first member into this one'),
})

export const duplicatesAnswer = answerFields({
  documents: count.describe('compared'),
  passages: count.describe('compared'),
  total: count.describe('groups in all'),
  groups: z.array(
    answerFields({
      kind: z.enum(['equal', 'near', 'contained']),
      level,
      members: z
        .array(duplicateMember)
        .describe('the newest first; of contained texts the one that holds the others'),
      words: count.describe('words that are there more than once'),
    }),
  ),
})

/** Query string of `GET /v1/topics`. */
export const topicsQuery = fields({
  collection: name.exactOptional(),
  filter: jsonText(filter).exactOptional(),
  seed: textual(wholeNumberFrom(0, 1_000_000))
    .exactOptional()
    .describe('start of the random numbers; any gives nearly the same topics'),
  role: oneOf(['clustering'])
    .exactOptional()
    .describe('vectors that are made for this, instead of those that are stored'),
  members: trueOrFalse.exactOptional().describe('names the documents of each topic'),
  dryRun: trueOrFalse.exactOptional().describe('only says what would be sent'),
})

const sent = answerFields({ texts: count, tokens: count, priceUsd: z.number() }).describe('to the embedder')

const topicPassage = answerFields({
  id: z.string(),
  documentId: z.string(),
  title: z.string(),
  uri: z.string(),
  collection: z.string(),
  snippet: z.string(),
})

const subtopic = answerFields({
  title: z.string().describe('by the model that answers, else the first terms'),
  terms: z.array(z.string()).describe('what sets it apart from the others, best first'),
  size: count.describe('documents'),
  fromMs: time,
  toMs: time,
  central: z.array(topicPassage).describe('of the documents nearest to its centre'),
})

export const topicsAnswer = answerFields({
  by: z.enum(['terms', 'vectors']).describe('what documents were compared by'),
  documents: count,
  topics: z
    .array(
      subtopic.extend({
        members: z.array(z.string()).exactOptional().describe('ids of its documents, with `members=true`'),
        subtopics: z.array(subtopic),
      }),
    )
    .describe('the largest first'),
  candidates: z
    .array(answerFields({ groups: count, cut: z.number() }))
    .describe(
      'divisions in two in their order, with the number of groups then and the normalised cut; the last is not made where it cuts too much',
    ),
  outliers: z.array(topicPassage).describe('the strangest first, at most 20'),
  outlierCount: count,
  sent,
  note: z.string().exactOptional().describe('why no model wrote the titles although there is one'),
})

const day = z.string().describe('YYYY-MM-DD, in UTC')

export const gapsAnswer = answerFields({
  keeping: z.boolean().describe('whether questions are being kept: GEMDEX_KEEP_GAPS'),
  questions: count.describe('different ones'),
  asked: count.describe('how often they were asked'),
  topics: z
    .array(
      answerFields({
        title: z
          .string()
          .nullable()
          .describe('its first terms; null where questions are too few to be grouped'),
        terms: z.array(z.string()),
        asked: count,
        questions: z
          .array(
            answerFields({
              question: z.string().describe('cut to 200 characters; addresses, numbers and keys are masked'),
              asked: count,
              outcome: z.enum(['refused', 'nothing']).describe('the last time'),
              fromDay: day,
              toDay: day,
            }),
          )
          .describe('the most asked first'),
      }),
    )
    .describe('the most asked first'),
})

/** Query string of `DELETE /v1/gaps`. */
export const forgetGapsQuery = fields({
  question: textOf(1, 200).exactOptional().describe('only this one'),
})

export const forgetGapsAnswer = answerFields({ removed: count.describe('different questions') })

const longText = textOf(1, 100_000)

/** Body of `POST /v1/classify`. */
export const classifyRequest = fields({
  labels: listOf(
    fields({
      name,
      description: textOf(1, 8_000).exactOptional(),
      examples: listOf(longText, 1_000).exactOptional().describe('texts that have the label'),
    }),
    50,
  ),
  texts: listOf(longText, 1_000).exactOptional().describe('the documents of the index when left out'),
  collection: name.exactOptional(),
  filter: filter.exactOptional(),
  minProbability: numberFrom(0, 1).exactOptional().describe('of a label that is given; default 0.5'),
  by: oneOf(['terms', 'vectors']).exactOptional(),
  save: name
    .exactOptional()
    .describe('metadata key under which documents keep their label; needs the scope write'),
  dryRun: boolean.exactOptional().describe('only says what would be sent'),
})

export const classifyAnswer = answerFields({
  by: z.enum(['terms', 'vectors']),
  items: z.array(
    answerFields({
      label: z.string().nullable().describe('null where none is likely enough'),
      probability: share.describe('of the likeliest label'),
      probabilities: z.record(z.string(), share),
      documentId: z.string().exactOptional(),
      title: z.string().exactOptional(),
      uri: z.string().exactOptional(),
      collection: z.string().exactOptional(),
    }),
  ),
  calibrated: z.boolean().describe('whether the probabilities are fitted to the examples'),
  evaluation: answerFields({
    examples: count,
    accuracy: share,
    coverage: share.describe('share of the examples that got a label'),
    accuracyOfLabelled: share,
    logLoss: z.number(),
    labels: z.array(answerFields({ name: z.string(), precision: share, recall: share, f1: share })),
  })
    .exactOptional()
    .describe('by cross-validation on the examples'),
  sent,
  saved: count.exactOptional().describe('documents that keep their label'),
})

/** Body of `POST /v1/similarity`. */
export const similarityRequest = fields({ texts: listOf(longText, 2).describe('two') })

export const similarityAnswer = answerFields({
  similarity: z.number().describe('cosine, to be compared with others of the same model'),
  relevance: share.describe('the same on the scale of the model: 0 unrelated, 1 surely alike'),
  by: z
    .enum(['terms', 'vectors'])
    .describe('words alone, or meaning (with Gemini in the role SEMANTIC_SIMILARITY)'),
  model: z.string(),
})

/** Query string of `GET /v1/map`. */
export const mapQuery = fields({
  projection: oneOf(['pca', 'umap'])
    .exactOptional()
    .describe('umap (default) keeps neighbours together; pca takes a second where that takes twenty'),
})

const coordinate = z.number().min(-1).max(1)

export const corpusMap = answerFields({
  state: z
    .enum(['ready', 'computing'])
    .describe(
      'computing: a newer map is being made; the points are those of the one before, or provisional, if any',
    ),
  projection: z
    .enum(['pca', 'umap'])
    .describe('how the vectors were brought into the plane; always pca of fewer than 50 documents'),
  progress: answerFields({ stage: z.string(), done: count, total: count })
    .exactOptional()
    .describe('how far a map is that is being made'),
  total: z.int().min(0).describe('documents there are; points are those with vectors, and at most 20,000'),
  points: z.array(
    answerFields({
      documentId: z.string(),
      title: z.string(),
      uri: z.string(),
      collection: z.string(),
      type: z.string().describe('media type of what was read'),
      x: coordinate,
      y: coordinate,
    }),
  ),
})
