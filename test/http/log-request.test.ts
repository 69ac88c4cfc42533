import { expect, test } from 'vitest'
import type { Arrivals } from '../../src/http/arrivals.js'
import { createRequestLog, type Served } from '../../src/http/log-request.js'
import { createMetrics } from '../../src/metrics.js'
import { memoryLogger } from './serve.js'

const served = (requestId: string): Served => ({
  method: 'GET',
  route: '/v1/search',
  status: 200,
  ms: 1.26,
  requestId,
})

test('holds lines while what came together is still read, and writes them in order', async () => {
  let end = () => {}
  const ended = new Promise<void>((resolve) => {
    end = resolve
  })
  let areOver = true
  const arrivals: Arrivals = {
    watch: () => undefined,
    count: () => undefined,
    get areOver() {
      return areOver
    },
    settled: () => ended,
  }
  const logger = memoryLogger()
  const metrics = createMetrics()
  const log = createRequestLog({ logger, metrics }, arrivals)
  const ids = () => logger.lines.map(({ facts }) => facts.requestId)
  log(served('alone'))
  expect(ids()).toEqual(['alone'])
  areOver = false
  log(served('first'))
  log(served('second'))
  expect(ids()).toEqual(['alone'])
  end()
  await expect.poll(ids).toEqual(['alone', 'first', 'second'])
  expect(logger.lines[1]?.facts).toEqual({
    method: 'GET',
    route: '/v1/search',
    status: 200,
    ms: 1.3,
    requestId: 'first',
  })
  expect(await metrics.text()).toContain(
    'gemdex_http_requests_total{method="GET",route="/v1/search",status="200"} 3',
  )
})
