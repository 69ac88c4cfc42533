import type { z } from 'zod'
import type { AnswerOf, BodyOf, Operation } from './operation.js'
import type { operations } from './operations.js'
import type { askEvents } from './schemas/ask.js'

type Operations = typeof operations
type Name = keyof Operations
type Query<Given extends Name> = Operations[Given] extends { readonly query: infer Schema extends z.ZodType }
  ? z.output<Schema>
  : undefined

export type Answer = AnswerOf<Operations['ask']>
export type Citation = Answer['citations'][number]
export type Hit = Answer['sources'][number]
export type SearchBody = BodyOf<Operations['search']>
export type SearchAnswer = AnswerOf<Operations['search']>
export type Status = AnswerOf<Operations['getStatus']>
export type DocumentSummary = AnswerOf<Operations['getDocument']>
export type DocumentContent = AnswerOf<Operations['getDocumentContent']>
export type CorpusMap = AnswerOf<Operations['getMap']>
export type Duplicates = AnswerOf<Operations['duplicates']>
export type Topics = AnswerOf<Operations['topics']>
export type Gaps = AnswerOf<Operations['gaps']>
export type ClassifyBody = BodyOf<Operations['classify']>
export type Classification = AnswerOf<Operations['classify']>
export type Similarity = AnswerOf<Operations['similarity']>
export type Session = AnswerOf<Operations['getSession']>
export type SessionSummary = AnswerOf<Operations['listSessions']>['sessions'][number]
export type Turn = Session['turns'][number]
export type Job = AnswerOf<Operations['getJob']>
/** `delta` is provisional: `done` carries the final text and status, which replace what was shown. */
export type AskEvent = {
  [Type in keyof typeof askEvents]: { readonly type: Type } & z.output<(typeof askEvents)[Type]>
}[keyof typeof askEvents]

export type ClientOptions = {
  /** Where the service is, such as `http://127.0.0.1:7411`; a path in it is kept. */
  readonly baseUrl: string
  readonly apiKey?: string
  /** In place of the one of the surroundings. */
  readonly fetch?: typeof fetch
}

export type CallOptions = { readonly signal?: AbortSignal }

/** How far work over the whole index is; `total` is 0 where nobody knows. */
export type Progress = { readonly stage: string; readonly done: number; readonly total: number }

/** Told of the progress where somebody wants to know. */
export type SurveyOptions = CallOptions & { readonly onProgress?: (progress: Progress) => void }

/** What went wrong with a call, as the service tells it. `code` is one of its closed list. */
export class GemdexClientError extends Error {
  readonly status: number
  readonly code: string
  readonly hint: string | undefined
  readonly field: string | undefined
  readonly requestId: string | undefined
  /** How long the service asks to wait before another try. */
  readonly retryAfterMs: number | undefined

  constructor(status: number, facts: ErrorFacts, retryAfter: string | null) {
    super(facts.message)
    this.name = 'GemdexClientError'
    this.status = status
    this.code = facts.code
    this.hint = facts.hint
    this.field = facts.field
    this.requestId = facts.requestId
    this.retryAfterMs = retryAfter === null ? undefined : Number(retryAfter) * 1000
  }
}

type ErrorFacts = {
  readonly code: string
  readonly message: string
  readonly hint?: string
  readonly field?: string
  readonly requestId?: string
}

type Body = NonNullable<NonNullable<Parameters<typeof fetch>[1]>['body']>

/** The parts of a request; each operation has some of them. */
type Parts = {
  /** What the path names: an id, or the name of a collection. */
  readonly id?: string
  readonly query?: Readonly<Record<string, unknown>>
  readonly body?: unknown
  readonly bytes?: Uint8Array | Blob
  readonly accept?: string
}

export type GemdexClient = ReturnType<typeof createClient>

/**
 * A client of the HTTP service, for browsers and for Node: it needs `fetch` and nothing else. Its types are those of the schemas
 * that the service checks requests by. Every method throws a GemdexClientError, or what `fetch` throws.
 */
export function createClient({ baseUrl, apiKey, fetch: fetchWith = fetch }: ClientOptions) {
  const base = baseUrl.replace(/\/+$/, '')

  async function send(
    method: Operation['method'],
    path: string,
    { id, query = {}, body, bytes, accept = 'application/json' }: Parts,
    { signal }: CallOptions,
  ): Promise<Response> {
    const given = Object.entries(query).filter(([, value]) => value !== undefined)
    const search = new URLSearchParams(given.map(([name, value]): [string, string] => [name, textOf(value)]))
    const response = await fetchWith(
      `${base}${path.replace(/:\w+/, encodeURIComponent(id ?? ''))}${given.length === 0 ? '' : `?${search}`}`,
      {
        method,
        headers: {
          accept,
          ...(apiKey === undefined ? {} : { authorization: `Bearer ${apiKey}` }),
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        ...(bytes === undefined ? {} : { body: bytes as Body }),
        ...(signal === undefined ? {} : { signal }),
      },
    )
    if (!response.ok) throw await errorOf(response)
    return response
  }

  /** Calls an operation; its method and path are held against the description by their types. */
  async function call<Given extends Name>(
    method: Operations[Given]['method'],
    path: Operations[Given]['path'],
    parts: Parts,
    options: CallOptions = {},
  ): Promise<AnswerOf<Operations[Given]>> {
    const response = await send(method, path, parts, options)
    return (await response.json()) as AnswerOf<Operations[Given]>
  }

  async function* events<Given extends Name>(
    method: Operations[Given]['method'],
    path: Operations[Given]['path'],
    parts: Parts,
    options: CallOptions = {},
  ): AsyncGenerator<{ readonly event: string; readonly data: unknown }> {
    const response = await send(method, path, { ...parts, accept: 'text/event-stream' }, options)
    for await (const { event, data } of readEvents(response)) {
      if (event === 'error')
        throw new GemdexClientError(response.status, (data as { error: ErrorFacts }).error, null)
      yield { event, data }
      if (event === 'done') return
    }
    throw incomplete(response.status)
  }

  /** Calls an operation that may take long: as events where somebody wants to know how far it is. */
  async function survey<Given extends 'duplicates' | 'topics' | 'classify'>(
    method: Operations[Given]['method'],
    path: Operations[Given]['path'],
    parts: Parts,
    { onProgress, ...options }: SurveyOptions = {},
  ): Promise<AnswerOf<Operations[Given]>> {
    if (onProgress === undefined) return call<Given>(method, path, parts, options)
    for await (const { event, data } of events<Given>(method, path, parts, options)) {
      if (event === 'done') return data as AnswerOf<Operations[Given]>
      onProgress(data as Progress)
    }
    throw incomplete(200)
  }

  return {
    search: (body: BodyOf<Operations['search']>, options?: CallOptions) =>
      call<'search'>('POST', '/v1/search', { body }, options),

    suggest: (q: string, query: Omit<Query<'suggest'>, 'q'> = {}, options?: CallOptions) =>
      call<'suggest'>('GET', '/v1/suggest', { query: { q, ...query } }, options),

    /** The whole answer. */
    ask: (body: BodyOf<Operations['ask']>, options?: CallOptions) =>
      call<'ask'>('POST', '/v1/ask', { body }, options),

    /** The same as it is made; ends with `done`, or throws. */
    async *askEvents(body: BodyOf<Operations['ask']>, options?: CallOptions): AsyncGenerator<AskEvent> {
      for await (const { event, data } of events<'ask'>('POST', '/v1/ask', { body }, options)) {
        const value =
          event === 'citation' || event === 'done' ? { [event === 'done' ? 'answer' : event]: data } : data
        yield { type: event, ...(value as object) } as AskEvent
      }
    },

    /** Conversations: questions go on with one by its id in `sessionId`. */
    sessions: {
      list: (query: Partial<Query<'listSessions'>> = {}, options?: CallOptions) =>
        call<'listSessions'>('GET', '/v1/sessions', { query }, options),
      create: (body: BodyOf<Operations['createSession']> = {}, options?: CallOptions) =>
        call<'createSession'>('POST', '/v1/sessions', { body }, options),
      search: (q: string, query: { readonly limit?: number } = {}, options?: CallOptions) =>
        call<'searchSessions'>('GET', '/v1/sessions/search', { query: { q, ...query } }, options),
      get: (id: string, options?: CallOptions) =>
        call<'getSession'>('GET', '/v1/sessions/:id', { id }, options),
      rename: (id: string, title: string, options?: CallOptions) =>
        call<'renameSession'>('PATCH', '/v1/sessions/:id', { id, body: { title } }, options),
      remove: (id: string, options?: CallOptions) =>
        call<'removeSession'>('DELETE', '/v1/sessions/:id', { id }, options),
    },

    documents: {
      list: (query: Partial<Query<'listDocuments'>> = {}, options?: CallOptions) =>
        call<'listDocuments'>('GET', '/v1/documents', { query }, options),
      /** By id, or by its URI where one collection alone has that. */
      get: (id: string, options?: CallOptions) =>
        call<'getDocument'>('GET', '/v1/documents/:id', { id }, options),
      content: (id: string, options?: CallOptions) =>
        call<'getDocumentContent'>('GET', '/v1/documents/:id/content', { id }, options),
      /** Puts a text into the index, in place of what has its URI. */
      push: (body: BodyOf<Operations['pushDocument']>, options?: CallOptions) =>
        call<'pushDocument'>('POST', '/v1/documents', { body }, options),
      /** Puts a file into the index, by its bytes. */
      put: (bytes: Uint8Array | Blob, query: Query<'putDocument'>, options?: CallOptions) =>
        call<'putDocument'>('PUT', '/v1/documents', { bytes, query }, options),
      /** The nearest to a document, or to the passage of a hit, by its id. */
      similar: (id: string, query: Query<'similarDocuments'> = {}, options?: CallOptions) =>
        call<'similarDocuments'>('GET', '/v1/documents/:id/similar', { id, query }, options),
      remove: (id: string, options?: CallOptions) =>
        call<'removeDocument'>('DELETE', '/v1/documents/:id', { id }, options),
    },

    /** Documents and passages that are there more than once, or nearly so, or within others. */
    duplicates: (query: Query<'duplicates'> = {}, options?: SurveyOptions) =>
      survey<'duplicates'>('GET', '/v1/duplicates', { query }, options),
    /** What the documents are about. */
    topics: (query: Query<'topics'> = {}, options?: SurveyOptions) =>
      survey<'topics'>('GET', '/v1/topics', { query }, options),
    /** Questions that the documents did not answer, where the service keeps them. */
    gaps: {
      list: (options?: CallOptions) => call<'gaps'>('GET', '/v1/gaps', {}, options),
      /** Forgets one, or all. */
      forget: (query: Query<'forgetGaps'> = {}, options?: CallOptions) =>
        call<'forgetGaps'>('DELETE', '/v1/gaps', { query }, options),
    },
    /** Labels texts, or the documents of the index. */
    classify: (body: ClassifyBody, options?: SurveyOptions) =>
      survey<'classify'>('POST', '/v1/classify', { body }, options),
    /** How much two texts mean the same. */
    similarity: (texts: readonly [string, string], options?: CallOptions) =>
      call<'similarity'>('POST', '/v1/similarity', { body: { texts } }, options),

    jobs: {
      /** Starts to index a folder of the server. */
      start: (body: BodyOf<Operations['startIndexing']>, options?: CallOptions) =>
        call<'startIndexing'>('POST', '/v1/index', { body }, options),
      list: (query: Partial<Query<'listJobs'>> = {}, options?: CallOptions) =>
        call<'listJobs'>('GET', '/v1/jobs', { query }, options),
      get: (id: string, options?: CallOptions) => call<'getJob'>('GET', '/v1/jobs/:id', { id }, options),
      cancel: (id: string, options?: CallOptions) =>
        call<'cancelJob'>('DELETE', '/v1/jobs/:id', { id }, options),
      /** The job whenever something has changed, up to its end. */
      async *follow(id: string, options?: CallOptions): AsyncGenerator<Job> {
        for await (const { data } of events<'getJob'>('GET', '/v1/jobs/:id', { id }, options))
          yield data as Job
      },
    },

    map: (query: Query<'getMap'> = {}, options?: CallOptions) =>
      call<'getMap'>('GET', '/v1/map', { query }, options),
    collections: (options?: CallOptions) => call<'listCollections'>('GET', '/v1/collections', {}, options),
    /** Removes a collection, or what lies below a folder of it. */
    removeCollection: (name: string, query: Query<'removeCollection'> = {}, options?: CallOptions) =>
      call<'removeCollection'>('DELETE', '/v1/collections/:name', { id: name, query }, options),
    status: (options?: CallOptions) => call<'getStatus'>('GET', '/v1/status', {}, options),
    models: (query: Partial<Query<'listModels'>> = {}, options?: CallOptions) =>
      call<'listModels'>('GET', '/v1/models', { query }, options),
    embed: (body: BodyOf<Operations['embed']>, options?: CallOptions) =>
      call<'embed'>('POST', '/v1/embeddings', { body }, options),
  }
}

function incomplete(status: number): GemdexClientError {
  const message = 'The stream ended before its last event'
  return new GemdexClientError(status, { code: 'INCOMPLETE', message }, null)
}

function textOf(value: unknown): string {
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}

async function errorOf(response: Response): Promise<GemdexClientError> {
  const text = await response.text()
  let facts: ErrorFacts | undefined
  try {
    facts = (JSON.parse(text) as { error?: ErrorFacts }).error
  } catch {
    // Of a proxy in between, perhaps.
  }
  const unknown = { code: 'UNKNOWN', message: `The service answered with status ${response.status}` }
  return new GemdexClientError(response.status, facts ?? unknown, response.headers.get('retry-after'))
}

/** Server-sent events with a name and one line of JSON, as the service sends them. */
async function* readEvents(
  response: Response,
): AsyncGenerator<{ readonly event: string; readonly data: unknown }> {
  if (response.body === null) return
  const reader = response.body.getReader()
  const decoder = new TextDecoder()
  let text = ''
  try {
    for (;;) {
      const { done, value } = await reader.read()
      text += decoder.decode(value, { stream: !done })
      for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
        const lines = text.slice(0, end).split('\n')
        text = text.slice(end + 2)
        const fieldOf = (name: string) =>
          lines.find((line) => line.startsWith(`${name}: `))?.slice(name.length + 2)
        const [event, data] = [fieldOf('event'), fieldOf('data')]
        if (event !== undefined && data !== undefined) yield { event, data: JSON.parse(data) as unknown }
      }
      if (done) return
    }
  } finally {
    await reader.cancel().catch(() => undefined)
  }
}
