import { z } from 'zod'
import { answerFields, boolean, fields, textual, trueOrFalse } from '../fields.js'
import { hit, hitLimit, mode, name, queryText, relevance } from './nouns.js'

/** Body of `POST /v1/search`. */
export const searchRequest = fields({
  query: queryText,
  limit: hitLimit.exactOptional(),
  mode: mode.exactOptional(),
  collection: name.exactOptional(),
  minScore: relevance.exactOptional(),
  explain: boolean.exactOptional(),
  full: boolean.exactOptional(),
})

/** Query string of `GET /v1/search`: the same as texts, the query as `q`. */
export const searchQuery = fields({
  q: queryText,
  limit: textual(hitLimit).exactOptional(),
  mode: mode.exactOptional(),
  collection: name.exactOptional(),
  minScore: textual(relevance).exactOptional(),
  explain: trueOrFalse.exactOptional(),
  full: trueOrFalse.exactOptional(),
}).transform(({ q, ...rest }) => ({ query: q, ...rest }))

export const searchAnswer = answerFields({
  query: z.string(),
  mode,
  tookMs: z.number(),
  degraded: z.string().exactOptional().describe('why less was searched than asked for'),
  hits: z.array(hit),
})
