import type { AnswerEvent, Job, KeyRing, ModelsInUse, SearchEngine } from '../../src/engine.js'
import type { Answer, DocumentSummary, Hit, SearchResult, Session, WholeDocument } from '../../src/types.js'

export const hit: Hit = {
  id: '0123456789abcdef-2',
  documentId: '0123456789abcdef',
  score: 0.032787,
  relevance: 0.8123,
  title: 'Onboarding',
  uri: 'handbook/onboarding.md',
  collection: 'handbook',
  location: { kind: 'lines', start: 12, end: 18, heading: 'First week' },
  snippet: 'A laptop is ordered two weeks before the first day.',
  highlights: [[2, 8]],
  metadata: { author: 'Ines' },
}

export const summary: DocumentSummary = {
  id: '0123456789abcdef',
  collection: 'handbook',
  uri: 'handbook/onboarding.md',
  fileUri: 'handbook/onboarding.md',
  title: 'Onboarding',
  type: 'text/markdown',
  metadata: { author: 'Ines' },
  sizeBytes: 2048,
  contentHash: 'ab'.repeat(32),
  modifiedMs: 1_700_000_000_000,
  dateMs: 1_650_000_000_000,
  indexedMs: 1_700_000_100_000,
  embedded: 4,
  expected: 4,
}

export const document: WholeDocument = {
  ...summary,
  text: '# Onboarding\n\nA laptop is ordered.',
  blocks: [
    {
      kind: 'heading',
      start: 0,
      end: 12,
      level: 1,
      heading: 'Onboarding',
      location: { kind: 'lines', start: 1, end: 1 },
    },
    { kind: 'text', start: 14, end: 34, location: { kind: 'lines', start: 3, end: 3 } },
  ],
  passages: [
    {
      id: `${summary.id}-0`,
      start: 0,
      end: 34,
      headings: ['Onboarding'],
      location: { kind: 'lines', start: 1, end: 3 },
    },
  ],
}

export const searchResult: SearchResult = { query: 'laptop', mode: 'hybrid', tookMs: 3.2, hits: [hit] }

export const answer: Answer = {
  status: 'answered',
  answer: 'Two weeks before the first day [1].',
  citations: [
    {
      marker: 1,
      hitId: hit.id,
      documentId: hit.documentId,
      title: hit.title,
      uri: hit.uri,
      location: hit.location,
      quote: hit.snippet,
      verified: true,
      start: 0,
      end: 35,
    },
  ],
  unsupported: [],
  sources: [hit],
  standaloneQuestion: 'When is the laptop ordered?',
  sessionId: null,
  model: 'gemini-3.8-flash',
  finishReason: 'STOP',
}

export const events: readonly AnswerEvent[] = [
  { type: 'sources', sources: [hit], standaloneQuestion: answer.standaloneQuestion },
  { type: 'delta', text: 'Two weeks before\n' },
  { type: 'delta', text: 'the first day [1].\u2028' },
  ...answer.citations.map((citation) => ({ type: 'citation', citation }) as const),
  { type: 'done', answer },
]

export const job: Job = {
  id: '5b0c8c1e-0000-4000-8000-000000000001',
  owner: null,
  state: 'running',
  request: { path: '/home/ines/handbook', collection: 'handbook' },
  progress: {
    files: 9,
    toRead: 4,
    indexed: 2,
    skipped: 1,
    embedded: 12,
    pictures: 0,
    tokens: 3400,
    priceUsd: 0,
  },
  createdMs: 1_700_000_200_000,
  startedMs: 1_700_000_200_100,
}

export const modelsInUse: ModelsInUse = {
  embedder: { provider: 'local', modelId: 'hashed-words', dimensions: 512, roles: 'lexical/1' },
  provider: 'local',
  generator: 'extractive',
}

const unused = () => Promise.reject(new Error('no route calls this'))

/** No keys: everybody may do everything. */
export const noKeys: KeyRing = {
  isInUse: async () => false,
  find: async () => undefined,
  add: unused,
  make: () => {
    throw new Error('no route calls this')
  },
  list: async () => [],
  revoke: unused,
  forget: unused,
}

export const fakeJobs: SearchEngine['jobs'] = {
  start: async () => ({ ...job, state: 'queued' }),
  get: async () => job,
  list: async () => [job],
  cancel: async () => ({ ...job, state: 'cancelled' }),
  async *follow() {
    yield job
    yield { ...job, state: 'done' }
  },
  resume: unused,
  close: unused,
}

export const session: Session = {
  id: '7f0c6c1e-3a52-4d3b-9d1e-0c1b5a9f2e11',
  title: 'When is the laptop ordered?',
  createdMs: 1_700_000_200_000,
  updatedMs: 1_700_000_300_000,
  turns: [
    {
      ordinal: 1,
      createdMs: 1_700_000_300_000,
      question: 'When is the laptop ordered?',
      standaloneQuestion: 'When is the laptop ordered?',
      status: 'answered',
      answer: answer.answer,
      citations: answer.citations,
      unsupported: [],
      sources: [],
      model: answer.model,
    },
  ],
}

/** Conversations of constants. */
export const sessions: SearchEngine['sessions'] = {
  list: async () => ({ items: [{ ...session, turns: 1 }], total: 3, next: session.id }),
  get: async () => session,
  create: async (title) => ({ ...session, title: title ?? '', turns: [] }),
  rename: async () => {},
  remove: async () => {},
  search: async () => ({ turns: [] }),
  embed: unused,
}

export type EngineCall = { readonly method: keyof SearchEngine; readonly args: readonly unknown[] }

/** An engine of constants that remembers how it was called; `overrides` replaces single methods. */
export function fakeEngine(
  overrides: Partial<SearchEngine> = {},
): SearchEngine & { readonly calls: EngineCall[] } {
  const calls: EngineCall[] = []
  const engine: SearchEngine = {
    keys: noKeys,
    jobs: fakeJobs,
    index: unused,
    forecast: unused,
    watch: unused,
    close: unused,
    embed: async ({ inputs }) => ({
      model: 'hashed-words',
      dimensions: 2,
      vectors: inputs.map(() => Float32Array.of(0.6, -0.8)),
    }),
    push: async () => ({ documents: [summary], notices: [] }),
    evaluate: unused,
    chat: () => {
      throw new Error('no route calls this')
    },
    sessions,
    search: async () => searchResult,
    similar: async () => ({ documentId: summary.id, title: summary.title, hits: [hit] }),
    map: async () => ({
      state: 'ready',
      projection: 'pca',
      total: 1,
      points: [
        {
          documentId: summary.id,
          title: summary.title,
          uri: summary.uri,
          collection: summary.collection,
          type: summary.type,
          x: 0,
          y: 0,
        },
      ],
    }),
    duplicates: async () => ({ documents: 1, passages: 4, total: 0, groups: [] }),
    topics: async () => ({
      by: 'terms',
      documents: 1,
      topics: [],
      candidates: [],
      outliers: [],
      outlierCount: 0,
      sent: { texts: 0, tokens: 0, priceUsd: 0 },
    }),
    classify: async () => ({
      by: 'terms',
      items: [],
      calibrated: false,
      sent: { texts: 0, tokens: 0, priceUsd: 0 },
    }),
    gaps: async () => ({ keeping: false, questions: 0, asked: 0, topics: [] }),
    forgetGaps: async () => 0,
    similarity: async () => ({ similarity: 0.5, relevance: 0.53, by: 'terms', model: 'hashed-words' }),
    suggest: async () => [{ text: 'Onboarding', kind: 'title' }],
    async *ask() {
      yield* events
    },
    answer: async () => answer,
    models: async () => [
      { id: 'gemini-3.8-flash', methods: ['generateContent', 'countTokens'], inputTokenLimit: 1_048_576 },
      { id: 'gemini-embedding-001', methods: ['embedContent'] },
    ],
    modelsInUse: async () => modelsInUse,
    status: async () => ({
      db: '/home/ines/.gemdex/index.db',
      documents: 1,
      chunks: 4,
      embedded: 4,
      expected: 4,
      skipped: { BINARY: 2 },
      sizeBytes: 90_112,
      walBytes: 4_096,
      otherVectors: [],
      versions: { sqlite: '3.50.4' },
      ...modelsInUse,
      collections: [{ name: 'handbook', root: '/home/ines/handbook', documents: 1, chunks: 4, embedded: 4 }],
      usage: [],
      gaps: { keeping: false, questions: 0 },
    }),
    listLeftOut: async () => [],
    listDocuments: async () => ({ items: [summary], total: 3, next: summary.id }),
    getDocument: async () => document,
    getPassage: unused,
    removeDocument: async () => summary,
    findFolder: unused,
    removePart: async ({ collection, folder }) => ({
      collection,
      ...(folder === undefined ? {} : { folder }),
      documents: 1,
      chunks: 4,
    }),
    compact: unused,
    migrate: unused,
    forecastMigration: unused,
    dropOtherVectors: unused,
    ...overrides,
  }
  const recorded = Object.fromEntries(
    Object.entries(engine).map(([name, method]) => [
      name,
      typeof method !== 'function'
        ? method
        : (...args: unknown[]) => {
            calls.push({ method: name as keyof SearchEngine, args: args.filter((arg) => arg !== undefined) })
            return Reflect.apply(method, engine, args)
          },
    ]),
  )
  return { ...engine, ...recorded, calls }
}
