// Measures what it takes to look at an index as a whole, and what searches feel of it meanwhile, in the built service:
//
//   npm run survey -- [--documents 20000] [--rate 20] [--seconds 15]
//
// Fills an index with invented documents of eight topics, with the built-in vectors. Prints the latency of searches sent at a steady
// rate while nothing else happens; then for the map (by variance and by neighbours), topics and duplicates the time to the result,
// the latency of searches meanwhile and its ratio to the idle one; and for each how long after the client has left the processor
// is free again (Linux). Exits with 1 when a ratio at the 99th percentile is above 3, a map or topics take more than 60 s, or a
// search fails.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { createHashedEmbedder } from '#dist/local/hashed-embedder.js'
import { openSqliteStore } from '#dist/store/sqlite/sqlite-store.js'
import { createCaller, percentile } from './http/call-service.js'
import { type Service, startService } from './http/start-service.js'
import { inventTopics } from './invent-topics.js'
import { plainDocument } from './plain-document.js'

const MAX_RATIO = 3
const MAX_SECONDS = 60
const BATCH = 500
const CALLERS = 8
/** Processor time of 10 ms in so many milliseconds counts as free. */
const LOOK_MS = 100
const IDLE_TICKS = 2
/** How long a survey is under way when it is left. */
const LEAVE_MS = 500
const SURVEYS = {
  'map by variance': '/v1/map?projection=pca',
  'map by neighbours': '/v1/map',
  topics: '/v1/topics',
  duplicates: '/v1/duplicates',
} as const

const { values } = parseArgs({
  options: {
    documents: { type: 'string', default: '20000' },
    rate: { type: 'string', default: '20' },
    seconds: { type: 'string', default: '15' },
  },
})
const documents = Number(values.documents)
const { texts } = inventTopics(8, 25, documents, true, 5)
const folder = mkdtempSync(join(tmpdir(), 'gemdex-survey-'))
const path = join(folder, 'index.db')
try {
  await fill()
  process.exitCode = await survey()
} finally {
  rmSync(folder, { recursive: true, force: true })
}

async function fill(): Promise<void> {
  const embedder = createHashedEmbedder()
  const store = openSqliteStore(path, { create: true })
  await store.adopt({ embedder: embedder.identity, chunker: 'survey/1' })
  await store.openCollection('invented', null)
  for (let from = 0; from < texts.length; from += BATCH) {
    const batch = texts.slice(from, from + BATCH)
    const vectors = await embedder.embed(
      batch.map((text) => ({ text })),
      { role: 'document' },
    )
    const entries = batch.map((text, i) => plainDocument('invented', `text-${from + i}`, text))
    const keyOf = (i: number) => entries[i]?.document.contentHash ?? ''
    await store.putEmbeddings(vectors.map((vector, i) => ({ key: keyOf(i), vector })))
    await store.replaceDocuments(
      entries.map((entry, i) => ({
        ...entry,
        chunks: entry.chunks.map((chunk) => ({ ...chunk, embeddingKey: keyOf(i) })),
      })),
    )
  }
  await store.close()
}

async function survey(): Promise<0 | 1> {
  const service = await startService({ HOME: folder, GEMDEX_DB: path })
  const caller = createCaller(service.port, CALLERS)
  const search = createSearches(caller)
  try {
    await search.until(sleep(3_000))
    const idle = await search.until(sleep(1000 * Number(values.seconds)))
    console.log(`${documents} documents, ${values.rate} searches a second. Idle: ${describe(idle)}`)
    let isGood = true
    for (const [name, route] of Object.entries(SURVEYS)) {
      const left = await cancel(service, route)
      const started = performance.now()
      const busy = await search.until(follow(service, route))
      const seconds = (performance.now() - started) / 1000
      const ratio = percentile(busy, 0.99) / percentile(idle, 0.99)
      isGood &&= ratio <= MAX_RATIO && seconds <= MAX_SECONDS
      console.log(
        `${name}: ${seconds.toFixed(1)} s; ${describe(busy)}, ${ratio.toFixed(2)} times the idle p99; cancelled in ${left} ms`,
      )
    }
    return isGood ? 0 : 1
  } finally {
    caller.close()
    await service.stop()
  }
}

/** Searches at a steady rate, whether or not the ones before are answered. */
function createSearches({ call }: ReturnType<typeof createCaller>) {
  let next = 0
  return {
    /** Gives the time that each took, in milliseconds. */
    async until(end: Promise<unknown>): Promise<number[]> {
      let hasEnded = false
      const sent: ReturnType<typeof call>[] = []
      const ending = end.then(() => {
        hasEnded = true
      })
      while (!hasEnded) {
        const words = texts[(next * 7919) % texts.length]?.split(' ') ?? []
        sent.push(call('/v1/search', { body: { query: words.slice(3, 6 + (next % 3)).join(' ') } }))
        next++
        await Promise.race([ending, sleep(1000 / Number(values.rate))])
      }
      await ending
      const answers = await Promise.all(sent)
      for (const { status, body } of answers)
        if (status !== 200) throw new Error(`A search was answered ${status}: ${body}`)
      return answers.map(({ ms }) => ms)
    },
  }
}

/** Reads events of a survey to the end, or until the first one that `leave` is told of makes it leave. */
function follow({ port }: Service, route: string, leave?: () => boolean): Promise<void> {
  return new Promise((resolve, reject) => {
    const sent = request({ port, path: route, headers: { accept: 'text/event-stream' } })
    sent.on('error', reject).on('response', (response) => {
      let tail = ''
      response.setEncoding('utf8').on('data', (chunk: string) => {
        tail = (tail + chunk).slice(-200)
        if (chunk.includes('event: error')) reject(new Error(`${route}: ${chunk}`))
        if (!leave?.()) return
        sent.removeAllListeners('error').on('error', () => {})
        response.removeAllListeners().on('error', () => {})
        sent.destroy()
        resolve()
      })
      response.on('end', () =>
        response.statusCode === 200 ? resolve() : reject(new Error(`${route} was answered ${tail}`)),
      )
    })
    sent.end()
  })
}

/** Leaves in the middle of a survey; how many milliseconds later the processor is free. */
async function cancel(service: Service, route: string): Promise<number> {
  const wanted = performance.now() + LEAVE_MS
  await follow(service, route, () => performance.now() > wanted)
  const left = performance.now()
  for (let before = ticksOf(service); ; ) {
    await sleep(LOOK_MS)
    const now = ticksOf(service)
    if (now - before <= IDLE_TICKS) return Math.round(performance.now() - left)
    before = now
  }
}

/** Processor time of the service in hundredths of a second. */
function ticksOf({ child }: Service): number {
  const fields = readFileSync(`/proc/${child.pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? []
  return Number(fields[11]) + Number(fields[12])
}

function describe(times: readonly number[]): string {
  const at = (share: number) => percentile(times, share).toFixed(1)
  return `searches p50 ${at(0.5)} ms, p99 ${at(0.99)} ms`
}
