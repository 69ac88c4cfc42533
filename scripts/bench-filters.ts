// The first use of a filter, which works out its passages:
//
//   npm run bench -- filters [--documents 100000] [--folder DIR]
//
// Documents of one passage with several keys of metadata. Each filter is asked for once, in one connection: what is printed
// is for 100,000 documents. An index in `folder` is used again.
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { parseFilter } from '#dist/search/parse-filter.js'
import { openSqliteStore } from '#dist/store/sqlite/sqlite-store.js'
import type { DocumentEntry } from '#dist/store/store.js'
import { createVectorSource } from './bench-data.js'
import { percent, printRow, timeEach } from './bench-report.js'
import { prepareStore } from './fill-store.js'

const DIMENSIONS = 8
const BATCH = 1000
const FIRST_MS = Date.UTC(2020, 0, 1)
const MINUTE_MS = 60_000

/** Every operator, for a hundredth, a tenth, half or all of the documents. */
function filtersOf(documents: number): Record<string, unknown> {
  const middle = new Date(FIRST_MS + (documents / 2) * MINUTE_MS).toISOString()
  return {
    'equal, 1 %': { author: 'author-7' },
    'equal, 10 %': { tenth: 3 },
    'equal, 50 %': { isOdd: true },
    'equal, 100 %': { language: 'en' },
    'one of 50, 50 %': { author: { $in: Array.from({ length: 50 }, (_, i) => `author-${i}`) } },
    'range, 1 %': { weight: { $lt: 10 } },
    'range, 50 %': { weight: { $gte: 200, $lt: 700 } },
    'range, 99 %': { weight: { $gte: 10 } },
    'there, 50 %': { optional: { $exists: true } },
    'there, 100 %': { tags: { $exists: true } },
    'null, 50 %': { optional: null },
    'item of a list': { tags: 'tag-3' },
    'glob of a list': { tags: { $glob: 't*-1*' } },
    'path, 1 %': { path: { $glob: 'folder-7/**' } },
    'path, 10 %': { path: { $glob: '**/part-3/*.md' } },
    'path, 100 %': { path: { $glob: '**/*.md' } },
    'title, 100 %': { title: { $glob: '*ument*' } },
    'date, 50 %': { time: { $lt: middle } },
    'size, 50 %': { size: { $lt: documents / 2 } },
    'type, 50 %': { type: 'text/html' },
    'collection, 100 %': { collection: 'rest' },
    'not, 99 %': { $not: { author: 'author-7' } },
    'and, 25 %': { isOdd: true, weight: { $lt: 500 } },
    'or, 75 %': { $or: [{ isOdd: true }, { weight: { $lt: 500 } }] },
    nested: { $or: [{ isOdd: true }, { tags: 'tag-1' }], $not: { tenth: 3 }, time: { $gte: '2020' } },
  }
}

export async function filters(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: { documents: { type: 'string', default: '100000' }, folder: { type: 'string' } },
  })
  const documents = Number(values.documents)
  const folder = values.folder ?? mkdtempSync(join(tmpdir(), 'gemdex-bench-'))
  try {
    mkdirSync(folder, { recursive: true })
    const path = join(folder, 'index.db')
    if (!existsSync(path)) await fill(path, documents)
    await measure(path, documents)
  } finally {
    if (values.folder === undefined) rmSync(folder, { recursive: true })
  }
}

async function measure(path: string, documents: number): Promise<void> {
  const store = openSqliteStore(path, { create: false })
  const scale = 100_000 / documents
  const widths = [18, 6, 6, 14]
  printRow(['filter', 'share', 'ms', 'of a processor'], widths)
  for (const [name, input] of Object.entries(filtersOf(documents))) {
    const scope = { filter: parseFilter(input) }
    const first = await timeEach([scope], () => store.listChunks(0, 1, scope))
    const found = await store.listChunks(0, documents, scope)
    const times = [first.timings.p50, first.processor.p50].map((time) => (time * scale).toFixed(0))
    printRow([name, percent(found.length / documents), ...times], widths)
  }
  await store.close()
}

async function fill(path: string, documents: number): Promise<void> {
  const store = await prepareStore(path, DIMENSIONS)
  const next = createVectorSource({ dimensions: DIMENSIONS, clusters: 20 })
  for (let first = 0; first < documents; first += BATCH) {
    const numbers = Array.from({ length: Math.min(BATCH, documents - first) }, (_, i) => first + i)
    await store.putEmbeddings(numbers.map((number) => ({ key: hexOf(number), vector: next() })))
    await store.replaceDocuments(numbers.map(makeEntry))
  }
  await store.close()
}

function makeEntry(number: number): DocumentEntry {
  const uri = `folder-${number % 100}/part-${number % 10}/document-${number}.md`
  const text = `Passage ${number}`
  const dateMs = FIRST_MS + number * MINUTE_MS
  return {
    document: {
      id: hexOf(number).slice(-16),
      collection: 'rest',
      uri,
      fileUri: uri,
      title: `Document ${number}`,
      type: number % 2 === 0 ? 'text/html' : 'text/markdown',
      metadata: {
        author: `author-${number % 100}`,
        tenth: number % 10,
        isOdd: number % 2 === 1,
        language: 'en',
        weight: number % 1000,
        tags: [`tag-${number % 7}`, `topic-${number % 11}`],
        ...(number % 2 === 1 ? { optional: 'there' } : {}),
      },
      text,
      blocks: [],
      sizeBytes: number,
      contentHash: hexOf(number),
      modifiedMs: dateMs,
      dateMs,
    },
    chunks: [
      {
        ordinal: 0,
        text,
        start: 0,
        end: text.length,
        headings: [],
        location: { kind: 'lines', start: 1, end: 1 },
        tokens: 3,
        titleTerms: `document ${number}`,
        partTerms: '',
        language: 'en',
        textTerms: `passage ${number}`,
        embeddingKey: hexOf(number),
      },
    ],
    file: { uri, fingerprint: uri, contentHash: hexOf(number), outcome: 'indexed' },
  }
}

/** 32 bytes in hexadecimal, as keys of embeddings and hashes are. */
function hexOf(number: number): string {
  return number.toString(16).padStart(64, '0')
}
