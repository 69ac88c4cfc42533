import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { createCaller, percentile } from './call-service.js'
import type { Service } from './start-service.js'

const DRIPPING = 1_000
const MAX_CLOSED_MS = 15_000
const GIVEN_UP_MS = 30_000
const GOOD_CALLS = 300

/** A thousand connections that send a byte now and then, beside a client that searches. */
export async function stressSlow({ port }: Service): Promise<boolean> {
  const good = createCaller(port, 4)
  const search = async () => (await good.call('/v1/search?q=battery+low')).ms
  const timesOf = async () => {
    const times: number[] = []
    for (let i = 0; i < GOOD_CALLS; i++) times.push(await search())
    return times
  }
  await timesOf()
  const idle = await timesOf()
  const heads = [
    'GET /healthz HTTP/1.1\r\nHost: localhost\r\nX-Slow: ',
    'POST /v1/search HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 100000\r\n\r\n{"query":"',
  ]
  const closed = Array.from({ length: DRIPPING }, (_, i) => drip(port, heads[i % heads.length] ?? ''))
  const busy = await timesOf()
  const closedMs = await Promise.all(closed)
  good.close()
  const [idleP99, busyP99] = [percentile(idle, 0.99), percentile(busy, 0.99)]
  console.log(
    `slow clients: ${DRIPPING} dripping connections closed after at most ${Math.max(...closedMs).toFixed(0)} ms (<= ${MAX_CLOSED_MS}); a good client's p99 ${idleP99.toFixed(1)} ms idle, ${busyP99.toFixed(1)} ms meanwhile (${(busyP99 / idleP99).toFixed(2)} times, <= 2)`,
  )
  return Math.max(...closedMs) <= MAX_CLOSED_MS
}

/** Sends a byte a second until it is cut off; gives the milliseconds until then. */
async function drip(port: number, head: string): Promise<number> {
  const started = performance.now()
  const socket = connect(port, '127.0.0.1')
  let isClosed = false
  socket
    .on('error', () => undefined)
    .on('close', () => {
      isClosed = true
    })
  socket.on('end', () => socket.destroy()).resume()
  socket.write(head)
  while (!isClosed && performance.now() - started < GIVEN_UP_MS) {
    await sleep(1_000)
    if (!isClosed) socket.write('x')
  }
  socket.destroy()
  return performance.now() - started
}
