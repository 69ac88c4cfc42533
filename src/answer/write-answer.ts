import { addUsage } from '../add-usage.js'
import type { Clock } from '../embed/clock.js'
import { withRetry } from '../embed/retry.js'
import { GemdexError, toGemdexError } from '../errors.js'
import type { FinishPart, GeneratePart, GenerateRequest, Generator } from './generator.js'

const START_ATTEMPTS = 3
const START_TOTAL_MS = 60_000
/** What thinking took the first time is no bound for the second. */
const THINKING_ROOM = 2

export type WriteOptions = {
  readonly signal?: AbortSignal
  /** What waits between tries are measured with. */
  readonly clock?: Clock
}

/**
 * Has an answer written, once. Tries again while nothing has been written yet; what was begun is never begun anew. An
 * answer whose whole limit went into thinking is asked for again with room for that: the limit is the answer's, but models
 * count their thoughts against it.
 */
export async function* writeAnswer(
  generator: Generator,
  request: GenerateRequest,
  options: WriteOptions,
): AsyncGenerator<GeneratePart> {
  const first = yield* writeUntilFinish(generator, request, options)
  const limit = roomForThinking(generator, request, first)
  if (limit === undefined) {
    yield first.finish
    return
  }
  const settings = { ...request.settings, maxOutputTokens: limit }
  const { finish } = yield* writeUntilFinish(generator, { ...request, settings }, options)
  const usage = addUsage([first.finish.usage, finish.usage])
  yield { ...finish, ...(usage === undefined ? {} : { usage }) }
}

type Written = { readonly finish: FinishPart; readonly hasText: boolean }

async function* writeUntilFinish(
  generator: Generator,
  request: GenerateRequest,
  options: WriteOptions,
): AsyncGenerator<GeneratePart, Written> {
  let hasText = false
  for await (const part of startWithRetry(generator, request, options)) {
    if (part.type === 'finish') return { finish: part, hasText }
    hasText ||= part.text.trim() !== ''
    yield part
  }
  throw new GemdexError('INCOMPLETE', 'The answer ended without a finish', { retryable: true })
}

function roomForThinking(
  { maxOutputTokens }: Generator,
  { settings }: GenerateRequest,
  { finish, hasText }: Written,
): number | undefined {
  const asked = settings.maxOutputTokens
  const thought = finish.usage?.thinkingTokens ?? 0
  if (finish.kind !== 'length' || hasText || asked === undefined || thought === 0) return undefined
  const limit = Math.min(maxOutputTokens, asked + Math.ceil(thought * THINKING_ROOM))
  return limit > asked ? limit : undefined
}

async function* startWithRetry(
  generator: Generator,
  request: GenerateRequest,
  { clock, ...abort }: WriteOptions,
): AsyncGenerator<GeneratePart> {
  const { first, parts } = await withRetry(
    async () => {
      const parts = generator.generate(request, abort)[Symbol.asyncIterator]()
      return { first: await parts.next(), parts }
    },
    { ...clock, attempts: START_ATTEMPTS, maxTotalMs: START_TOTAL_MS, ...abort },
  )
  try {
    for (let next = first; !next.done; next = await parts.next()) yield next.value
  } finally {
    await parts.return?.()
  }
}

/** The error of an answer that broke off, with what had come of it. */
export function withPartialAnswer(thrown: unknown, partialAnswer: string): GemdexError {
  const error = toGemdexError(thrown)
  if (partialAnswer === '' || error.code === 'CANCELLED') return error
  const { code, message, hint, retryable, retryAfterMs, resumeAtMs, quotaLimits, cause } = error
  return new GemdexError(code, message, {
    retryable,
    quotaLimits,
    partialAnswer,
    cause,
    ...(hint === undefined ? {} : { hint }),
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    ...(resumeAtMs === undefined ? {} : { resumeAtMs }),
  })
}
