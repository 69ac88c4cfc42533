// Writing beside plain inserts, and giving space back:
//
//   npm run bench -- inserts [--count 20000] [--dims 768]
//     passages a second with documents, keywords, vectors and codes; beside it plain INSERTs of the same rows into the same
//     tables of an index with the same settings, in as many transactions, and the share of their rate
//   npm run bench -- compact [--count 20000] [--dims 768]
//     size after nine documents of ten are removed at random and the index is compacted, beside an index made of the rest
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Database } from 'better-sqlite3'
import { openDatabase } from '#dist/store/sqlite/open-database.js'
import type { SqliteStore } from '#dist/store/sqlite/sqlite-store.js'
import { createRandom, createVectorSource } from './bench-data.js'
import { type IndexOptions, readArguments } from './bench-index.js'
import { percent, printRow } from './bench-report.js'
import { type FillBatch, makeBatches, prepareStore } from './fill-store.js'

/** Rounds of writing the one way and the other, so that what else the machine does meets both. */
const ROUNDS = 3
const KEPT_SHARE = 0.1

export const inserts = benchmark(measureInserts)
export const compact = benchmark(measureCompact)

function benchmark(run: (folder: string, options: IndexOptions) => Promise<void>) {
  return async (args: string[]): Promise<void> => {
    const folder = mkdtempSync(join(tmpdir(), 'gemdex-bench-'))
    try {
      await run(folder, readArguments(args.length === 0 ? ['--count', '20000'] : args, {}))
    } finally {
      rmSync(folder, { recursive: true })
    }
  }
}

async function measureInserts(folder: string, { count, dimensions }: IndexOptions): Promise<void> {
  const batches = [...makeBatches({ count, next: createVectorSource({ dimensions }) })]
  console.log('round  gemdex/s  plain/s  share')
  for (let round = 1; round <= ROUNDS; round++) {
    const path = join(folder, `index-${round}.db`)
    const store = await prepareStore(path, dimensions)
    const own = await timeWriting(store, batches)
    await store.close()
    const plain = timePlainInserts(path, join(folder, `plain-${round}.db`), batches.length)
    printRow(
      [round, (count / own).toFixed(0), (count / plain).toFixed(0), percent(plain / own)],
      [5, 8, 7, 5],
    )
  }
}

/** Seconds. */
async function timeWriting(store: SqliteStore, batches: readonly FillBatch[]): Promise<number> {
  const started = performance.now()
  for (const { embeddings, entries } of batches) {
    await store.putEmbeddings(embeddings)
    await store.replaceDocuments(entries)
  }
  return (performance.now() - started) / 1000
}

/** Tables that are written with vectors, then those that are written with documents; each with the column that orders it. */
const TABLES: readonly (readonly { readonly name: string; readonly order: string }[])[] = [
  [{ name: 'vectors', order: 'id' }],
  [
    { name: 'documents', order: 'id' },
    { name: 'document_texts', order: 'document_id' },
    { name: 'document_fields', order: 'rowid' },
    { name: 'chunks', order: 'id' },
    { name: 'chunk_fts', order: 'rowid' },
    { name: 'chunk_lengths', order: 'chunk_id' },
    { name: 'chunk_vectors', order: 'chunk_id' },
    { name: 'codes', order: 'chunk_id' },
    { name: 'passage_ranges', order: 'document_id' },
    { name: 'files', order: 'uri' },
  ],
]

/** Seconds that the rows of an index take to insert into another, each table in `steps` even parts. */
function timePlainInserts(from: string, to: string, steps: number): number {
  const source = openDatabase(from, { create: false })
  const target = openDatabase(to, { create: true })
  for (const name of ['vector_sets', 'collections', 'code_sets']) {
    for (const insert of readRows(source, name, 'rowid', 0, 1)) insert(target)()
  }
  let milliseconds = 0
  for (let step = 0; step < steps; step++) {
    for (const tables of TABLES) {
      const inserts = tables.flatMap(({ name, order }) =>
        readRows(source, name, order, step / steps, (step + 1) / steps).map((insert) => insert(target)),
      )
      const started = performance.now()
      target.transaction(() => {
        for (const insert of inserts) insert()
      })()
      milliseconds += performance.now() - started
    }
  }
  source.close()
  target.close()
  return milliseconds / 1000
}

/** Reads a part of a table's rows; gives what inserts them. */
function readRows(
  source: Database,
  table: string,
  order: string,
  from: number,
  to: number,
): ((target: Database) => () => void)[] {
  const total = source.prepare<[], number>(`SELECT count(*) FROM ${table}`).pluck().get() ?? 0
  const first = Math.round(from * total)
  const columns = source.prepare<[], string>(`SELECT name FROM pragma_table_info('${table}')`).pluck().all()
  const names = table.endsWith('_fts') ? ['rowid', ...columns] : columns
  const rows = source
    .prepare<[number, number], unknown[]>(
      `SELECT ${names.join(', ')} FROM ${table} ORDER BY ${order} LIMIT ? OFFSET ?`,
    )
    .raw()
    .all(Math.round(to * total) - first, first)
  return [
    (target) => {
      const insert = target.prepare(
        `INSERT INTO ${table} (${names.join(', ')}) VALUES (${names.map(() => '?').join(', ')})`,
      )
      return () => {
        for (const row of rows) insert.run(...row)
      }
    },
  ]
}

async function measureCompact(folder: string, { count, dimensions }: IndexOptions): Promise<void> {
  const batches = [...makeBatches({ count, next: createVectorSource({ dimensions }) })]
  const next = createRandom(1)
  const entries = batches.flatMap((batch) => batch.entries)
  const kept = new Set(
    entries.filter(() => next() / 2 ** 32 < KEPT_SHARE).map(({ document }) => document.uri),
  )

  const path = join(folder, 'index.db')
  const store = await prepareStore(path, dimensions)
  await timeWriting(store, batches)
  for (const { document } of entries) {
    if (!kept.has(document.uri)) await store.removeFiles(document.collection, [document.uri])
  }
  await store.pruneEmbeddings()
  const started = performance.now()
  const { bytesBefore } = await store.compact()
  const seconds = (performance.now() - started) / 1000
  await store.close()

  const freshPath = join(folder, 'fresh.db')
  const fresh = await prepareStore(freshPath, dimensions)
  await timeWriting(
    fresh,
    batches.map((batch) => onlyOf(batch, kept)),
  )
  await fresh.close()
  const sizes = { after: statSync(path).size, fresh: statSync(freshPath).size }
  console.log('documents  kept  before MB  after MB  fresh MB  of fresh  seconds')
  printRow(
    [
      entries.length,
      kept.size,
      (bytesBefore / 1e6).toFixed(1),
      (sizes.after / 1e6).toFixed(1),
      (sizes.fresh / 1e6).toFixed(1),
      (sizes.after / sizes.fresh).toFixed(2),
      seconds.toFixed(1),
    ],
    [9, 4, 9, 8, 8, 8, 7],
  )
}

function onlyOf({ embeddings, entries }: FillBatch, kept: ReadonlySet<string>): FillBatch {
  const some = entries.filter(({ document }) => kept.has(document.uri))
  const keys = new Set(some.flatMap(({ chunks }) => chunks.map(({ embeddingKey }) => embeddingKey)))
  return { embeddings: embeddings.filter(({ key }) => keys.has(key)), entries: some }
}
