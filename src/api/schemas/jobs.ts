import { z } from 'zod'
import { answerFields, boolean, fields, listOf, textOf, textual, time, wholeNumberFrom } from '../fields.js'
import { MAX_REFERENCE_CHARS, name, notice } from './nouns.js'

const count = z.int().min(0)
const globs = listOf(textOf(1, 1_000), 100)

/** Body of `POST /v1/index`. */
export const indexRequest = fields({
  path: textOf(1, MAX_REFERENCE_CHARS),
  collection: name.exactOptional(),
  include: globs.exactOptional(),
  exclude: globs.exactOptional(),
  force: boolean.exactOptional(),
  images: boolean.exactOptional(),
})

/** The `:id` of a job. */
export const jobPath = fields({ id: textOf(1, 64) })

export const jobsQuery = fields({ limit: textual(wholeNumberFrom(1, 200)).default(50) })

const file = { uri: z.string(), message: z.string() }

export const job = answerFields({
  id: z.string(),
  state: z
    .enum(['queued', 'running', 'interrupted', 'done', 'failed', 'cancelled'])
    .describe('interrupted: the service ended meanwhile, and goes on with it when it starts again'),
  collection: z.string().exactOptional(),
  createdMs: time,
  startedMs: time.exactOptional(),
  endedMs: time.exactOptional(),
  progress: answerFields({
    files: count.describe('files found'),
    toRead: count.describe('those that are new or have changed'),
    indexed: count,
    skipped: count,
    embedded: count.describe('texts sent to the embedder'),
    pictures: count.describe('described by a model'),
    tokens: count,
    priceUsd: z.number(),
    waitingUntilMs: time.exactOptional().describe('while a quota or a failing service is waited for'),
  }),
  report: answerFields({
    collection: z.string(),
    indexed: count,
    unchanged: count,
    kept: count,
    skipped: count,
    removed: count,
    ignored: count,
    chunks: count,
    embedded: count,
    pictures: count.describe('described by a model'),
    tookMs: z.number(),
    skippedFiles: z.array(answerFields({ ...file, reason: z.string() })).describe('at most 1,000'),
    notices: z.array(notice.extend({ uri: z.string() })).describe('at most 1,000'),
    refused: z.array(answerFields(file)).describe('passages that the embedder refused; at most 1,000'),
    notes: z.array(z.string()),
  })
    .exactOptional()
    .describe('of a job that is done'),
  error: answerFields({
    code: z.string(),
    message: z.string(),
    hint: z.string().exactOptional(),
  })
    .exactOptional()
    .describe('of a job that failed'),
})

export const jobList = answerFields({ jobs: z.array(job) })
