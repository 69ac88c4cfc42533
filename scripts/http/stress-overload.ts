import { setTimeout as sleep } from 'node:timers/promises'
import { type Called, createCaller, percentile } from './call-service.js'
import { readLog } from './read-log.js'
import type { Service } from './start-service.js'

/** Some ten times what is let in and may wait. */
const CLIENTS = 1_000
/** They come within as long as the service tells those to wait at most whom it refuses. */
const ARRIVAL_MS = 3_000
const WARM_UP = 300
const IDLE = 300

/** Far more clients than there is room for; each that is refused comes back when it was told to. */
export async function stressOverload(service: Service, seconds: number): Promise<boolean> {
  const { port } = service
  const caller = createCaller(port, CLIENTS)
  const watcher = createCaller(port, 1)
  const search = (i: number) =>
    caller.call('/v1/search', { body: { query: `battery ${i % 100}`, limit: 5, mode: 'hybrid' } })
  for (let i = 0; i < WARM_UP; i++) await search(i)
  const idle: Called[] = []
  for (let i = 0; i < IDLE; i++) idle.push(await search(i))
  const log = readLog(service)
  const calls: Called[] = []
  const health: Called[] = []
  let isOver = false
  const client = async (number: number) => {
    await sleep((number * ARRIVAL_MS) / CLIENTS)
    for (let i = number; !isOver; i++) {
      const called = await search(i)
      calls.push(called)
      // As the answer asks; a second at least.
      if (called.status !== 200) await sleep(1000 * Number(called.retryAfter ?? 1))
    }
  }
  const watch = async () => {
    while (!isOver) {
      health.push(await watcher.call('/healthz'))
      await sleep(100)
    }
  }
  const before = process.cpuUsage()
  const all = [watch(), ...Array.from({ length: CLIENTS }, (_, i) => client(i))]
  await sleep(seconds * 1000)
  isOver = true
  const { user, system } = process.cpuUsage(before)
  await Promise.all(all)
  caller.close()
  watcher.close()
  const statuses = [...new Set(calls.map(({ status }) => status))]
  const shown = statuses.map((status) => `${status}: ${timesOf(calls, status).length}`).join(', ')
  const refused = calls.filter(({ status }) => status === 503)
  const told = refused.filter(({ retryAfter }) => Number(retryAfter) > 0)
  const idleP99 = percentile(timesOf(idle, 200), 0.99)
  const accepted = percentile(timesOf(calls, 200), 0.99)
  const answered = log.requests.filter(({ route }) => route === '/v1/search')
  console.log(
    `overload: ${CLIENTS} clients for ${seconds} s, statuses ${shown}; they took ${((user + system) / 1e4 / seconds).toFixed(0)} % of a processor themselves`,
  )
  console.log(
    `  refused with Retry-After ${told.length} of ${refused.length}, ${shownTimes(timesOf(calls, 503))} (<= 50); as the service has it ${shownTimes(timesOf(answered, 503))}`,
  )
  console.log(
    `  accepted ${shownTimes(timesOf(calls, 200))}, ${(accepted / idleP99).toFixed(1)} times idle's ${idleP99.toFixed(1)} (<= 3); as the service has it ${shownTimes(timesOf(answered, 200))}`,
  )
  console.log(`  health ${shownTimes(timesOf(health, 200))} (<= 100)`)
  return statuses.every((status) => [200, 429, 503].includes(status)) && told.length === refused.length
}

type Timed = { readonly status: number; readonly ms: number }

function timesOf(list: readonly Timed[], status: number): number[] {
  return list.filter((each) => each.status === status).map(({ ms }) => ms)
}

function shownTimes(times: readonly number[]): string {
  return `p50 ${percentile(times, 0.5).toFixed(1)} ms, p99 ${percentile(times, 0.99).toFixed(1)} ms`
}
