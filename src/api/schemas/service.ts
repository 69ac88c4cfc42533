import { z } from 'zod'
import { answerFields, fields, time } from '../fields.js'
import { folder } from './documents.js'
import { name } from './nouns.js'

const count = z.int().min(0)

export const collection = answerFields({
  name: z.string(),
  documents: count,
  chunks: count.describe('passages'),
  embedded: count.describe('passages that have their vector'),
  run: answerFields({
    state: z
      .enum(['running', 'stopped', 'done'])
      .describe('a run that was stopped goes on when the folder is indexed again'),
    beganMs: time.exactOptional(),
    endedMs: time.exactOptional().describe('of a run that is done: milliseconds since 1970'),
    files: count.describe('files that were new or had changed; 0 where that is not known'),
    filesDone: count.describe('those of them that the run is done with'),
  })
    .exactOptional()
    .describe('the last run over its folder; none of pushed documents'),
})

export const collectionList = answerFields({ collections: z.array(collection) })

/** The `:name` of a collection. */
export const collectionPath = fields({ name })

/** Query string of `DELETE /v1/collections/:name`. */
export const removeQuery = fields({
  folder: folder.exactOptional().describe('only what lies below this path of the collection'),
})

export const removedPart = answerFields({
  removed: answerFields({
    collection: z.string(),
    folder: z.string().exactOptional(),
    documents: count,
    chunks: count.describe('passages'),
  }),
})

export const status = answerFields({
  documents: count,
  chunks: count.describe('passages'),
  embedded: count.describe('passages that have their vector'),
  expected: count.describe('passages that should have one'),
  skipped: z.record(z.string(), z.int()).describe('files that are not in the index, by reason'),
  sizeBytes: count.exactOptional(),
  versions: z.record(z.string(), z.string()),
  embedder: answerFields({
    provider: z.enum(['gemini', 'local']),
    modelId: z.string(),
    dimensions: z.int(),
    roles: z.string(),
  })
    .nullable()
    .describe('what the index was made with; null while nothing is indexed'),
  provider: z.enum(['gemini', 'local']).describe('who embeds, or would embed a new index'),
  degraded: z.string().exactOptional().describe('why queries are not embedded just now'),
  damage: z.string().exactOptional().describe('what was found damaged, what that hinders, and what mends it'),
  generator: z.string().describe('model that answers'),
  collections: z.array(collection),
  usage: z
    .array(
      answerFields({
        model: z.string(),
        day: z.string(),
        requests: count,
        texts: count,
        tokens: count,
        priceUsd: z.number(),
      }),
    )
    .exactOptional()
    .describe('what was sent to embedding models; for keys that reach the whole index, as `sizeBytes`'),
  gaps: answerFields({ keeping: z.boolean(), questions: count })
    .exactOptional()
    .describe('whether questions that were not answered are kept, and how many there are; for the same keys'),
})

/** Query string of routes that take none. */
export const noQuery = fields({})

/** Query string of `GET /v1/models`. */
export const modelsQuery = fields({ method: name.exactOptional() })

/** What both kinds of clients look for: ours in `models`, those of the OpenAI protocol in `data`. */
export const modelList = answerFields({
  models: z
    .array(
      answerFields({
        id: z.string(),
        displayName: z.string().exactOptional(),
        inputTokenLimit: z.number().exactOptional(),
        outputTokenLimit: z.number().exactOptional(),
        methods: z.array(z.string()),
      }),
    )
    .describe('models that the key can use; without a key the built-in ones'),
  object: z.literal('list'),
  data: z
    .array(
      answerFields({
        id: z.string(),
        object: z.literal('model'),
        created: z.int(),
        owned_by: z.string(),
      }),
    )
    .describe('the models that this service answers and embeds with'),
})

/** The `:file` of the page that shows the description. */
export const docsFilePath = fields({ file: name })

export const liveness = answerFields({ status: z.literal('ok') })
export const readiness = answerFields({ status: z.literal('ready') })

export const serviceIndex = answerFields({
  name: z.literal('gemdex'),
  version: z.string().exactOptional(),
  routes: z.array(z.string()),
})

export const errorAnswer = answerFields({
  error: answerFields({
    code: z.string().describe('one of a closed list'),
    message: z.string(),
    hint: z.string().exactOptional().describe('what to do next'),
    field: z.string().exactOptional().describe('field, parameter or header at fault'),
    partialAnswer: z
      .string()
      .exactOptional()
      .describe('what had come of an answer that broke off: incomplete'),
    requestId: z.string(),
    type: z.string().exactOptional().describe('of the OpenAI protocol'),
    param: z.string().nullable().exactOptional().describe('of the OpenAI protocol: `field`'),
  }),
})

/** An error of the Model Context Protocol's own. */
export const mcpError = answerFields({
  jsonrpc: z.literal('2.0'),
  error: answerFields({ code: z.int(), message: z.string() }),
  id: z.union([z.string(), z.int()]).nullable(),
})
