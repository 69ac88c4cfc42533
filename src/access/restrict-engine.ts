import type { Corpus } from '../corpus/create-corpus.js'
import type { AskOptions, CollectionState, IndexStatus, SearchEngine } from '../engine.js'
import { GemdexError } from '../errors.js'
import { PUSHED_COLLECTION } from '../ingest/push-document.js'
import type { Job, JobRequest } from '../jobs/job-store.js'
import type { Sessions } from '../sessions/sessions.js'
import type { Rights } from '../types.js'
import { hasScope, reaches } from './rights.js'

/** The jobs that somebody may see: their own, or all of them with the scope `admin`. */
export type JobsView = {
  start(request: JobRequest): Promise<Job>
  get(id: string): Promise<Job>
  list(limit: number): Promise<Job[]>
  cancel(id: string): Promise<Job>
  follow(id: string, signal?: AbortSignal): AsyncIterable<Job>
}

/** The conversations of somebody. */
export type SessionsView = {
  list(page: { readonly limit: number; readonly after?: string }): ReturnType<Sessions['list']>
  get(id: string): ReturnType<Sessions['get']>
  create(title?: string): ReturnType<Sessions['create']>
  rename(id: string, title: string): Promise<void>
  remove(id: string): Promise<void>
  search(request: Omit<Parameters<Sessions['search']>[0], 'owner'>): ReturnType<Sessions['search']>
}

/** The state of an index without what lies where on the machine; sizes and sums of the whole only for who may see it. */
export type ClientStatus = Omit<
  IndexStatus,
  'db' | 'collections' | 'sizeBytes' | 'walBytes' | 'usage' | 'gaps' | 'otherVectors'
> &
  Partial<Pick<IndexStatus, 'sizeBytes' | 'usage' | 'gaps'>> & {
    readonly collections: readonly Omit<CollectionState, 'root'>[]
  }

/** What clients can do with an engine. */
export type EngineView = Pick<
  SearchEngine,
  | 'search'
  | 'similar'
  | 'map'
  | keyof Corpus
  | 'suggest'
  | 'ask'
  | 'answer'
  | 'embed'
  | 'models'
  | 'modelsInUse'
  | 'listDocuments'
  | 'push'
  | 'removePart'
  | 'gaps'
  | 'forgetGaps'
> & {
  status(): Promise<ClientStatus>
  getDocument(reference: string): ReturnType<SearchEngine['getDocument']>
  getPassage(id: string): ReturnType<SearchEngine['getPassage']>
  removeDocument(reference: string): ReturnType<SearchEngine['removeDocument']>
  readonly jobs: JobsView
  readonly sessions: SessionsView
}

/**
 * An engine as somebody with these rights sees it: what lies in other collections, and the jobs and conversations of others, is
 * not there, in the same words as what does not exist. Which methods may be called at all is for the scopes to say, before.
 */
export function restrictEngine(engine: SearchEngine, rights: Rights): EngineView {
  const { collections, owner } = rights
  const reach = collections && { collections }
  return {
    embed: (request) => engine.embed(request),
    models: (options) => engine.models(options),
    modelsInUse: () => engine.modelsInUse(),
    search: (request) => engine.search({ ...request, ...reach }),
    similar: (reference, options = {}) => engine.similar(reference, { ...options, ...reach }),
    map: (request = {}) => engine.map({ ...request, ...reach }),
    duplicates: (request = {}) => engine.duplicates({ ...request, ...reach }),
    async topics(request = {}) {
      if (request.role !== undefined && request.dryRun !== true) requireWrite(rights, 'make vectors', 'role')
      return engine.topics({ ...request, ...reach })
    },
    async classify(request) {
      if (request.save !== undefined) requireWrite(rights, 'keep labels', 'save')
      return engine.classify({ ...request, ...reach })
    },
    similarity: (request) => engine.similarity(request),
    async gaps(run) {
      requireAll(rights)
      return engine.gaps(run)
    },
    async forgetGaps(question) {
      requireAll(rights)
      return engine.forgetGaps(question)
    },
    suggest: (typed, options = {}) => engine.suggest(typed, { ...options, ...reach }),
    ask: (question, options: AskOptions = {}) => engine.ask(question, { ...options, ...reach, owner }),
    answer: (question, options: AskOptions = {}) => engine.answer(question, { ...options, ...reach, owner }),
    listDocuments: (filter) => engine.listDocuments({ ...filter, ...reach }),
    getDocument: (reference) => engine.getDocument(reference, reach),
    getPassage: (id) => engine.getPassage(id, reach),
    removeDocument: (reference) => engine.removeDocument(reference, reach),
    removePart: (request) => engine.removePart({ ...request, ...reach }),
    async push(request) {
      requireReach(rights, request.collection ?? PUSHED_COLLECTION)
      return engine.push(request)
    },
    status: () => statusWithin(engine, collections),
    jobs: restrictJobs(engine, rights),
    sessions: restrictSessions(engine, owner),
  }
}

/** For what an operation that only reads may do besides: it costs, and changes the index. */
function requireWrite(rights: Rights, what: string, field: string): void {
  if (hasScope(rights, 'write')) return
  throw new GemdexError('FORBIDDEN', `This key may not ${what}: that needs the scope write`, { field })
}

async function statusWithin(
  engine: SearchEngine,
  reach: readonly string[] | undefined,
): Promise<ClientStatus> {
  const {
    db: _,
    collections: all,
    sizeBytes,
    walBytes: __,
    otherVectors: ___,
    usage,
    gaps,
    ...status
  } = await engine.status()
  const named = all.map(({ root: _root, ...collection }) => collection)
  if (reach === undefined) return { ...status, collections: named, sizeBytes, usage, gaps }
  const collections = named.filter(({ name }) => reach.includes(name))
  const sum = (field: 'documents' | 'chunks' | 'embedded') =>
    collections.reduce((total, collection) => total + collection[field], 0)
  const skipped: Record<string, number> = {}
  for (const { collection, code, part } of await engine.listLeftOut()) {
    if (part === undefined && reach.includes(collection)) skipped[code] = (skipped[code] ?? 0) + 1
  }
  const chunks = sum('chunks')
  const counts = { documents: sum('documents'), chunks, embedded: sum('embedded'), expected: chunks }
  return { ...status, ...counts, skipped, collections }
}

/** Conversations are private: unlike jobs, they are not shown to the scope `admin`. */
function restrictSessions({ sessions }: SearchEngine, owner: Rights['owner']): SessionsView {
  return {
    list: (page) => sessions.list({ ...page, owner }),
    get: (id) => sessions.get(id, { owner }),
    create: (title) => sessions.create(title, { owner }),
    rename: (id, title) => sessions.rename(id, title, { owner }),
    remove: (id) => sessions.remove(id, { owner }),
    search: (request) => sessions.search({ ...request, owner }),
  }
}

function restrictJobs({ jobs }: SearchEngine, rights: Rights): JobsView {
  const mayHave = (job: Job) => hasScope(rights, 'admin') || job.owner === rights.owner
  const find = async (id: string) => {
    const job = await jobs.get(id)
    if (!mayHave(job)) throw new GemdexError('NOT_FOUND', 'There is no job of this id')
    return job
  }
  return {
    async start(request) {
      // Without a name the folder's own is taken, which may be that of any collection.
      if (rights.collections !== undefined) requireReach(rights, request.collection)
      return jobs.start(request, rights.owner)
    },
    get: find,
    list: async (limit) => (await jobs.list(limit)).filter(mayHave),
    async cancel(id) {
      await find(id)
      return jobs.cancel(id)
    },
    async *follow(id, signal) {
      await find(id)
      yield* jobs.follow(id, signal)
    },
  }
}

/** Questions are about all collections. Throws FORBIDDEN. */
function requireAll({ collections }: Rights): void {
  if (collections === undefined) return
  throw new GemdexError('FORBIDDEN', 'Questions are about the whole index: this key reaches parts of it only')
}

/** Throws FORBIDDEN, whether there is such a collection or not. */
function requireReach(rights: Rights, collection: string | undefined): void {
  if (collection !== undefined && reaches(rights, collection)) return
  throw new GemdexError('FORBIDDEN', 'This key may not write to that collection', {
    hint: `Name one that it reaches: ${(rights.collections ?? []).join(', ')}.`,
    field: 'collection',
  })
}
