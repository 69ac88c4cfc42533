import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { createLane } from '../../src/http/lane.js'
import type { Served } from '../../src/http/log-request.js'
import { createTurnAway } from '../../src/http/turn-away.js'
import { post } from './serve.js'

test('says when to come back, keeps the connection unless the service closes, and logs it', async () => {
  const logged: Served[] = []
  let isClosing = false
  const turnAway = createTurnAway({
    headers: [['x-of-all', 'yes']],
    log: (served) => logged.push(served),
    isClosing: () => isClosing,
  })
  const lane = createLane('answers', { atOnce: 0, waiting: 0 })
  const server = createServer((request, response) =>
    turnAway(request, response, { lane, path: '/v1/ask', isOpenAi: false }),
  )
  onTestFinished(() => void server.close())
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1/ask`

  const kept = await post(url, { question: 'x' }, { 'x-request-id': 'mine' })
  expect(kept.status).toBe(503)
  expect(Object.fromEntries(kept.headers)).toMatchObject({
    'cache-control': 'no-store',
    connection: 'keep-alive',
    'content-type': 'application/json; charset=utf-8',
    'retry-after': '1',
    'x-of-all': 'yes',
    'x-request-id': 'mine',
  })
  expect(await kept.json()).toMatchObject({ error: { code: 'OVERLOADED', requestId: 'mine' } })
  isClosing = true
  expect((await post(url, {})).headers.get('connection')).toBe('close')
  expect(lane.refused).toBe(2)
  expect(logged[0]).toMatchObject({
    method: 'POST',
    route: '/v1/ask',
    status: 503,
    code: 'OVERLOADED',
    requestId: 'mine',
  })
})
