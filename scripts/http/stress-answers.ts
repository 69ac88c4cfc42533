import { setTimeout as sleep } from 'node:timers/promises'
import { type Burst, type BurstAnswer, type BurstClient, type Connections, openBurstClient } from './burst.js'
import { type Called, createCaller, percentile } from './call-service.js'
import { forkServer } from './fork-server.js'
import { readLog } from './read-log.js'
import { type Service, startService } from './start-service.js'

const ASKED = 200
/** How long the model takes. */
const SLOW_MS = 5_000
const PATH = '/v1/ask'
/** Time for a server to accept connections before a burst, and to have nothing left to do for them. */
const SETTLE_MS = 500
const WARM_UP_BURSTS = 30
const BODY = { question: 'Who waxes the skis of the volunteers in Stebbing?' }

/**
 * Slow answers at once, by a model in a process of its own, while somebody looks whether the service lives and searches. Beside them
 * how long a bare server of Node's takes that refuses all of them, which is what connections cost on the machine as it is.
 */
export async function stressAnswers(env: Readonly<Record<string, string>>): Promise<boolean> {
  const model = await forkServer('slow-model', SLOW_MS)
  const slow = {
    ...env,
    GOOGLE_API_KEY: 'stress-answers',
    GEMINI_BASE_URL: `http://127.0.0.1:${model.port}`,
    GEMDEX_GENERATOR: 'gemini',
    GEMDEX_RPM: 'none',
    GEMDEX_TPM: 'none',
    GEMDEX_RPD: 'none',
  }
  const client = openBurstClient()
  try {
    await warmUpClient(client)
    console.log(
      'answers: times of a client in a process of its own, whose code is warm, from when it writes a request until it reads the first byte of the answer, accepting of new connections and its own turns of writing and reading included',
    )
    let isRight = true
    for (const connections of ['open', 'new'] as const) {
      const answers = await askTwice(slow, client, connections)
      const [refusal] = answers.flat().filter(isRefusal)
      if (refusal !== undefined) await refuseTwice(refusal, client, connections)
      isRight &&= answers.every(
        (list) =>
          list.some(isAnswer) &&
          list.some(isRefusal) &&
          list.every((answer) => isAnswer(answer) || isRefusal(answer)),
      )
    }
    return isRight
  } finally {
    client.close()
    model.stop()
  }
}

/** Of the client's own code nothing is to run for the first time, or before V8 has compiled it, when a burst is measured. */
async function warmUpClient(client: BurstClient): Promise<void> {
  const bare = await forkServer('refusing-server', {
    status: 503,
    headers: { 'content-length': '2' },
    body: '{}',
  })
  for (let i = 0; i < WARM_UP_BURSTS; i++)
    for (const connections of ['open', 'new'] as const)
      await client.send({ ...asked(bare.port, connections), settleMs: 0 })
  bare.stop()
}

function asked(port: number, connections: Connections): Burst {
  return { port, connections, count: ASKED, path: PATH, body: BODY, settleMs: SETTLE_MS }
}

/** Much runs for the first time in a service that has just been started, and V8 has compiled nothing yet. */
async function askTwice(
  env: Readonly<Record<string, string>>,
  client: BurstClient,
  connections: Connections,
): Promise<BurstAnswer[][]> {
  const service = await startService(env)
  try {
    return [
      await askAtOnce(service, client, connections, 'just started'),
      await askAtOnce(service, client, connections, 'again'),
    ]
  } finally {
    await service.stop()
  }
}

async function askAtOnce(
  service: Service,
  client: BurstClient,
  connections: Connections,
  state: string,
): Promise<BurstAnswer[]> {
  const { port } = service
  const log = readLog(service)
  const watcher = createCaller(port, 1)
  const health: Called[] = []
  const searches: Called[] = []
  await watcher.call('/v1/search?q=battery+low')
  let isOver = false
  const watch = async () => {
    while (!isOver) {
      health.push(await watcher.call('/healthz'))
      searches.push(await watcher.call('/v1/search?q=battery+low'))
      await sleep(100)
    }
  }
  const watching = watch()
  const answers = await client.send(asked(port, connections))
  isOver = true
  await watching
  watcher.close()
  log.stop()
  const refused = answers.filter(isRefusal)
  const refusedByLog = log.requests.filter(({ route, status }) => route === PATH && status === 503)
  console.log(
    `answers, ${connections} connections, ${state}: ${ASKED} at once of ${SLOW_MS / 1000} s each: ${answers.filter(isAnswer).length} answered, ${refused.length} refused with Retry-After (${shown(refused)}, <= 50; as the service has it ${shown(refusedByLog)}); meanwhile health ${shown(health)} (<= 100), searches ${shown(searches)}`,
  )
  return answers
}

/** Once by a server that has just been started, as the service had, and once more. */
async function refuseTwice(
  refusal: BurstAnswer,
  client: BurstClient,
  connections: Connections,
): Promise<void> {
  const bare = await forkServer('refusing-server', refusal)
  for (const state of ['just started', 'again']) {
    const answers = await client.send(asked(bare.port, connections))
    console.log(
      `  a bare server of Node's, ${connections} connections, ${state}, that refuses all ${ASKED}: ${shown(answers)}`,
    )
  }
  bare.stop()
}

function isAnswer({ status }: BurstAnswer): boolean {
  return status === 200
}

function isRefusal({ status, headers }: BurstAnswer): boolean {
  return status === 503 && Number(headers['retry-after']) > 0
}

function shown(calls: readonly { readonly ms: number }[]): string {
  const times = calls.map(({ ms }) => ms)
  return `p50 ${percentile(times, 0.5).toFixed(0)} ms, p99 ${percentile(times, 0.99).toFixed(0)} ms`
}
