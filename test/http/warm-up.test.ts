import { once } from 'node:events'
import { createServer } from 'node:http'
import { expect, test } from 'vitest'
import { requestWith, warmUp } from '../../src/http/warm-up.js'
import { fakeEngine } from './fake-engine.js'
import { serve } from './serve.js'

/** Six hundred connections, both ends of which are here. */
const PATIENT = { timeout: 30_000 }

test('sends its requests in turn over many connections at once, and closes the server', PATIENT, async () => {
  const seen = new Map<string, number>()
  let connections = 0
  const server = createServer((request, response) => {
    const { url = '' } = request
    seen.set(url, (seen.get(url) ?? 0) + 1)
    response.end('x')
  })
  server.on('connection', () => connections++)
  const closed = once(server, 'close')
  await warmUp(server, [requestWith('/a', {}), requestWith('/b', { b: 1 })])
  await closed
  expect([...seen]).toEqual([
    ['/a', 300],
    ['/b', 300],
  ])
  expect(connections).toBe(600)
})

test('ends when connections break', async () => {
  const server = createServer((request) => request.destroy())
  await warmUp(server, [requestWith('/a', {})])
  expect(server.listening).toBe(false)
})

test('does not wait for a server that says nothing', async () => {
  const server = createServer(() => undefined)
  await warmUp(server, [requestWith('/a', {})])
  expect(server.listening).toBe(false)
})

test('leaves no trace in log and metrics, and asks the engine nothing', PATIENT, async () => {
  const engine = fakeEngine()
  const { url, lines } = await serve(engine, { warmsUp: true })
  expect(lines).toEqual([])
  expect(engine.calls).toEqual([])
  expect(await (await fetch(`${url}/metrics`)).text()).not.toMatch(/^gemdex_http_requests_total\{/m)
  expect((await fetch(`${url}/v1/search?q=x`)).status).toBe(200)
  await expect.poll(() => lines.length).toBe(2)
})
