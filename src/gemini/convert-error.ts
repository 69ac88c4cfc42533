import type { GoogleGenerativeAIFetchError } from '@google/generative-ai'
import { type ErrorCode, type ErrorFacts, GemdexError } from '../errors.js'
import type { CallEnd, CallFacts } from './call-scope.js'
import { asList, asNumber, asText, isRecord } from './is-record.js'
import { readQuota } from './read-quota.js'
import { scrub, scrubError } from './scrub.js'
import { sdk } from './sdk.js'

/** What an error is about: goes into its message, but for the key, which is taken out of it. */
export type CallContext = CallFacts & {
  readonly apiKey: string
  /** The API's method, such as `batchEmbedContents`. */
  readonly method: string
  readonly modelId?: string
  /** Who ended the call, if somebody did. */
  readonly ended?: CallEnd | undefined
  /** How long the call, or the part of it that was waited for, was given. */
  readonly deadlineMs?: number
  /** True once a part of a streamed answer has arrived. */
  readonly begun?: boolean
}

/** What the API or a front end of it says with an HTTP status. `details` is Google's list, whatever came. */
export type HttpRefusal = { readonly status: number; readonly message: string; readonly details: unknown }

const KEY_HINT =
  'Set GOOGLE_API_KEY (or GEMINI_API_KEY) to a key that works: https://aistudio.google.com/apikey'
const MODELS_HINT = 'Run `gemdex models` to see the models that this key can use, and choose one of them'
const LATER_HINT = 'Try again in a while'
const OFFLINE_HINT = 'Check the network connection, a proxy and GEMINI_BASE_URL'
const MAX_QUOTE_CHARS = 300

/**
 * Turns whatever a call to the Gemini API threw into a GemdexError that names method and model, says what to do next and
 * whether to try again. Neither message, hint, cause nor stack holds the key. A GemdexError is given back as it is.
 */
export function convertError(thrown: unknown, context: CallContext): GemdexError {
  if (thrown instanceof GemdexError) return thrown
  if (context.ended === 'caller') return new GemdexError('CANCELLED', 'The operation was cancelled')
  if (context.ended === 'deadline') return timeout(context)
  if (context.ended === 'size') return badResponse('it is too large', context)
  if (thrown instanceof sdk().GoogleGenerativeAIFetchError && thrown.status !== undefined) {
    return convertRefusal(refusalOf(thrown, thrown.status), context, thrown)
  }
  if (thrown instanceof sdk().GoogleGenerativeAIRequestInputError) {
    return fail(
      context,
      'REQUEST_REFUSED',
      `The request for ${subject(context)} is not one that can be sent`,
      { cause: thrown },
    )
  }
  if (isAbort(thrown)) {
    return fail(context, 'OFFLINE', `The connection for ${subject(context)} was closed early`, {
      hint: OFFLINE_HINT,
      retryable: true,
      cause: thrown,
    })
  }
  return convertTransport(thrown, context)
}

/** Turns an HTTP error status, or an error that came as data, into a GemdexError. `cause` is what was thrown, if any. */
export function convertRefusal(refusal: HttpRefusal, context: CallContext, cause?: unknown): GemdexError {
  const { status } = refusal
  const about = `${subject(context)} (HTTP ${status}${quote(refusal.message)})`
  const fault = (code: ErrorCode, message: string, facts: ErrorFacts = {}) =>
    fail(context, code, message, { ...facts, ...(cause !== undefined && { cause }) })

  if (isKeyRefusal(refusal)) {
    return fault('KEY_REFUSED', `Google refused the API key for ${about}`, { hint: KEY_HINT })
  }
  if (status === 404 && context.modelId !== undefined) {
    return fault('MODEL_NOT_FOUND', `The model ${context.modelId} cannot be used: ${about}`, {
      hint: MODELS_HINT,
    })
  }
  if (status === 429) return quotaRefusal(refusal, context, about, fault)
  if (status === 408 || status >= 500) {
    return fault('UNAVAILABLE', `Google's API is not available at the moment: ${about}`, {
      hint: LATER_HINT,
      retryable: true,
      ...(context.retryAfterMs !== undefined && { retryAfterMs: context.retryAfterMs }),
    })
  }
  const hint =
    status === 404
      ? 'Check GEMINI_BASE_URL'
      : 'Change the text, the model or the settings that the message names'
  const field = fieldAtFault(refusal)
  return fault('REQUEST_REFUSED', `Google refused the request: ${about}`, {
    hint,
    ...(field !== undefined && { field }),
  })
}

/**
 * Converts an error that came as data: an `error` event of a stream, or an `error` object in an answer with status 200.
 * An error without a usable status counts as an internal one of the service (500).
 */
export function convertErrorBody(body: unknown, context: CallContext): GemdexError {
  const fields = isRecord(body) ? body : {}
  const code = asNumber(fields.code)
  const status = code !== undefined && code >= 400 && code < 600 ? code : 500
  return convertRefusal({ status, message: asText(fields.message) ?? '', details: fields.details }, context)
}

/** An answer that cannot be used although the call went well. */
export function badResponse(reason: string, context: CallContext, cause?: unknown): GemdexError {
  return fail(context, 'BAD_RESPONSE', `The answer to ${subject(context)} could not be read: ${reason}`, {
    hint: 'Try again; if it stays, something between here and Google answers in its place: check GEMINI_BASE_URL and proxies',
    retryable: true,
    cause,
  })
}

/** A streamed answer that stopped before it was finished. */
export function incomplete(context: CallContext, cause?: unknown): GemdexError {
  return fail(context, 'INCOMPLETE', `The answer of ${subject(context)} stopped before it was complete`, {
    hint: 'Ask again: what has arrived is not the whole answer',
    retryable: true,
    cause,
  })
}

function convertTransport(thrown: unknown, context: CallContext): GemdexError {
  const message = thrown instanceof Error ? thrown.message : ''
  if (thrown instanceof sdk().GoogleGenerativeAIError) {
    if (message.includes('Error reading from the stream')) return incomplete(context, thrown)
    const unreadable = /Failed to parse stream|Error parsing JSON response/.test(message)
    // Half an event at the end of a stream is a cut connection; at its beginning it was never a stream.
    if (unreadable)
      return context.begun
        ? incomplete(context, thrown)
        : badResponse('not a stream of events', context, thrown)
  } else if (thrown instanceof SyntaxError) {
    return badResponse('not JSON', context, thrown)
  } else if (!message.includes('fetch failed')) {
    // "terminated" and decoding errors of fetch, and the SDK's TypeErrors over JSON of an unexpected shape.
    return badResponse(
      message === 'terminated' ? 'it was cut off' : 'it is not of the expected form',
      context,
      thrown,
    )
  }
  const reason = causeCode(context.unreachable ?? thrown)
  return fail(
    context,
    'OFFLINE',
    `Google's API could not be reached for ${subject(context)}${reason && ` (${reason})`}`,
    {
      hint: OFFLINE_HINT,
      retryable: true,
      cause: thrown,
    },
  )
}

function timeout(context: CallContext): GemdexError {
  const { deadlineMs } = context
  const within = deadlineMs === undefined ? 'in time' : `within ${deadlineMs / 1000} s`
  const message = `${subject(context)} ${context.begun ? 'did not go on' : 'gave no answer'} ${within}`
  return fail(context, 'TIMEOUT', message, { hint: LATER_HINT, retryable: true })
}

function quotaRefusal(
  refusal: HttpRefusal,
  { retryAfterMs = 0 }: CallContext,
  about: string,
  fault: (code: ErrorCode, message: string, facts?: ErrorFacts) => GemdexError,
): GemdexError {
  const quota = readQuota(refusal)
  if (quota.perDay) {
    // The delay that comes with a daily quota is short too: honouring it would try for hours.
    return fault('QUOTA_EXHAUSTED', `The day's quota is used up (${quota.perDay}): ${about}`, {
      quotaLimits: quota.limits,
      hint: 'It is renewed at midnight Pacific time: run the same command again then, and it goes on where it stopped',
    })
  }
  const waitMs = Math.max(retryAfterMs, quota.retryAfterMs ?? 0)
  return fault('RATE_LIMITED', `Google's rate limit was reached: ${about}`, {
    hint: 'Wait a minute and try again, or lower GEMDEX_CONCURRENCY',
    retryable: true,
    quotaLimits: quota.limits,
    ...(waitMs > 0 && { retryAfterMs: waitMs }),
  })
}

/**
 * What of a request the API complains about, as far as it says: a path such as `requests[3].content`, `payload` when the
 * whole is too large, `location` when it is nothing that the request holds.
 */
function fieldAtFault({ status, message, details }: HttpRefusal): string | undefined {
  if (status === 413 || /payload size|too large|can be in one batch/i.test(message)) return 'payload'
  if (/location is not supported|billing/i.test(message)) return 'location'
  const violation = asList(details)
    .flatMap((detail) => (isRecord(detail) ? asList(detail.fieldViolations) : []))
    .flatMap((entry) => (isRecord(entry) ? (asText(entry.field) ?? []) : []))[0]
  // `* BatchEmbedContentsRequest.requests[3].content: explanation`, or `Invalid value at 'requests[3].task_type' (...)`.
  const said = /^\* ?\w+Request\.([\w.[\]]+):/m.exec(message) ?? /\bat '([\w.[\]]+)'/.exec(message)
  return violation ?? said?.[1]
}

/** Classic keys that do not exist draw a 400; keys of the wrong kind a 401; blocked or restricted ones a 403. */
function isKeyRefusal({ status, message, details }: HttpRefusal): boolean {
  if (status === 401 || status === 403) return true
  if (status !== 400) return false
  const named = asList(details).some((detail) => isRecord(detail) && detail.reason === 'API_KEY_INVALID')
  return named || /api key (not valid|expired)/i.test(message)
}

/** The SDK puts URL, status and details around Google's words; they are taken off again. */
function refusalOf(error: GoogleGenerativeAIFetchError, status: number): HttpRefusal {
  const words = error.message.replace(/^.*?: Error fetching from \S+ \[\d+[^\]]*\] ?/s, '')
  const details = error.errorDetails
  const message = details ? words.replace(JSON.stringify(details), '') : words
  return { status, message, details }
}

function isAbort(thrown: unknown): boolean {
  if (thrown instanceof sdk().GoogleGenerativeAIAbortError) return true
  return thrown instanceof Error && thrown.name === 'AbortError'
}

/** The code of the innermost cause that has one, such as ECONNREFUSED. */
function causeCode(thrown: unknown): string {
  let code = ''
  for (let error = thrown; error instanceof Error; error = error.cause) {
    if ('code' in error && typeof error.code === 'string') code = error.code
  }
  return code
}

function subject({ method, modelId }: CallContext): string {
  return modelId === undefined ? method : `${method} with ${modelId}`
}

/** Google's words as an appendix: one line without control characters, not too long. */
function quote(message: string): string {
  const line = message.replace(/[\p{Cc}\p{Cf}\s]+/gu, ' ').trim()
  if (line === '') return ''
  return `: ${line.length > MAX_QUOTE_CHARS ? `${line.slice(0, MAX_QUOTE_CHARS)}…` : line}`
}

function fail({ apiKey }: CallContext, code: ErrorCode, message: string, facts: ErrorFacts): GemdexError {
  const { cause, ...rest } = facts
  return new GemdexError(code, scrub(message, apiKey), {
    ...rest,
    ...(cause !== undefined && { cause: scrubError(cause, apiKey) }),
  })
}
