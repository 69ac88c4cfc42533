import { setTimeout as sleep } from 'node:timers/promises'
import { type Called, createCaller } from './call-service.js'
import { createRandom } from './random.js'
import { startService } from './start-service.js'

const CLIENTS = 50
const MAX_EXIT_MS = 10_000

/** SIGTERM under clients that search, stream answers and push documents; a service of its own for each trial. */
export async function stressDrain(env: Readonly<Record<string, string>>, trials: number): Promise<boolean> {
  const random = createRandom(4)
  let begun = 0
  let broken = 0
  let ready = 0
  let badExits = 0
  let slowest = 0
  for (let trial = 0; trial < trials; trial++) {
    const service = await startService(env)
    const caller = createCaller(service.port, CLIENTS + 1)
    const calls: Called[] = []
    let isOver = false
    const client = async (number: number) => {
      for (let i = 0; !isOver; i++) calls.push(await caller.call(...request(number, trial * 1000 + i)))
    }
    const all = Array.from({ length: CLIENTS }, (_, i) => client(i))
    await sleep(500 + random(1_000))
    const signalled = performance.now()
    const stopping = service.stop()
    const probe = await caller.call('/readyz')
    if (probe.status === 200) ready++
    const code = await stopping
    slowest = Math.max(slowest, performance.now() - signalled)
    isOver = true
    caller.close()
    await Promise.all(all)
    if (code !== 0) badExits++
    const before = calls.filter(({ sentAt }) => sentAt < signalled)
    begun += before.length
    broken += before.filter(isBroken).length
  }
  console.log(
    `drain: ${trials} times SIGTERM under ${CLIENTS} clients: ${broken} of ${begun} begun requests broken, ready ${ready} times afterwards, exit other than 0 ${badExits}, slowest end ${slowest.toFixed(0)} ms (<= ${MAX_EXIT_MS})`,
  )
  return broken === 0 && ready === 0 && badExits === 0 && slowest <= MAX_EXIT_MS
}

function request(number: number, i: number): Parameters<ReturnType<typeof createCaller>['call']> {
  if (number % 10 === 0)
    return ['/v1/documents', { body: { uri: `notes/${number}-${i}.md`, text: `A note on the number ${i}.` } }]
  const question = 'Who waxes the skis of the volunteers in Stebbing?'
  if (number % 3 === 0) return ['/v1/ask', { body: { question }, headers: { accept: 'text/event-stream' } }]
  return ['/v1/search', { body: { query: `battery low ${i % 50}` } }]
}

/** An answer that is none, or a stream without an end. */
function isBroken({ status, body }: Called): boolean {
  if (status === 0) return true
  return body.startsWith('event:') && !/^event: (?:done|error)$/m.test(body)
}
