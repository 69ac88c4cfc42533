// Kills the program at random moments of everything that writes, and looks at what is left:
// npm run crash [-- --kills 200 --seed 1 --files 400 --only index,migrate]
//
// The built program indexes, indexes again, removes, compacts, changes the model, repairs and backs up generated files, against a
// local embedding service. After every kill the index must be sound, hold all that was acknowledged, and nothing half; a search
// goes on while the model is changed. Prints how often texts were sent again.
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { loadConfig, openEngine } from '#dist/index.js'
import { timingsOf } from './bench-report.js'
import { checkIndex } from './crash/check-index.js'
import { startEmbeddingService } from './crash/embedding-service.js'
import { createFolder, nameOf } from './crash/folder.js'
import { keepSearching } from './crash/keep-searching.js'
import { createRandom } from './http/random.js'

const OPERATIONS = ['index', 'force', 'remove', 'compact', 'migrate', 'drop', 'repair', 'backup'] as const
type Operation = (typeof OPERATIONS)[number]

const LATENCY_MS = 40
const CONCURRENCY = 4
const BATCH = 100
/** A process is killed within so much of the time that the operation took when it was let finish. */
const KILL_WITHIN = 1.2
const FIRST_GUESS_MS = 2_000
const READY_GOAL_MS = 2_000
/** Searches are timed for so long while nothing else happens. */
const UNDISTURBED_MS = 10_000

const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '200' },
    seed: { type: 'string', default: '1' },
    files: { type: 'string', default: '400' },
    only: { type: 'string', default: OPERATIONS.join(',') },
  },
})
const wanted = Number(values.kills)
const operations = values.only
  .split(',')
  .filter((name): name is Operation => OPERATIONS.some((one) => one === name))
const draw = createRandom(Number(values.seed))
const random = () => draw(2 ** 31) / 2 ** 31
const home = mkdtempSync(join(tmpdir(), 'gemdex-crash-'))
const service = await startEmbeddingService(LATENCY_MS)
const folder = createFolder(join(home, 'files'), Number(values.files), random)
const everything = [...Array(folder.files).keys()]
const env = {
  PATH: process.env.PATH ?? '',
  HOME: home,
  GEMDEX_DB: join(home, 'index.db'),
  GOOGLE_API_KEY: 'crash',
  GEMINI_BASE_URL: service.url,
  GEMDEX_CONCURRENCY: String(CONCURRENCY),
  GEMDEX_EMBED_RPM: 'none',
  GEMDEX_EMBED_TPM: 'none',
  GEMDEX_EMBED_RPD: 'none',
}
let dimensions = 128
const tookMs = new Map<Operation, number>()
const killed = new Map<Operation, number>()
let finished = 0
const searchesMs: number[] = []
let slowestReadyMs = 0

/** Runs the program, killed after so long; whether it came to its end. Any end but a good one is a fault. */
async function run(args: readonly string[], killAfterMs: number, settings = {}): Promise<boolean> {
  const child = spawn(process.execPath, ['dist/main.js', ...args], {
    env: { ...env, ...settings },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let said = ''
  child.stderr.on('data', (text) => {
    said += String(text)
  })
  const timer = setTimeout(() => child.kill('SIGKILL'), killAfterMs)
  const [code] = await new Promise<[number | null]>((resolve) =>
    child.once('close', (...end) => resolve([end[0]])),
  )
  clearTimeout(timer)
  if (code !== null && code !== 0) throw new Error(`gemdex ${args.join(' ')} ended with ${code}: ${said}`)
  return code === 0
}

/** One operation, killed or not, with what it says of the files of the folder. */
async function operate(operation: Operation, killAfterMs: number): Promise<boolean> {
  switch (operation) {
    case 'index':
    case 'force': {
      if (operation === 'index') folder.change(Math.ceil(folder.files / 5))
      folder.begin('index', everything)
      const settings = dimensions === 128 && finished === 0 ? { GEMDEX_DIMENSIONS: '128' } : {}
      const force = operation === 'force' ? ['--force'] : []
      const isDone = await run(['index', folder.path, ...force], killAfterMs, settings)
      if (isDone) folder.acknowledge('index', everything)
      return isDone
    }
    case 'remove': {
      const some = [...new Set(Array.from({ length: 5 }, () => Math.floor(random() * folder.files)))]
      const there = await present(some)
      if (there.length === 0) return true
      folder.begin('remove', there)
      const isDone = await run(['remove', ...there.map(nameOf)], killAfterMs)
      if (isDone) folder.acknowledge('remove', there)
      return isDone
    }
    case 'migrate': {
      const to = dimensions === 128 ? 256 : 128
      const searching = keepSearching(open)
      const isDone = await run(['migrate', '--dimensions', String(to), '--yes'], killAfterMs).finally(
        searching.stop,
      )
      searchesMs.push(...(await searching.stop()))
      dimensions = await dimensionsNow()
      return isDone
    }
    case 'compact':
      return run(['compact'], killAfterMs)
    case 'drop':
      return run(['migrate', '--drop-old'], killAfterMs)
    case 'repair':
      return run(['verify', '--repair'], killAfterMs)
    case 'backup':
      return run(['backup', join(home, 'backup.db'), '--force'], killAfterMs)
  }
}

function open() {
  return openEngine(loadConfig({ env, cwd: home }), { ifMissing: 'fail' })
}

async function present(files: readonly number[]): Promise<number[]> {
  const engine = open()
  const found = await Promise.all(
    files.map((file) =>
      engine.getDocument(nameOf(file)).then(
        () => [file],
        () => [],
      ),
    ),
  )
  await engine.close()
  return found.flat()
}

async function dimensionsNow(): Promise<number> {
  const engine = open()
  const { embedder } = await engine.status()
  await engine.close()
  return embedder?.dimensions ?? 0
}

function describe(tookMs: readonly number[]): string {
  const { p50, p99 } = timingsOf(tookMs)
  return `p50 ${Math.round(p50)} ms, p99 ${Math.round(p99)} ms`
}

try {
  // A whole index to begin with: what is killed later has something to lose.
  await operate('index', 600_000)
  finished++
  const undisturbed = keepSearching(open)
  await sleep(UNDISTURBED_MS)
  const undisturbedMs = await undisturbed.stop()
  const started = performance.now()
  let kills = 0
  while (kills < wanted) {
    const operation = operations[Math.floor(random() * operations.length)] ?? 'index'
    const usualMs = tookMs.get(operation) ?? FIRST_GUESS_MS
    const begun = performance.now()
    const isDone = await operate(operation, 150 + random() * usualMs * KILL_WITHIN)
    if (isDone) {
      finished++
      tookMs.set(operation, performance.now() - begun)
    } else {
      kills++
      killed.set(operation, (killed.get(operation) ?? 0) + 1)
    }
    slowestReadyMs = Math.max(slowestReadyMs, await checkIndex(env, folder, random))
  }
  await operate('index', 600_000)
  await checkIndex(env, folder, random)
  const again = [...service.sent.values()].reduce((sum, times) => sum + times - 1, 0)
  const byOperation = [...killed].map(([operation, number]) => `${operation} ${number}`).join(', ')
  console.log(
    `kills ${kills} (${byOperation}), seed ${values.seed}; let finish ${finished}; files ${folder.files}`,
  )
  console.log(
    `0 lost, 0 half, 0 twice, 0 orphans; checked after each, ${Math.round((performance.now() - started) / 1000)} s`,
  )
  console.log(`slowest until the first search ${Math.round(slowestReadyMs)} ms (goal ${READY_GOAL_MS})`)
  console.log(
    `searches during migrations ${searchesMs.length}, all by vectors: ${describe(searchesMs)}; ${undisturbedMs.length} undisturbed ones: ${describe(undisturbedMs)}; ${LATENCY_MS} ms of each are the embedding service's`,
  )
  console.log(
    `texts sent again ${again} of ${service.sent.size} (index --force and changes of the model send none that are kept); bound ${kills * CONCURRENCY * BATCH}`,
  )
  if (slowestReadyMs > READY_GOAL_MS) process.exitCode = 1
} finally {
  service.close()
  rmSync(home, { recursive: true })
}
