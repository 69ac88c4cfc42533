import { setTimeout as sleep } from 'node:timers/promises'
import { percentile } from './call-service.js'
import { forkServer } from './fork-server.js'
import { openPlainClient } from './plain-client.js'
import { readLog } from './read-log.js'
import type { Service } from './start-service.js'

const CALLS = 300
/** V8 goes on compiling what runs often until about so many have been served. */
const WARM_UP = 1_000

/** What was answered; of all the fields only how long the engine took matters. */
export type Answer = { readonly tookMs: number }

type Measured = { readonly answers: readonly Answer[]; readonly addedMs: readonly number[] }

/**
 * Prints what the service adds to the engine's own time for one client: from the first byte sent to the last one received, less
 * the `tookMs` of the very same answer, by a service that has just been started and by one that has served a thousand. Beside it what
 * the service's log says of the same requests, and what a bare server of Node's adds that waits as long and answers the same.
 */
export async function measureOverhead(service: Service, bodies: readonly unknown[]): Promise<void> {
  const log = readLog(service)
  const { answers, addedMs } = await measure(service.port, bodies)
  // The last line is on its way when the last answer has come.
  while (log.requests.length < answers.length) await sleep(10)
  log.stop()
  const own = answers.map(({ tookMs }) => tookMs)
  const inside = log.requests.map(({ ms }, i) => ms - (own[i] ?? 0))
  const ownP50 = percentile(own.slice(WARM_UP), 0.5).toFixed(2)
  console.log(`1 client: engine p50 ${ownP50} ms; the service adds ${shown(addedMs.slice(WARM_UP))}`)
  console.log(`  the first ${CALLS} after the start ${shown(addedMs.slice(0, CALLS))}`)
  console.log(`  between the head of the request and the end of the answer ${shown(inside.slice(WARM_UP))}`)
  const bare = await forkServer('bare-server', answers)
  try {
    const { addedMs: least } = await measure(bare.port, bodies)
    console.log(
      `  a bare server of Node's that waits as long and answers the same adds ${shown(least.slice(WARM_UP))}`,
    )
  } finally {
    bare.stop()
  }
}

async function measure(port: number, bodies: readonly unknown[]): Promise<Measured> {
  const client = await openPlainClient(port)
  const answers: Answer[] = []
  const addedMs: number[] = []
  for (let i = 0; i < WARM_UP + CALLS; i++) {
    const { body, ms } = await client.post('/v1/search', bodies[i % bodies.length])
    const answer = JSON.parse(body) as Partial<Answer>
    if (answer.tookMs === undefined) throw new Error(body)
    answers.push({ ...answer, tookMs: answer.tookMs })
    addedMs.push(ms - answer.tookMs)
  }
  client.close()
  return { answers, addedMs }
}

function shown(list: readonly number[]): string {
  const [p10 = '', p50 = '', p99 = ''] = [0.1, 0.5, 0.99].map((share) => percentile(list, share).toFixed(2))
  return `p10 ${p10} ms, p50 ${p50} ms, p99 ${p99} ms`
}
