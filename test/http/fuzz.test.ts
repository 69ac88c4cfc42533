import { expect, test } from 'vitest'
import { judgeAnswer } from '../../scripts/http/judge-answer.js'
import { mutateRequest } from '../../scripts/http/mutate-request.js'
import { createRandom } from '../../scripts/http/random.js'
import { sendRaw } from '../../scripts/http/send-raw.js'
import { createMcpEndpoint } from '../../src/mcp/http-endpoint.js'
import { fakeEngine } from './fake-engine.js'
import { serve } from './serve.js'

const REQUESTS = 1_000
const SEED = 20_260_411
/** Longer than any of the service's own limits, so that what hangs is seen however slow the machine is. */
const HANG_MS = 20_000
const AT_ONCE = 8

test(`${REQUESTS} mutated requests: JSON errors, nothing breaks, nothing shows`, async () => {
  const { port, url, lines } = await serve(fakeEngine(), { mcp: createMcpEndpoint({ version: '1' }) })
  const random = createRandom(SEED)
  const seen = new Map<number, number>()
  const faults: string[] = []
  let begun = 0
  const worker = async () => {
    while (begun++ < REQUESTS) {
      const { label, parts } = mutateRequest(random)
      const answer = await sendRaw(port, parts, HANG_MS)
      seen.set(answer.status, (seen.get(answer.status) ?? 0) + 1)
      const fault = judgeAnswer(answer, label.startsWith('"HEAD '))
      if (fault !== undefined) faults.push(`${fault}: ${label} -> ${answer.status} ${answer.body}`)
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, worker))
  expect(faults).toEqual([])
  expect((await fetch(`${url}/v1/search?q=x`)).status).toBe(200)
  expect(lines.filter(({ level }) => level === 'error')).toEqual([])
  // The mutations reach the routes and most kinds of refusal.
  for (const status of [200, 201, 202, 400, 403, 404, 405, 415])
    expect([status, (seen.get(status) ?? 0) > 0]).toEqual([status, true])
}, 240_000)
