import { z } from 'zod'
import {
  answerFields,
  fields,
  jsonText,
  numberFrom,
  oneOf,
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

const coordinate = z.number().min(-1).max(1)

export const corpusMap = answerFields({
  state: z
    .enum(['ready', 'computing'])
    .describe('computing: a newer map is being made; the points are those of the one before, if any'),
  projection: z.enum(['pca']).describe('how the vectors were brought into the plane'),
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
