import { z } from 'zod'
import { answerFields, fields, textOf, textual, time, wholeNumberFrom } from '../fields.js'
import { citation, hit, hitLimit, name, queryText, textSpan, usage } from './nouns.js'

const MAX_TITLE_CHARS = 200
const title = textOf(1, MAX_TITLE_CHARS)

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
export const newSession = fields({ title: title.exactOptional() })
export const sessionName = fields({ title })

/** The `:id` of a conversation. */
export const sessionPath = fields({ id: name })

const summary = {
  id: z.string(),
  title: z.string(),
  createdMs: time,
  updatedMs: time.describe('of the last turn or name; milliseconds since 1970'),
  usage: usage.exactOptional().describe('the sum over all turns'),
}

const turn = answerFields({
  ordinal: z.int().describe('place in the conversation, from 1'),
  createdMs: time,
  question: z.string(),
  standaloneQuestion: z.string(),
  status: z.enum(['answered', 'refused', 'truncated', 'blocked', 'empty', 'failed']),
  answer: z.string().describe('what was shown; sentences that rested on a removed document are blanked'),
  citations: z.array(citation).describe('the quote of a removed document is empty'),
  unsupported: z.array(textSpan),
  sources: z.array(
    hit.pick({ id: true, documentId: true, title: true, uri: true, collection: true, location: true }),
  ),
  model: z.string(),
  reason: z.string().exactOptional(),
  finishReason: z.string().exactOptional(),
  usage: usage.exactOptional(),
  errorCode: z.string().exactOptional().describe('of a turn that failed'),
})

export const session = answerFields({ ...summary, turns: z.array(turn).describe('the oldest first') })

export const sessionList = answerFields({
  sessions: z.array(answerFields({ ...summary, turns: z.int().describe('number of turns') })),
  total: z.int(),
  next: z.string().exactOptional().describe('`after` of the next page; none on the last one'),
})

export const foundTurns = answerFields({
  turns: z.array(
    answerFields({
      sessionId: z.string(),
      title: z.string(),
      ordinal: z.int(),
      question: z.string(),
      answer: z.string(),
      score: z.number().describe('higher is better; comparable within one result only'),
    }),
  ),
  degraded: z.string().exactOptional().describe('why turns were not compared by meaning'),
})

export const removedSession = answerFields({ removed: answerFields({ id: z.string() }) })
