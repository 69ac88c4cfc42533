// The index that searches are measured in, and sqlite-vec's own tables beside it with the same vectors.
import { existsSync, mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import Database from 'better-sqlite3'
import { load as loadVectorFunctions } from 'sqlite-vec'
import type { Store } from '#dist/store/store.js'
import { createVectorSource, openVectorFile } from './bench-data.js'
import { fillStore, PASSAGES_PER_DOCUMENT } from './fill-store.js'

export type IndexOptions = {
  readonly count: number
  readonly dimensions: number
  readonly queries: number
  /** Of little-endian floats; vectors are made when left out. */
  readonly file: string | undefined
  /** Kept, and used again when it is there; else the files are temporary. */
  readonly folder: string | undefined
  /** Given the store that has filled a new index, while it is open. */
  readonly onFilled?: (store: Store, queries: readonly Float32Array[]) => Promise<void>
}

export type BenchIndex = {
  readonly path: string
  /** Of sqlite-vec's own tables. */
  readonly baselinePath: string
  readonly count: number
  /** Not among the vectors of the index. */
  readonly queries: readonly Float32Array[]
  readonly documents: number
}

export const INDEX_ARGUMENTS = {
  count: { type: 'string', default: '100000' },
  dims: { type: 'string', default: '768' },
  queries: { type: 'string', default: '200' },
  vectors: { type: 'string' },
  folder: { type: 'string' },
} as const

/** Reads the arguments that say which index is wanted, and further ones that are whole numbers. */
export function readArguments<N extends string>(
  args: string[],
  further: Record<N, number>,
): IndexOptions & Record<N, number> {
  const numbers = Object.entries<number>(further).map(
    ([name, value]) => [name, { type: 'string' as const, default: String(value) }] as const,
  )
  const { values } = parseArgs({ args, options: { ...INDEX_ARGUMENTS, ...Object.fromEntries(numbers) } })
  const given = values as Record<string, string | undefined>
  return {
    count: Number(given.count),
    dimensions: Number(given.dims),
    queries: Number(given.queries),
    file: given.vectors,
    folder: given.folder,
    ...(Object.fromEntries(numbers.map(([name]) => [name, Number(given[name])])) as Record<N, number>),
  }
}

/** Runs a benchmark over an index, made when it is not there yet. */
export async function withIndex(
  options: IndexOptions,
  measure: (index: BenchIndex) => Promise<void>,
): Promise<void> {
  const folder = options.folder ?? mkdtempSync(join(tmpdir(), 'gemdex-bench-'))
  mkdirSync(folder, { recursive: true })
  try {
    await measure(await makeIndex(folder, options))
  } finally {
    if (options.folder === undefined) rmSync(folder, { recursive: true })
  }
}

async function makeIndex(folder: string, options: IndexOptions): Promise<BenchIndex> {
  const { queries, count, next } = openSource(options)
  const documents = Math.ceil(count / PASSAGES_PER_DOCUMENT)
  const path = join(folder, 'index.db')
  const baselinePath = join(folder, 'vec0.db')
  console.log(
    `${count} passages of ${options.dimensions} dimensions (${options.file ?? 'made'}) in ${documents} documents`,
  )
  if (!existsSync(path)) {
    const baseline = createBaseline(baselinePath, options.dimensions)
    const { rate } = await fillStore(path, {
      count,
      dimensions: options.dimensions,
      next,
      onVector: baseline.add,
      onFilled: async (store) => {
        baseline.close()
        await options.onFilled?.(store, queries)
      },
    })
    console.log(`Written at ${rate.toFixed(0)} passages/s`)
  }
  console.log(`File: ${megabytes(path)} MB; vec0: ${megabytes(baselinePath)} MB`)
  return { path, baselinePath, count, queries, documents }
}

function openSource({ count, dimensions, queries, file }: IndexOptions) {
  if (file === undefined) {
    const next = createVectorSource({ dimensions, clusters: Math.max(20, Math.round(Math.sqrt(count))) })
    return { queries: Array.from({ length: queries }, next), count, next }
  }
  const source = openVectorFile(file, dimensions)
  const number = Math.min(queries, Math.floor(source.count / 10))
  return {
    queries: Array.from({ length: number }, source.next),
    count: source.count - number,
    next: source.next,
  }
}

/** Fills sqlite-vec's own tables, of floats and of bits. Row ids are those that the passages have in the index. */
function createBaseline(path: string, dimensions: number) {
  const database = new Database(path)
  loadVectorFunctions(database)
  database.pragma('journal_mode = WAL')
  database.exec(
    `CREATE VIRTUAL TABLE floats USING vec0(vector float[${dimensions}] distance_metric=cosine);
     CREATE VIRTUAL TABLE bits USING vec0(vector bit[${dimensions}]);`,
  )
  const insertFloats = database.prepare('INSERT INTO floats (rowid, vector) VALUES (?, ?)')
  const insertBits = database.prepare('INSERT INTO bits (rowid, vector) VALUES (?, vec_quantize_binary(?))')
  let pending: Buffer[] = []
  let last = 0
  const flush = database.transaction(() => {
    for (const blob of pending) {
      last++
      insertFloats.run(BigInt(last), blob)
      insertBits.run(BigInt(last), blob)
    }
    pending = []
  })
  return {
    add(vector: Float32Array): void {
      pending.push(blobOf(vector))
      if (pending.length === 1000) flush()
    },
    close(): void {
      flush()
      database.close()
    },
  }
}

/** Searches sqlite-vec's own tables. */
export function openBaseline(path: string) {
  const database = new Database(path, { readonly: true })
  loadVectorFunctions(database)
  const nearest = database
    .prepare<[Buffer, number], number>(
      'SELECT rowid FROM floats WHERE vector MATCH ? AND k = ? ORDER BY distance',
    )
    .pluck()
  const nearestBits = database
    .prepare<[Buffer, number], number>(
      'SELECT rowid FROM bits WHERE vector MATCH vec_quantize_binary(?) AND k = ? ORDER BY distance',
    )
    .pluck()
  return {
    nearest: (query: Float32Array, limit: number) => nearest.all(blobOf(query), limit),
    nearestBits: (query: Float32Array, limit: number) => nearestBits.all(blobOf(query), limit),
    close: () => database.close(),
  }
}

function blobOf(vector: Float32Array): Buffer {
  return Buffer.from(vector.buffer, vector.byteOffset, vector.byteLength)
}

export function megabytes(path: string): string {
  return (statSync(path).size / 1e6).toFixed(0)
}
