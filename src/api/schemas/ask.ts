import { z } from 'zod'
import { MAX_IMAGES } from '../../answer/check-images.js'
import { answerFields, fields, listOf, numberFrom, oneOf, says, textOf, wholeNumberFrom } from '../fields.js'
import { citation, filter, hit, name, queryText, textSpan, usage } from './nouns.js'

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

/** How an answer is written. What is not set is not sent to the model. */
export const generation = fields({
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
  mimeType: textOf(1, 255),
  data: z.string(says('must be the bytes in base64')),
})

/** Bytes of a question with images at most: as much as Google takes of one request in all. */
export const MAX_ASK_BODY_BYTES = 20_000_000

/** Body of `POST /v1/ask`. */
export const askRequest = fields({
  question: queryText,
  sessionId: name.nullable().exactOptional().describe('conversation that the question goes on with'),
  images: listOf(image, MAX_IMAGES).exactOptional(),
  collection: name.exactOptional(),
  filter: filter.exactOptional(),
  generation: generation.exactOptional(),
  safety: safety.exactOptional(),
})

const safetyRatings = z.array(
  answerFields({ category: z.string(), probability: z.string(), blocked: z.boolean().exactOptional() }),
)

export const answer = answerFields({
  status: z
    .enum(['answered', 'refused', 'truncated', 'blocked', 'empty'])
    .describe('refused: the passages do not hold it; the nearest ones are in `sources`'),
  answer: z.string(),
  citations: z.array(citation),
  unsupported: z
    .array(textSpan)
    .describe('sentences of the answer that no cited passage was found to bear; UTF-16 offsets'),
  sources: z.array(hit).describe('the passages it was made from, best first; for a refusal the nearest ones'),
  candidates: z.array(z.string()).exactOptional(),
  standaloneQuestion: z.string().describe('what was searched for: a follow-up with what it leaves unsaid'),
  sessionId: z.string().nullable().describe('null for a question by itself, which is not kept'),
  model: z.string(),
  usage: usage.exactOptional(),
  finishReason: z.string().exactOptional(),
  promptFeedback: answerFields({ blockReason: z.string(), safetyRatings }).exactOptional(),
  safetyRatings: safetyRatings.exactOptional(),
  reason: z.string().exactOptional().describe('why it was refused, blocked, truncated or empty'),
  degraded: z.string().exactOptional().describe('why less was searched than asked for'),
})

/** What comes in the events of a streamed answer, by their names; `citation` and `done` stand for what they hold. */
export const askEvents = {
  sources: answerFields({ sources: z.array(hit), standaloneQuestion: z.string() }),
  delta: answerFields({ text: z.string() }),
  citation: answerFields({ citation }),
  done: answerFields({ answer }),
}
