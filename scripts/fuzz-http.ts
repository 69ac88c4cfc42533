// Sends wrong and strange requests to the built service: npm run fuzz:http [-- --requests 10000 --seed 1]
//
// Every request is a good one with some things about it changed, by a seed. Counts what must not be: a crash, an answer of
// status 5xx (but 503 and 507), a stack or path in an answer, no answer within 5 s, an error that is no JSON with code and
// request id; and what memory the service holds more than after the first thousand, each after a forced collection. Exits
// with 1 when there is any, or when it holds more than 50 MB.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { judgeAnswer } from './http/judge-answer.js'
import { mutateRequest } from './http/mutate-request.js'
import { createRandom } from './http/random.js'
import { sendRaw } from './http/send-raw.js'
import { type Memory, startService } from './http/start-service.js'

const HANG_MS = 5_000
const AT_ONCE = 16
const WARM_UP = 1_000
const MAX_GROWTH_BYTES = 50e6

const { values } = parseArgs({
  options: { requests: { type: 'string', default: '10000' }, seed: { type: 'string', default: '1' } },
})
const requests = Number(values.requests)
const random = createRandom(Number(values.seed))
const folder = mkdtempSync(join(tmpdir(), 'gemdex-fuzz-'))
const env = { HOME: folder, GEMDEX_DB: join(folder, 'index.db'), GEMDEX_LOG_LEVEL: 'error' }
try {
  spawnSync(process.execPath, ['dist/main.js', 'index', 'data/sample'], { env: { ...process.env, ...env } })
  process.exitCode = await fuzz()
} finally {
  rmSync(folder, { recursive: true, force: true })
}

async function fuzz(): Promise<0 | 1> {
  const service = await startService(env)
  const statuses = new Map<number, number>()
  const faults: string[] = []
  let sent = 0
  let begun = 0
  let before: Memory | undefined
  const worker = async () => {
    while (begun < requests + WARM_UP) {
      begun++
      const { label, parts } = mutateRequest(random)
      const answer = await sendRaw(service.port, parts, HANG_MS)
      const fault = judgeAnswer(answer, label.startsWith('"HEAD '))
      if (fault !== undefined)
        faults.push(`${fault}: ${label} -> ${answer.status} ${answer.body.slice(0, 200)}`)
      statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1)
      if (++sent === WARM_UP) before = await service.memory()
    }
  }
  const started = performance.now()
  await Promise.all(Array.from({ length: AT_ONCE }, worker))
  const seconds = (performance.now() - started) / 1000
  const isAlive = service.child.exitCode === null
  const after = isAlive ? await service.memory() : undefined
  const growth = heldBytes(after) - heldBytes(before)
  const code = await service.stop()
  const shown = [...statuses].sort(([a], [b]) => a - b).map(([status, count]) => `${status}: ${count}`)
  console.log(
    `${sent} requests of seed ${values.seed} in ${seconds.toFixed(1)} s, by status { ${shown.join(', ')} }`,
  )
  console.log(`crashes ${isAlive && code === 0 ? 0 : 1}, faults ${faults.length}`)
  const resident = (after?.residentBytes ?? Number.NaN) - (before?.residentBytes ?? Number.NaN)
  console.log(`memory held ${megabytes(growth)}, resident ${megabytes(resident)}`)
  for (const fault of faults.slice(0, 20)) console.log(`  ${fault}`)
  if (service.errors() !== '') console.log(`log:\n${service.errors().slice(0, 3_000)}`)
  return isAlive && code === 0 && faults.length === 0 && growth < MAX_GROWTH_BYTES ? 0 : 1
}

function heldBytes(memory: Memory | undefined): number {
  return memory === undefined ? Number.NaN : memory.heapBytes + memory.externalBytes
}

function megabytes(bytes: number): string {
  return `${bytes < 0 ? '' : '+'}${(bytes / 1e6).toFixed(1)} MB`
}
