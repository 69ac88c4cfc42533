import { setTimeout as sleep } from 'node:timers/promises'
import { type Called, createCaller, percentile } from './call-service.js'
import type { Service } from './start-service.js'

/** Ten times what is let in at once and may wait. */
const CLIENTS = 1_000

/** Far more clients than there is room for. */
export async function stressOverload({ port }: Service, seconds: number): Promise<boolean> {
  const caller = createCaller(port, CLIENTS)
  const watcher = createCaller(port, 1)
  const search = (i: number) =>
    caller.call('/v1/search', { body: { query: `battery ${i % 100}`, limit: 5, mode: 'hybrid' } })
  const idle: Called[] = []
  for (let i = 0; i < 200; i++) idle.push(await search(i))
  const calls: Called[] = []
  const health: Called[] = []
  let isOver = false
  const client = async (first: number) => {
    for (let i = first; !isOver; i++) {
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
  const all = [watch(), ...Array.from({ length: CLIENTS }, (_, i) => client(i))]
  await sleep(seconds * 1000)
  isOver = true
  await Promise.all(all)
  caller.close()
  watcher.close()
  const timesOf = (status: number) => calls.filter((call) => call.status === status).map(({ ms }) => ms)
  const statuses = [...new Set(calls.map(({ status }) => status))]
  const shown = statuses.map((status) => `${status}: ${timesOf(status).length}`).join(', ')
  const refused = calls.filter(({ status }) => status === 503)
  const idleP99 = percentile(
    idle.map(({ ms }) => ms),
    0.99,
  )
  const accepted = percentile(timesOf(200), 0.99)
  console.log(`overload: ${CLIENTS} clients for ${seconds} s, statuses ${shown}`)
  console.log(
    `  refused with Retry-After ${refused.filter(({ retryAfter }) => Number(retryAfter) > 0).length} of ${refused.length}, p50 ${percentile(timesOf(503), 0.5).toFixed(0)} ms, p99 ${percentile(timesOf(503), 0.99).toFixed(0)} ms (<= 50)`,
  )
  console.log(
    `  accepted p99 ${accepted.toFixed(0)} ms, ${(accepted / idleP99).toFixed(1)} times idle (<= 3); health p99 ${percentile(
      health.map(({ ms }) => ms),
      0.99,
    ).toFixed(0)} ms (<= 100)`,
  )
  return statuses.every((status) => [200, 429, 503].includes(status))
}
