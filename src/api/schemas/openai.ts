import { z } from 'zod'
import {
  answerFields,
  boolean,
  fields,
  listOf,
  numberFrom,
  oneOf,
  says,
  textOf,
  wholeNumberFrom,
} from '../fields.js'
import { citation, hit, name } from './nouns.js'

const MAX_INPUTS = 256
const MAX_INPUT_CHARS = 100_000
const MAX_MESSAGES = 200

const input = textOf(1, MAX_INPUT_CHARS)
const oneOrMore = <Item extends z.ZodType>(item: Item, most: number) =>
  z.union([item, listOf(item, most).min(1)], says(`must be a text or a list of 1 to ${most} texts`))

/** Body of `POST /v1/embeddings`: that of the OpenAI protocol, with `role` and `title`. */
export const embeddingsRequest = fields({
  input: oneOrMore(input, MAX_INPUTS),
  model: name,
  role: oneOf([
    'document',
    'query',
    'question',
    'fact',
    'code',
    'similarity',
    'classification',
    'clustering',
  ]).exactOptional(),
  title: oneOrMore(textOf(1, 500), MAX_INPUTS).exactOptional(),
  encoding_format: oneOf(['float', 'base64']).exactOptional(),
  dimensions: wholeNumberFrom(1, 8192).exactOptional(),
  user: name.exactOptional(),
})

const tokens = z.int().min(0)

export const embeddingsAnswer = answerFields({
  object: z.literal('list'),
  model: z.string(),
  data: z.array(
    answerFields({
      object: z.literal('embedding'),
      index: z.int(),
      embedding: z
        .union([z.array(z.number()), z.string()])
        .describe('unit length; as base64 of little-endian float32 when asked for'),
    }),
  ),
  usage: answerFields({ prompt_tokens: tokens, total_tokens: tokens }).describe('as estimated'),
})

const textPart = fields({ type: z.literal('text'), text: z.string(says('must be a text')) })
const content = z.union([z.string(), listOf(textPart, 100)], says('must be a text or a list of text parts'))

const message = fields({
  role: oneOf(['system', 'developer', 'user', 'assistant']),
  content: content.nullable(),
  name: name.exactOptional(),
  refusal: z.string().nullable().exactOptional(),
  annotations: z.array(z.unknown()).exactOptional(),
})

/** Clients send these whether they use them or not; only the value that changes nothing is taken. */
const neutral = {
  frequency_penalty: z.literal(0, says('must be 0: it is not offered')).nullable().exactOptional(),
  presence_penalty: z.literal(0, says('must be 0: it is not offered')).nullable().exactOptional(),
  n: z.literal(1, says('must be 1: one answer is checked and given')).nullable().exactOptional(),
  response_format: fields({ type: z.literal('text', says('must be text')) }).exactOptional(),
  tools: z.array(z.unknown()).max(0, says('must be left out or empty: none is called')).exactOptional(),
  user: name.exactOptional(),
}

/** Body of `POST /v1/chat/completions`. */
export const chatRequest = fields({
  model: name,
  messages: listOf(message, MAX_MESSAGES),
  collection: name.exactOptional(),
  stream: boolean.nullable().exactOptional(),
  stream_options: fields({ include_usage: boolean.exactOptional() }).nullable().exactOptional(),
  temperature: numberFrom(0, 2).nullable().exactOptional(),
  top_p: numberFrom(0, 1).nullable().exactOptional(),
  max_tokens: wholeNumberFrom(1, 1_000_000).nullable().exactOptional(),
  max_completion_tokens: wholeNumberFrom(1, 1_000_000).nullable().exactOptional(),
  stop: oneOrMore(textOf(1, 100), 5).nullable().exactOptional(),
  ...neutral,
})

const annotation = answerFields({
  type: z.literal('url_citation'),
  url_citation: answerFields({
    start_index: z.int(),
    end_index: z.int(),
    title: z.string(),
    url: z.string().describe('where the document is read'),
  }),
})

const usage = answerFields({ prompt_tokens: tokens, completion_tokens: tokens, total_tokens: tokens })

/** What the protocol has no place for. */
const grounds = answerFields({
  status: z.string(),
  reason: z.string().exactOptional(),
  citations: z.array(citation),
  sources: z.array(hit),
})

export const chatAnswer = answerFields({
  id: z.string(),
  object: z.literal('chat.completion'),
  created: z.int(),
  model: z.string(),
  choices: z.array(
    answerFields({
      index: z.int(),
      finish_reason: z.enum(['stop', 'length', 'content_filter']),
      logprobs: z.null(),
      message: answerFields({
        role: z.literal('assistant'),
        content: z.string(),
        refusal: z.null(),
        annotations: z.array(annotation),
      }),
    }),
  ),
  usage: usage.exactOptional(),
  gemdex: grounds,
})
