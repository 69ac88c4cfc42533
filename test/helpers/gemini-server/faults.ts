import { ApiError, invalidKey, modelNotFound, permissionDenied } from './errors.js'

/** A method of the API; `models` stands for both the list and a single model. */
export type Action =
  | 'models'
  | 'embedContent'
  | 'batchEmbedContents'
  | 'generateContent'
  | 'streamGenerateContent'
  | 'countTokens'

/** What a fault can know of the request that it answers. */
export interface FaultTarget {
  readonly action: Action | undefined
  readonly model: string | undefined
  readonly body: unknown
}

/** Answers with this status; the body is text, or JSON, or made for the request. */
export interface StatusFault {
  readonly status: number
  readonly body?: string | object | ((target: FaultTarget) => object)
  readonly headers?: Readonly<Record<string, string>>
  /** Default: `application/json; charset=UTF-8`. */
  readonly contentType?: string
}

/** Breaks the transport. */
export interface TransportFault {
  readonly transport: 'hang' | 'headersThenSilence' | 'dropConnection' | 'cutBody'
}

/**
 * Takes the right vectors and returns what to send instead: an array is sent as `{values: array}`, null as null,
 * undefined as `{}`; any other value goes out as it is.
 */
export type EmbeddingMutation = (vectors: readonly (readonly number[])[]) => readonly unknown[]

/** Spoils the vectors of an otherwise good answer. */
export interface EmbeddingFault {
  readonly mutate: EmbeddingMutation
}

/** Anything that `failNext` takes. */
export type Fault = StatusFault | TransportFault | EmbeddingFault

/** Which requests a fault hits. */
export type FaultMatch = Action | readonly Action[] | ((target: FaultTarget) => boolean)

/** How often and where a fault strikes. */
export interface FaultOptions {
  /** Default 1; may be Infinity. */
  readonly times?: number
  /** Default: every request (for spoilt vectors: every embedding request). */
  readonly match?: FaultMatch
}

/** The faults to come, oldest first. */
export class FaultQueue {
  private waiting: { fault: Fault; times: number; match: FaultMatch | undefined }[] = []

  add(fault: Fault, { times = 1, match }: FaultOptions = {}): void {
    this.waiting.push({ fault, times, match })
  }

  /** The oldest fault that fits the request; it counts as used. */
  take(target: FaultTarget): Fault | undefined {
    const entry = this.waiting.find(
      ({ fault, match }) => isEmbeddingAnswer(fault, target) && matches(match, target),
    )
    if (!entry) return undefined
    entry.times -= 1
    if (entry.times <= 0) this.waiting = this.waiting.filter((other) => other !== entry)
    return entry.fault
  }

  clear(): void {
    this.waiting = []
  }
}

function isEmbeddingAnswer(fault: Fault, { action }: FaultTarget): boolean {
  return !('mutate' in fault) || action === 'embedContent' || action === 'batchEmbedContents'
}

function matches(match: FaultMatch | undefined, target: FaultTarget): boolean {
  if (match === undefined) return true
  if (typeof match === 'function') return match(target)
  return [match].flat().some((action) => action === target.action)
}

function answering(error: ApiError): StatusFault {
  return { status: error.code, body: error.envelope() }
}

/** The usual ways in which the API and the network in front of it fail. */
export const faults = {
  /** 429 with Help, QuotaFailure and RetryInfo. Like the API, it suggests a short delay for daily quotas too. */
  rateLimited({
    perDay = false,
    retryDelaySeconds = 37,
  }: {
    perDay?: boolean
    retryDelaySeconds?: number
  } = {}) {
    return {
      status: 429,
      body: (target: FaultTarget) => quotaExceeded(target, perDay, retryDelaySeconds).envelope(),
    } satisfies StatusFault
  },
  /** 429 without details. */
  bareRateLimit: () => answering(new ApiError(429, 'Resource has been exhausted (e.g. check quota).')),
  /** 503. */
  unavailable: () =>
    answering(
      new ApiError(
        503,
        'This model is currently experiencing high demand. Spikes in demand are usually temporary. Please try again later.',
      ),
    ),
  /** 500. */
  internal: () => answering(new ApiError(500, 'An internal error has occurred. Please retry or report.')),
  /** 504. */
  deadline: () => answering(new ApiError(504, 'Deadline expired before operation could complete.')),
  /** 400 API_KEY_INVALID, whatever key was sent. */
  invalidKey: () => answering(invalidKey()),
  /** 403: the API is disabled for the key's project. */
  permissionDenied: () => answering(permissionDenied()),
  /** 404 for the model of the request. */
  modelNotFound: (): StatusFault => ({
    status: 404,
    body: ({ model = 'unknown', action = 'models' }) => modelNotFound(model, action).envelope(),
  }),
  /** A page of a proxy or front end; give 200 for a captive portal. */
  htmlPage: (status = 502): StatusFault => ({
    status,
    contentType: 'text/html; charset=UTF-8',
    body: htmlPage(status, 'The server encountered a temporary error and could not complete your request.'),
  }),
  /** 200 with nothing in it. */
  emptyBody: (): StatusFault => ({ status: 200, body: '' }),
  /** 200 with JSON that breaks off, though the transport is sound. */
  brokenJson: (): StatusFault => ({ status: 200, body: '{"embeddings": [{"values": [0.0131, -0.0' }),
  /** Accepts the request and never answers. */
  hang: (): TransportFault => ({ transport: 'hang' }),
  /** Sends the headers of a success and then nothing. */
  headersThenSilence: (): TransportFault => ({ transport: 'headersThenSilence' }),
  /** Closes the connection without an answer. */
  dropConnection: (): TransportFault => ({ transport: 'dropConnection' }),
  /** Sends half of the right answer and closes the connection. */
  cutBody: (): TransportFault => ({ transport: 'cutBody' }),
  /** Spoils the vectors of an embedding answer; see `mutations` for the usual ways. */
  mutateEmbeddings: (mutate: EmbeddingMutation): EmbeddingFault => ({ mutate }),
} as const

/** Wrong vectors that were seen in the wild, for `faults.mutateEmbeddings`. */
export const mutations = {
  /** The last vector is missing. */
  fewer: (vectors) => vectors.slice(0, -1),
  /** One vector too many. */
  more: (vectors) => [...vectors, ...vectors.slice(-1)],
  /** No vectors at all. */
  none: () => [],
  /** All texts in one vector. */
  fused: (vectors) => vectors.slice(0, 1),
  /** null for the first embedding. */
  nullEmbedding: (vectors) => vectors.map((vector, index) => (index === 0 ? null : vector)),
  /** The first embedding has no values. */
  noValues: (vectors) => vectors.map((vector, index) => (index === 0 ? undefined : vector)),
  /** null among the values of the first vector. */
  nullValue: replaceFirstValue(null),
  /** "NaN", as proto3 JSON writes it. */
  nanString: replaceFirstValue('NaN'),
  /** Finite as a double, infinite as a 32-bit float. */
  huge: replaceFirstValue(1e39),
  /** The first vector is zero. */
  zero: (vectors) => vectors.map((vector, index) => (index === 0 ? vector.map(() => 0) : vector)),
  /** The first vector lacks its last value. */
  wrongLength: (vectors) => vectors.map((vector, index) => (index === 0 ? vector.slice(0, -1) : vector)),
} as const satisfies Readonly<Record<string, EmbeddingMutation>>

function replaceFirstValue(value: unknown): EmbeddingMutation {
  return (vectors) => vectors.map((vector, index) => (index === 0 ? [value, ...vector.slice(1)] : vector))
}

function quotaExceeded(
  { action, model = 'unknown' }: FaultTarget,
  perDay: boolean,
  seconds: number,
): ApiError {
  const embeds = action === 'embedContent' || action === 'batchEmbedContents'
  const quotaMetric = `generativelanguage.googleapis.com/${embeds ? 'embed_content' : 'generate_content'}_free_tier_requests`
  const quotaId = `${embeds ? 'EmbedContent' : 'Generate'}Requests${perDay ? 'PerDay' : 'PerMinute'}${
    embeds ? 'PerUser' : ''
  }PerProjectPerModel-FreeTier`
  const quotaValue = perDay ? '1000' : '100'
  const exactSeconds = Number.isInteger(seconds) ? seconds + 0.482713951 : seconds
  const message =
    'You exceeded your current quota, please check your plan and billing details. For more information on this ' +
    'error, head over to: https://ai.google.dev/gemini-api/docs/rate-limits.\n' +
    `* Quota exceeded for metric: ${quotaMetric}, limit: ${quotaValue}, model: ${model}\n` +
    `Please retry in ${exactSeconds}s.`
  const url = 'https://ai.google.dev/gemini-api/docs/rate-limits'
  const quotaDimensions = { location: 'global', model }
  return new ApiError(429, message, [
    {
      '@type': 'type.googleapis.com/google.rpc.Help',
      links: [{ description: 'Learn more about quotas', url }],
    },
    {
      '@type': 'type.googleapis.com/google.rpc.QuotaFailure',
      violations: [{ quotaMetric, quotaId, quotaDimensions, quotaValue }],
    },
    { '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: `${seconds}s` },
  ])
}

/** A page as Google's front end writes it. */
export function htmlPage(status: number, text: string): string {
  return (
    `<!DOCTYPE html>\n<html lang=en>\n<meta charset=utf-8>\n<title>Error ${status}</title>\n` +
    `<p><b>${status}.</b> <ins>That’s an error.</ins>\n<p>${text}\n`
  )
}
