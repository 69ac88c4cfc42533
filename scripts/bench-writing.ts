// Writing beside plain inserts, and giving space back:
//
//   npm run bench -- inserts [--count 20000] [--dims 768]
//     passages a second with documents, keywords, vectors and codes; beside it plain INSERTs of the same rows into the same
//     tables of an index with the same settings, in as many transactions, and the share of their rate
//   npm run bench -- compact [--count 20000] [--dims 768]
//     size after nine documents of ten are removed at random and the index is compacted, beside an index made of the rest; how long
//     searches take meanwhile
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Database } from 'better-sqlite3'
import { openDatabase } from '#dist/store/sqlite/open-database.js'
import type { SqliteStore } from '#dist/store/sqlite/sqlite-store.js'
import { openThreadedStore } from '#dist/store/sqlite/threads/threaded-store.js'
import { createRandom, createVectorSource } from './bench-data.js'
import { type IndexOptions, readArguments } from './bench-index.js'
import { percent, printRow, type Timings, timingsOf } from './bench-report.js'
import { type FillBatch, makeBatches, prepareStore } from './fill-store.js'

/** Rounds of writing the one way and the other, so that what else the machine does meets both. */
const ROUNDS = 3
const KEPT_SHARE = 0.1
const WARM_UP_MS = 500
const IDLE_MS = 3_000
const SEARCH_PAUSE_MS = 2

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
  console.log('round  gemdex/s  plain/s  share   of processor time')
  for (let round = 1; round <= ROUNDS; round++) {
    const path = join(folder, `index-${round}.db`)
    const store = await prepareStore(path, dimensions)
    const own = await timeWriting(store, batches)
    await store.close()
    const plain = timePlainInserts(path, join(folder, `plain-${round}.db`), batches.length)
    printRow(
      [
        round,
        (count / own.seconds).toFixed(0),
        (count / plain.seconds).toFixed(0),
        percent(plain.seconds / own.seconds),
        percent(plain.processor / own.processor),
      ],
      [5, 8, 7, 6, 6],
    )
  }
}

/** Seconds by the clock, and of a processor: these hardly depend on what else the machine does. */
type Spent = { seconds: number; processor: number }

async function timeWriting(store: SqliteStore, batches: readonly FillBatch[]): Promise<Spent> {
  const spent = { seconds: 0, processor: 0 }
  for (const { embeddings, entries } of batches) {
    const stop = startTiming(spent)
    await store.putEmbeddings(embeddings)
    await store.replaceDocuments(entries)
    stop()
  }
  return spent
}

/** Gives what adds the time since to `spent`. */
function startTiming(spent: Spent): () => void {
  const [started, before] = [performance.now(), process.cpuUsage()]
  return () => {
    const { user, system } = process.cpuUsage(before)
    spent.seconds += (performance.now() - started) / 1000
    spent.processor += (user + system) / 1e6
  }
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

/** Inserts the rows of an index into another, each table in `steps` even parts. */
function timePlainInserts(from: string, to: string, steps: number): Spent {
  const source = openDatabase(from, { create: false })
  const target = openDatabase(to, { create: true })
  for (const name of ['vector_sets', 'collections', 'code_sets']) {
    for (const insert of readRows(source, name, 'rowid', 0, 1)) insert(target)()
  }
  const spent = { seconds: 0, processor: 0 }
  for (let step = 0; step < steps; step++) {
    for (const tables of TABLES) {
      const inserts = tables.flatMap(({ name, order }) =>
        readRows(source, name, order, step / steps, (step + 1) / steps).map((insert) => insert(target)),
      )
      const stop = startTiming(spent)
      target.transaction(() => {
        for (const insert of inserts) insert()
      })()
      stop()
    }
  }
  source.close()
  target.close()
  return spent
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
  await store.close()
  const { bytesBefore, seconds, idle, busy } = await compactWhileSearching(path, dimensions)

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
  const shown = ({ number, timings }: Searched) =>
    `${number} p50 ${timings.p50.toFixed(1)} ms, p99 ${timings.p99.toFixed(1)} ms`
  console.log(`searches before ${shown(idle)}; meanwhile ${shown(busy)}`)
}

type Searched = { readonly number: number; readonly timings: Timings }

/** Searches by vectors for some seconds, and goes on while the index is compacted. */
async function compactWhileSearching(path: string, dimensions: number) {
  const store = openThreadedStore(path, { create: false, searchers: 1 })
  const next = createVectorSource({ dimensions, seed: 2 })
  const searchUntil = async (isOver: () => boolean): Promise<Searched> => {
    const tookMs: number[] = []
    while (!isOver()) {
      const started = performance.now()
      const found = await store.searchVectors(next(), 10, {})
      if (found.length === 0) throw new Error('a search found nothing')
      tookMs.push(performance.now() - started)
      await sleep(SEARCH_PAUSE_MS)
    }
    return { number: tookMs.length, timings: timingsOf(tookMs) }
  }
  const during = (milliseconds: number) => {
    const untilMs = performance.now() + milliseconds
    return searchUntil(() => performance.now() > untilMs)
  }
  await during(WARM_UP_MS)
  const idle = await during(IDLE_MS)
  let isCompacted = false
  const started = performance.now()
  const compacting = store.compact().finally(() => {
    isCompacted = true
  })
  const busy = await searchUntil(() => isCompacted)
  const { bytesBefore } = await compacting
  const seconds = (performance.now() - started) / 1000
  await store.close()
  return { bytesBefore, seconds, idle, busy }
}

function onlyOf({ embeddings, entries }: FillBatch, kept: ReadonlySet<string>): FillBatch {
  const some = entries.filter(({ document }) => kept.has(document.uri))
  const keys = new Set(some.flatMap(({ chunks }) => chunks.map(({ embeddingKey }) => embeddingKey)))
  return { embeddings: embeddings.filter(({ key }) => keys.has(key)), entries: some }
}
