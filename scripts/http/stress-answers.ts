import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Called, createCaller, percentile } from './call-service.js'
import { readLog } from './read-log.js'
import { type Service, startService } from './start-service.js'

const ASKED = 200
/** How long the model takes. */
const SLOW_MS = 5_000
const QUESTION = 'Who waxes the skis of the volunteers in Stebbing?'

/** Slow answers at once, by a model of this program's own, while somebody looks whether the service lives and searches. */
export async function stressAnswers(env: Readonly<Record<string, string>>): Promise<boolean> {
  const model = await startSlowModel()
  const service = await startService({
    ...env,
    GOOGLE_API_KEY: 'stress-answers',
    GEMINI_BASE_URL: `http://127.0.0.1:${(model.address() as AddressInfo).port}`,
    GEMDEX_GENERATOR: 'gemini',
    GEMDEX_RPM: 'none',
    GEMDEX_TPM: 'none',
    GEMDEX_RPD: 'none',
  })
  // Much runs for the first time then, and V8 has compiled nothing yet.
  const isGoodAtFirst = await askAtOnce(service, 'just started')
  const isGoodLater = await askAtOnce(service, 'again')
  await service.stop()
  model.closeAllConnections()
  model.close()
  return isGoodAtFirst && isGoodLater
}

async function askAtOnce(service: Service, state: string): Promise<boolean> {
  const { port } = service
  const log = readLog(service)
  const caller = createCaller(port, ASKED)
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
  const answers = await Promise.all(
    Array.from({ length: ASKED }, () => caller.call('/v1/ask', { body: { question: QUESTION } })),
  )
  isOver = true
  await watching
  caller.close()
  watcher.close()
  log.stop()
  const toldByItself = log.requests.filter(({ route, status }) => route === '/v1/ask' && status === 503)
  const told = answers.filter(({ status, retryAfter }) => status === 503 && Number(retryAfter) > 0)
  const answered = answers.filter(({ status }) => status === 200)
  const shown = (calls: readonly Pick<Called, 'ms'>[]) => {
    const times = calls.map(({ ms }) => ms)
    return `p50 ${percentile(times, 0.5).toFixed(0)} ms, p99 ${percentile(times, 0.99).toFixed(0)} ms`
  }
  console.log(
    `answers, ${state}: ${ASKED} at once of ${SLOW_MS / 1000} s each: ${answered.length} answered, ${told.length} refused with Retry-After (${shown(told)}, <= 50; as the service has it ${shown(toldByItself)}); meanwhile health ${shown(health)} (<= 100), searches ${shown(searches)}`,
  )
  return answered.length + told.length === ASKED && told.length > 0 && answered.length > 0
}

async function startSlowModel(): Promise<Server> {
  const candidates = [
    { content: { role: 'model', parts: [{ text: 'Nobody knows.' }] }, finishReason: 'STOP', index: 0 },
  ]
  const server = createServer(async (_request, response) => {
    await sleep(SLOW_MS)
    response.setHeader('content-type', 'text/event-stream')
    response.end(`data: ${JSON.stringify({ candidates })}\n\n`)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return server
}
