import type {
  GenerateContentRequest,
  GenerateContentStreamResult,
  GenerativeModel,
} from '@google/generative-ai'
import { GemdexError, throwIfAborted } from '../errors.js'
import { type CallScope, openCallScope } from './call-scope.js'
import {
  badResponse,
  type CallContext,
  convertError,
  convertErrorBody,
  convertRefusal,
} from './convert-error.js'
import { asList, asText, isRecord } from './is-record.js'
import type { EmbedEntry } from './role-wording.js'
import { sdk } from './sdk.js'
import { beginWithFetch, watchFetch } from './watch-fetch.js'

export type GeminiClientOptions = {
  /** Opaque: Google's keys have changed their form before. */
  readonly apiKey: string
  /** Where the API is, without its version. Default Google's own address. */
  readonly baseUrl?: string
  /** Default the global one. */
  readonly fetch?: typeof fetch
}

export type CallOptions = { readonly signal?: AbortSignal | undefined; readonly deadlineMs: number }

export type StreamOptions = {
  readonly signal?: AbortSignal | undefined
  /** Until the first chunk is there. */
  readonly deadlineMs: number
  /** Between one chunk and the next. */
  readonly idleMs: number
}

/**
 * Google's API with what the SDK lacks: deadlines, cancelling and one kind of error. Every method throws GemdexErrors
 * only (see `convert-error.ts`), makes one attempt, and ends its HTTP call when the signal aborts, the deadline passes, or more
 * than 32 MB have come.
 * Answers are given as they came, since the SDK checks nothing: whoever asked reads them with care.
 */
export type GeminiClient = {
  /** The answer's list of embeddings, whatever is in it. */
  batchEmbedContents(
    modelId: string,
    entries: readonly EmbedEntry[],
    options: CallOptions,
  ): Promise<readonly unknown[]>
  generateContent(modelId: string, request: GenerateContentRequest, options: CallOptions): Promise<unknown>
  /** The chunks as they come. Leaving the loop early ends the HTTP call. */
  streamGenerateContent(
    modelId: string,
    request: GenerateContentRequest,
    options: StreamOptions,
  ): AsyncGenerator<unknown, void, undefined>
  /** A GET under `/v1beta/`, for what the SDK does not have; `method` names it in errors. */
  get(
    path: string,
    query: Readonly<Record<string, string>>,
    options: CallOptions & { method: string },
  ): Promise<unknown>
}

export const BASE_URL = 'https://generativelanguage.googleapis.com'
const API_VERSION = 'v1beta'

/** Makes the client. Throws KEY_MISSING, KEY_REFUSED or BAD_CONFIG for a key or address that cannot be one. */
export function createGeminiClient(options: GeminiClientOptions): GeminiClient {
  const apiKey = checkKey(options.apiKey)
  const baseUrl = checkBaseUrl(options.baseUrl ?? BASE_URL)
  const google = new (sdk().GoogleGenerativeAI)(apiKey)
  const modelOf = (modelId: string) =>
    google.getGenerativeModel({ model: modelId }, { baseUrl, apiVersion: API_VERSION })
  const fetchIn = (scope: CallScope) => watchFetch(options.fetch ?? globalThis.fetch, scope)

  return {
    async batchEmbedContents(modelId, entries, call) {
      const context = { apiKey, modelId, method: 'batchEmbedContents' }
      const answer = await runCall(context, call, (scope) => {
        // The SDK's type lacks outputDimensionality and the newer task types; its code passes both on.
        const request = { requests: entries } as unknown as Parameters<
          GenerativeModel['batchEmbedContents']
        >[0]
        const begin = () => modelOf(modelId).batchEmbedContents(request, { signal: scope.signal })
        return beginWithFetch(fetchIn(scope), begin)
      })
      return asList(readAnswer(answer, context).embeddings)
    },

    async generateContent(modelId, request, call) {
      const context = { apiKey, modelId, method: 'generateContent' }
      const answer = await runCall(context, call, async (scope) => {
        const begin = () => modelOf(modelId).generateContent(request, { signal: scope.signal })
        return (await beginWithFetch(fetchIn(scope), begin)).response
      })
      return readAnswer(answer, context)
    },

    streamGenerateContent: (modelId, request, call) =>
      stream({ apiKey, modelId, method: 'streamGenerateContent' }, call, (scope) => {
        const begin = () => modelOf(modelId).generateContentStream(request, { signal: scope.signal })
        return beginWithFetch(fetchIn(scope), begin)
      }),

    async get(path, query, { method, ...call }) {
      const url = new URL(`${baseUrl}/${API_VERSION}/${path}`)
      for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value)
      const context = { apiKey, method }
      const answer = await runCall(context, call, (scope) => {
        // A redirect would carry the key to another host.
        const init = {
          headers: { 'x-goog-api-key': apiKey },
          redirect: 'error',
          signal: scope.signal,
        } as const
        return getJson(fetchIn(scope), url, init, context)
      })
      return readAnswer(answer, context)
    },
  }
}

/** Runs one call within its deadline and converts what it throws. */
async function runCall<T>(
  context: CallContext,
  { signal, deadlineMs }: CallOptions,
  call: (scope: CallScope) => Promise<T>,
): Promise<T> {
  throwIfAborted(signal)
  const scope = openCallScope(signal)
  scope.arm(deadlineMs)
  try {
    return await call(scope)
  } catch (thrown) {
    throw convertError(thrown, { ...context, ...scope.facts, deadlineMs, ended: scope.ended })
  } finally {
    scope.close()
  }
}

async function* stream(
  context: CallContext,
  { signal, deadlineMs, idleMs }: StreamOptions,
  begin: (scope: CallScope) => Promise<GenerateContentStreamResult>,
): AsyncGenerator<unknown, void, undefined> {
  throwIfAborted(signal)
  const scope = openCallScope(signal)
  let begun = false
  try {
    scope.arm(deadlineMs)
    const result = await begin(scope)
    // It fails together with the stream, and nobody else looks at it: an unhandled rejection would end the process.
    result.response.catch(() => undefined)
    for (;;) {
      const next = await result.stream.next()
      // The clock stands still while the reader works on a chunk.
      scope.disarm()
      if (next.done) return
      begun = true
      yield readAnswer(next.value, context)
      throwIfAborted(signal)
      scope.arm(idleMs)
    }
  } catch (thrown) {
    throw convertError(thrown, {
      ...context,
      ...scope.facts,
      begun,
      deadlineMs: begun ? idleMs : deadlineMs,
      ended: scope.ended,
    })
  } finally {
    // Reached by an early return of the reader too; ends the HTTP call if it still runs.
    scope.close()
  }
}

async function getJson(
  send: typeof fetch,
  url: URL,
  init: RequestInit,
  context: CallContext,
): Promise<unknown> {
  const response = await send(url, init)
  const text = await response.text()
  if (response.ok) return JSON.parse(text)
  const body = parseOrNothing(text)
  const error = isRecord(body) && isRecord(body.error) ? body.error : {}
  throw convertRefusal(
    { status: response.status, message: asText(error.message) ?? '', details: error.details },
    context,
  )
}

function parseOrNothing(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** An answer with status 200 may still be an error, or no object at all. */
function readAnswer(answer: unknown, context: CallContext): Readonly<Record<string, unknown>> {
  if (!isRecord(answer)) throw badResponse('it is no JSON object', context)
  if (answer.error !== undefined) throw convertErrorBody(answer.error, context)
  return answer
}

function checkKey(apiKey: string): string {
  const key = apiKey.trim()
  const hint = 'Set GOOGLE_API_KEY (or GEMINI_API_KEY); a key is made at https://aistudio.google.com/apikey'
  if (key === '') throw new GemdexError('KEY_MISSING', 'There is no API key for Gemini', { hint })
  // Such a key cannot be sent in a header, and fetch would print it in its complaint.
  if (/[^\x21-\x7e]/.test(key)) {
    throw new GemdexError(
      'KEY_REFUSED',
      'The API key for Gemini holds spaces or characters that no key has',
      { hint },
    )
  }
  return key
}

function checkBaseUrl(baseUrl: string): string {
  if (URL.canParse(baseUrl) && /^https?:$/.test(new URL(baseUrl).protocol)) return baseUrl.replace(/\/+$/, '')
  throw new GemdexError('BAD_CONFIG', `${JSON.stringify(baseUrl)} is not the address of an API`, {
    hint: 'Set GEMINI_BASE_URL to something like https://generativelanguage.googleapis.com',
  })
}
