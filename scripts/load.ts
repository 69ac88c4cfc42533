// Puts load on the built service, over loopback: npm run load [-- --passages 100000 --clients 32 --seconds 30 --minutes 10]
//
// Fills an index with made-up passages (kept when --index FILE names where), then prints
//   1. throughput and latency of mixed searches by many clients at once, with every status that is not 200;
//   2. what the service adds to the engine's own time for one client, and what a bare server of Node's would add;
//   3. by how much the heap grows from minute 3 to the last one at 20 searches a second, each after a forced collection.
// Exits with 1 when there is an answer but 200, 429 or 503, or an error of the connection.
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import autocannon from 'autocannon'
import { createHashedEmbedder } from '#dist/local/hashed-embedder.js'
import { openSqliteStore } from '#dist/store/sqlite/sqlite-store.js'
import { createRandom } from './bench-data.js'
import { createWordSource } from './bench-words.js'
import { makeBatches, PARTS } from './fill-store.js'
import { createCaller } from './http/call-service.js'
import { measureOverhead } from './http/measure-overhead.js'
import { type Service, startService } from './http/start-service.js'

const PER_SECOND = 20
const HEAP_FROM_MINUTE = 3
const QUERIES = 500
const CALLERS = 8

const { values } = parseArgs({
  options: {
    passages: { type: 'string', default: '100000' },
    clients: { type: 'string', default: '32' },
    seconds: { type: 'string', default: '30' },
    minutes: { type: 'string', default: '10' },
    index: { type: 'string' },
  },
})
type Caller = ReturnType<typeof createCaller>

const folder = mkdtempSync(join(tmpdir(), 'gemdex-load-'))
const path = values.index ?? join(folder, 'index.db')
const bodies = makeBodies()
try {
  if (!existsSync(path)) await fill(path, Number(values.passages))
  process.exitCode = await load()
} finally {
  rmSync(folder, { recursive: true, force: true })
}

async function load(): Promise<0 | 1> {
  const service = await startService({ HOME: folder, GEMDEX_DB: path, GEMDEX_LOG_LEVEL: 'info' })
  const caller = createCaller(service.port, CALLERS)
  try {
    await measureOverhead(service, bodies)
    const isGood = await measureThroughput(service)
    const minutes = Number(values.minutes)
    if (minutes > 0) await measureHeap(service, caller, minutes)
    return isGood ? 0 : 1
  } finally {
    caller.close()
    await service.stop()
  }
}

async function measureThroughput({ url }: Service): Promise<boolean> {
  let next = 0
  const result = await autocannon({
    url: `${url}/v1/search`,
    connections: Number(values.clients),
    duration: Number(values.seconds),
    requests: [
      {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        setupRequest: (each) => ({ ...each, body: JSON.stringify(bodies[next++ % bodies.length]) }),
      },
    ],
  })
  const statuses = Object.entries(result.statusCodeStats ?? {}).map(
    ([status, { count = 0 }]) => [Number(status), count] as const,
  )
  const { p50, p99, max } = result.latency
  console.log(
    `${values.clients} clients: ${(result.requests.total / result.duration).toFixed(0)} searches/s, p50 ${p50} ms, p99 ${p99} ms, max ${max} ms`,
  )
  console.log(
    `  statuses ${statuses.map(([status, count]) => `${status}: ${count}`).join(', ')}; errors ${result.errors}, timeouts ${result.timeouts}`,
  )
  return result.errors === 0 && statuses.every(([status]) => [200, 429, 503].includes(status))
}

async function measureHeap(service: Service, caller: Caller, minutes: number): Promise<void> {
  let from = Number.NaN
  let bad = 0
  for (let minute = 1; minute <= minutes; minute++) {
    const started = performance.now()
    for (let i = 0; i < PER_SECOND * 60; i++) {
      const due = started + (i * 1000) / PER_SECOND
      await sleep(Math.max(0, due - performance.now()))
      void ask(caller, bodies[i % bodies.length]).catch(() => bad++)
    }
    await sleep(1000)
    const { heapBytes } = await service.memory()
    if (minute === HEAP_FROM_MINUTE) from = heapBytes
    console.log(`minute ${minute}: heap ${(heapBytes / 1e6).toFixed(2)} MB`)
    if (minute === minutes)
      console.log(
        `heap from minute ${HEAP_FROM_MINUTE} to ${minutes}: ${((heapBytes - from) / 1e6).toFixed(2)} MB more; ${bad} failed`,
      )
  }
}

async function ask({ call }: Caller, body: unknown): Promise<void> {
  const { status, body: text } = await call('/v1/search', { body })
  if (status !== 200) throw new Error(`${status}: ${text}`)
}

/** Searches of all kinds: most plain, some within a collection or a filter, some by one list only, some for many hits. */
function makeBodies(): object[] {
  const words = createWordSource(99)
  const random = createRandom(5)
  return Array.from({ length: QUERIES }, (_, i) => {
    const query = words(2 + (random() % 4)).text
    const kinds: readonly object[] = [
      {},
      {},
      {},
      { limit: 30 },
      { mode: 'keyword' },
      { mode: 'vector' },
      { collection: 'tenth' },
      { filter: { weight: { $lt: 100 } } },
      { facets: ['part'] },
      { explain: true, full: true },
    ]
    return { query, ...kinds[i % kinds.length] }
  })
}

/** As the built-in embedder would have it, so that the service can embed the queries. */
async function fill(file: string, count: number): Promise<void> {
  const embedder = createHashedEmbedder()
  const store = openSqliteStore(file, { create: true })
  await store.adopt({ embedder: embedder.identity, chunker: 'load/1' })
  for (const name of [...PARTS, 'rest']) await store.openCollection(name, null)
  for (const { embeddings, entries } of makeBatches({ count, next: () => new Float32Array() })) {
    const inputs = entries.flatMap(({ document, chunks }) =>
      chunks.map(({ text }) => ({ text, title: document.title })),
    )
    const vectors = await embedder.embed(inputs, { role: 'document' })
    const fresh = embeddings.map(({ key }, i) => ({ key, vector: vectors[i] ?? new Float32Array() }))
    await store.putEmbeddings(fresh)
    await store.replaceDocuments(entries)
  }
  await store.close()
}
