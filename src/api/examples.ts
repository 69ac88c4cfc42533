/** Examples of the description; a test holds them against the schemas. */

const hit = {
  id: '4a41146e82043934-2',
  documentId: '4a41146e82043934',
  score: 0.01641,
  relevance: 0.8257,
  title: 'Working hours and leave',
  uri: 'working-hours-and-leave.md',
  collection: 'handbook',
  location: { kind: 'lines', start: 19, end: 23, heading: 'Annual leave' },
  snippet: 'The annual leave is 27 working days for a full-time contract, and pro rata for others.',
  highlights: [
    [4, 10],
    [11, 16],
  ],
  metadata: { author: 'Marit Oldenkamp' },
}

const citation = {
  marker: 1,
  hitId: hit.id,
  documentId: hit.documentId,
  title: hit.title,
  uri: hit.uri,
  location: hit.location,
  quote: 'The annual leave is 27 working days for a full-time contract, and pro rata for others.',
  verified: true,
  start: 0,
  end: 61,
}

const answerText = 'A full-time contract has 27 working days of annual leave [1].'

const source = {
  id: hit.id,
  documentId: hit.documentId,
  title: hit.title,
  uri: hit.uri,
  collection: hit.collection,
  location: hit.location,
}

const document = {
  id: hit.documentId,
  collection: 'handbook',
  uri: hit.uri,
  fileUri: hit.uri,
  title: hit.title,
  type: 'text/markdown',
  metadata: hit.metadata,
  sizeBytes: 3758,
  contentHash: '59c59c33e84b9bff84a91b9eb038bf627cb3828f9bc6a255f04802ed10164d44',
  modifiedMs: 1_795_404_158_238,
  dateMs: 1_795_404_158_238,
  indexedMs: 1_795_407_652_860,
  embedded: 6,
  expected: 6,
}

const progress = {
  files: 40,
  toRead: 3,
  indexed: 2,
  skipped: 0,
  embedded: 14,
  pictures: 0,
  tokens: 3120,
  priceUsd: 0.0005,
}

const collection = {
  name: 'handbook',
  documents: 7,
  chunks: 42,
  embedded: 42,
  run: {
    state: 'stopped',
    beganMs: 1_795_407_652_860,
    files: 64,
    filesDone: 7,
  },
}

const usage = { prompt_tokens: 2210, completion_tokens: 114, total_tokens: 2324 }

const topicPassage = {
  id: '4a41146e82043934-0',
  documentId: hit.documentId,
  title: hit.title,
  uri: hit.uri,
  collection: 'handbook',
  snippet: hit.snippet,
}

const topic = {
  title: 'Working hours and leave',
  terms: ['leave', 'hours', 'contract'],
  size: 12,
  fromMs: 1_733_000_000_000,
  toMs: 1_795_404_158_238,
  central: [topicPassage],
}

const duplicate = {
  id: '4a41146e82043934-0',
  documentId: hit.documentId,
  title: hit.title,
  uri: hit.uri,
  collection: 'handbook',
  snippet: hit.snippet,
  timeMs: 1_795_404_158_238,
  similarity: 1,
}

const olderDuplicate = {
  id: '91c0de5577aa3b12-0',
  documentId: '91c0de5577aa3b12',
  uri: 'archive/working-hours-and-leave.md',
  timeMs: 1_733_000_000_000,
  similarity: 0.9412,
  changes: [
    { kind: 'same', text: 'The annual leave is ' },
    { kind: 'removed', text: '27' },
    { kind: 'added', text: '26' },
    { kind: 'same', text: ' working days.' },
  ],
}

export const examples = {
  search: { query: 'annual leave', limit: 3, collection: 'handbook' },
  suggestAnswer: {
    suggestions: [
      { text: 'Annual leave', kind: 'heading' },
      { text: 'annual', kind: 'word' },
    ],
  },
  map: {
    state: 'ready',
    projection: 'pca',
    total: 1,
    points: [
      {
        documentId: '0b7e1c55aa3f9d20',
        title: 'Parental leave',
        uri: 'parental-leave.md',
        collection: 'handbook',
        type: 'text/markdown',
        x: -0.2104,
        y: 0.8821,
      },
    ],
  },
  similarAnswer: {
    documentId: '0b7e1c55aa3f9d20',
    title: 'Parental leave',
    hits: [{ ...hit, score: 0.8123 }],
  },
  topics: {
    by: 'terms',
    documents: 42,
    topics: [{ ...topic, subtopics: [] }],
    candidates: [{ groups: 2, cut: 0.0713 }],
    outliers: [topicPassage],
    outlierCount: 1,
    sent: { texts: 0, tokens: 0, priceUsd: 0 },
  },
  gaps: {
    keeping: true,
    questions: 2,
    asked: 5,
    topics: [
      {
        title: null,
        terms: [],
        asked: 5,
        questions: [
          {
            question: 'Where can I charge an electric car?',
            asked: 4,
            outcome: 'refused',
            fromDay: '2026-11-02',
            toDay: '2026-11-24',
          },
          {
            question: 'sabbatical',
            asked: 1,
            outcome: 'nothing',
            fromDay: '2026-11-20',
            toDay: '2026-11-20',
          },
        ],
      },
    ],
  },
  classify: {
    labels: [
      { name: 'leave', description: 'holidays, parental leave and time off' },
      { name: 'travel', examples: ['A hotel costs at most 140 euros a night.'] },
    ],
    texts: ['Twelve days of leave are left.', 'The train is booked by the office.'],
  },
  classifyAnswer: {
    by: 'terms',
    items: [{ label: 'leave', probability: 0.9312, probabilities: { leave: 0.9312, travel: 0.0688 } }],
    calibrated: false,
    sent: { texts: 0, tokens: 0, priceUsd: 0 },
  },
  duplicates: {
    documents: 42,
    passages: 310,
    total: 1,
    groups: [
      {
        kind: 'near',
        level: 'document',
        members: [duplicate, { ...duplicate, ...olderDuplicate }],
        words: 96,
      },
    ],
  },
  session: {
    id: '5f0c9a6be1d24c7a90b3de11',
    title: 'How many days of annual leave are there?',
    createdMs: 1_795_407_652_860,
    updatedMs: 1_795_407_655_120,
    turns: [
      {
        ordinal: 1,
        createdMs: 1_795_407_655_120,
        question: 'How many days of annual leave are there?',
        standaloneQuestion: 'How many days of annual leave are there?',
        status: 'answered',
        answer: answerText,
        citations: [citation],
        unsupported: [],
        sources: [source],
        model: 'gemini-3.8-flash',
      },
    ],
  },
  sessionList: {
    sessions: [
      {
        id: '5f0c9a6be1d24c7a90b3de11',
        title: 'How many days of annual leave are there?',
        createdMs: 1_795_407_652_860,
        updatedMs: 1_795_407_655_120,
        turns: 1,
      },
    ],
    total: 1,
  },
  foundTurns: {
    turns: [
      {
        sessionId: '5f0c9a6be1d24c7a90b3de11',
        title: 'How many days of annual leave are there?',
        ordinal: 1,
        question: 'How many days of annual leave are there?',
        answer: answerText,
        score: 0.0164,
      },
    ],
  },
  searchAnswer: { query: 'annual leave', mode: 'hybrid', tookMs: 3.1, hits: [hit] },
  ask: { question: 'How many days of annual leave are there?' },
  askWithSettings: {
    question: 'How many days of annual leave are there?',
    generation: { maxOutputTokens: 1000, temperature: 0.2 },
    safety: [{ category: 'HARASSMENT', threshold: 'BLOCK_ONLY_HIGH' }],
  },
  answer: {
    status: 'answered',
    answer: answerText,
    citations: [citation],
    unsupported: [],
    sources: [hit],
    standaloneQuestion: 'How many days of annual leave are there?',
    sessionId: null,
    model: 'gemini-3.8-flash',
    usage: { promptTokens: 2210, answerTokens: 18, thinkingTokens: 96, totalTokens: 2324 },
    finishReason: 'STOP',
  },
  document,
  documentList: { documents: [document], total: 7, next: document.id },
  documentContent: {
    id: document.id,
    uri: document.uri,
    title: document.title,
    text: '# Working hours and leave\n\nThe annual leave is 27 working days.',
    blocks: [{ kind: 'text', start: 27, end: 63, location: { kind: 'lines', start: 3, end: 3 } }],
    passages: [
      {
        id: hit.id,
        start: 0,
        end: 63,
        headings: ['Working hours and leave'],
        location: { kind: 'lines', start: 1, end: 3 },
      },
    ],
  },
  push: {
    uri: 'notes/2026-11-24-call.md',
    title: 'Call with the hut warden',
    text: 'The winter room stays open until the end of March.',
    metadata: { author: 'Ines', tags: ['hut'] },
    collection: 'notes',
  },
  pushAnswer: {
    documents: [{ ...document, collection: 'notes', uri: 'notes/2026-11-24-call.md' }],
    notices: [],
  },
  index: { path: '/srv/documents/handbook', collection: 'handbook' },
  job: {
    id: 'b1946ac9-2d1e-4b7c-9c0a-3f1f5c0f8a11',
    state: 'running',
    collection: 'handbook',
    createdMs: 1_795_407_652_860,
    startedMs: 1_795_407_652_910,
    progress,
  },
  collections: { collections: [collection] },
  status: {
    documents: 7,
    chunks: 42,
    embedded: 42,
    expected: 42,
    skipped: { BINARY: 2 },
    sizeBytes: 397_312,
    versions: { SQLite: '3.53.2', 'sqlite-vec': 'v0.1.9' },
    embedder: { provider: 'gemini', modelId: 'gemini-embedding-001', dimensions: 768, roles: 'task-type/1' },
    provider: 'gemini',
    generator: 'gemini-3.8-flash',
    collections: [collection],
    usage: [
      {
        model: 'gemini-embedding-001',
        day: '2026-11-22',
        requests: 1,
        texts: 42,
        tokens: 9120,
        priceUsd: 0.0014,
      },
    ],
    gaps: { keeping: true, questions: 2 },
  },
  models: {
    models: [
      {
        id: 'gemini-3.8-flash',
        displayName: 'Gemini 3.8 Flash',
        inputTokenLimit: 1_048_576,
        outputTokenLimit: 65_536,
        methods: ['generateContent', 'countTokens'],
      },
    ],
    object: 'list',
    data: [{ id: 'gemini-3.8-flash', object: 'model', created: 0, owned_by: 'gemdex' }],
  },
  embed: { model: 'gemini-embedding-001', input: ['How are vectors stored?'], role: 'query' },
  embedAnswer: {
    object: 'list',
    model: 'gemini-embedding-001',
    data: [{ object: 'embedding', index: 0, embedding: [0.6, -0.8] }],
    usage: { prompt_tokens: 6, total_tokens: 6 },
  },
  chat: {
    model: 'gemini-3.8-flash',
    messages: [{ role: 'user', content: 'How many days of annual leave are there?' }],
  },
  chatAnswer: {
    id: 'chatcmpl-3f1f5c0f8a11',
    object: 'chat.completion',
    created: 1_795_407_652,
    model: 'gemini-3.8-flash',
    choices: [
      {
        index: 0,
        finish_reason: 'stop',
        logprobs: null,
        message: {
          role: 'assistant',
          content: answerText,
          refusal: null,
          annotations: [
            {
              type: 'url_citation',
              url_citation: {
                start_index: 57,
                end_index: 60,
                title: hit.title,
                url: 'http://127.0.0.1:7411/v1/documents/4a41146e82043934/content',
              },
            },
          ],
        },
      },
    ],
    usage,
    gemdex: { status: 'answered', citations: [citation], sources: [hit] },
  },
  error: {
    error: {
      code: 'BAD_INPUT',
      message: 'limit must be a whole number from 1 to 100, not "abc"',
      field: 'limit',
      requestId: '8da8efef-5aee-4027-aa28-d83012b614e6',
    },
  },
} as const
