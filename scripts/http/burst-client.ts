// Sends bursts of requests and tells what came back, and when. Started by `openBurstClient`. While a burst is under way it does no
// more than write bytes that lie ready and note when the first ones come back; answers are read when all are there.
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Burst, BurstAnswer, Received } from './burst.js'

/** What has come is looked at so often once every answer has begun. */
const POLL_MS = 5
const READ_BYTES = 16_384

type Exchange = {
  readonly socket: Socket
  sentAtMs: number
  firstByteAtMs: number
  received: Buffer
  isClosed: boolean
}

process.on('message', async (burst: Burst) => process.send?.(await send(burst)))
process.once('disconnect', () => process.exit())

async function send({ port, count, connections, path, body, settleMs }: Burst): Promise<BurstAnswer[]> {
  const request = requestOf(port, path, body)
  const exchanges = Array.from({ length: count }, () => openExchange(port))
  if (connections === 'open') {
    await Promise.all(exchanges.map(({ socket }) => once(socket, 'connect')))
    await sleep(settleMs)
  }
  for (const exchange of exchanges) {
    const write = () => {
      exchange.sentAtMs = performance.now()
      exchange.socket.write(request)
    }
    if (exchange.socket.connecting) exchange.socket.on('connect', write)
    else write()
  }
  while (!exchanges.every(hasBegun)) await sleep(POLL_MS)
  const answers: BurstAnswer[] = []
  for (const exchange of exchanges) answers.push(await answerOf(exchange))
  for (const { socket } of exchanges) socket.destroy()
  return answers
}

function requestOf(port: number, path: string, body: unknown): Buffer {
  const text = JSON.stringify(body)
  const head = `POST ${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nContent-Type: application/json\r\n`
  return Buffer.from(`${head}Content-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`)
}

/** Reads into memory that lies ready, past Node's streams. */
function openExchange(port: number): Exchange {
  const read = (bytes: number, buffer: Uint8Array) => {
    if (Number.isNaN(exchange.firstByteAtMs)) exchange.firstByteAtMs = performance.now()
    exchange.received = Buffer.concat([exchange.received, buffer.subarray(0, bytes)])
    return true
  }
  const onread = { buffer: Buffer.allocUnsafeSlow(READ_BYTES), callback: read }
  const socket = connect({ port, host: '127.0.0.1', noDelay: true, onread })
  const exchange: Exchange = {
    socket,
    sentAtMs: Number.NaN,
    firstByteAtMs: Number.NaN,
    received: Buffer.alloc(0),
    isClosed: false,
  }
  // After an answer these change nothing any more.
  socket.on('error', () => undefined)
  socket.on('close', () => {
    exchange.isClosed = true
  })
  return exchange
}

function hasBegun({ isClosed, firstByteAtMs }: Exchange): boolean {
  return isClosed || !Number.isNaN(firstByteAtMs)
}

async function answerOf(exchange: Exchange): Promise<BurstAnswer> {
  const ms = exchange.firstByteAtMs - exchange.sentAtMs
  for (;;) {
    const received = readAnswer(exchange.received.toString())
    if (received !== undefined) return { ...received, ms }
    if (exchange.isClosed) return { headers: {}, body: '', ms }
    await sleep(POLL_MS)
  }
}

/** Undefined until all of it has come. */
function readAnswer(text: string): Received | undefined {
  const end = text.indexOf('\r\n\r\n')
  if (end === -1) return undefined
  const [first = '', ...lines] = text.slice(0, end).split('\r\n')
  const headers = Object.fromEntries(
    lines.map((line) => {
      const colon = line.indexOf(':')
      return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()]
    }),
  )
  const body = text.slice(end + 4)
  if (Buffer.byteLength(body) < Number(headers['content-length'])) return undefined
  return { status: Number(first.split(' ')[1]), headers, body }
}
