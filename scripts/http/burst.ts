import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

/** An answer as it came; without a status when the connection broke. */
export type Received = {
  readonly status?: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

export type BurstAnswer = Received & {
  /** From when the request was handed to the system until the first byte of the answer was read. */
  readonly ms: number
}

/** `new` ones are made as part of the burst, `open` ones stand and are idle when it begins. */
export type Connections = 'new' | 'open'

/** Time for a server to accept connections before the burst, and to have nothing left to do for them. */
const SETTLE_MS = 500

/**
 * Sends requests at once, each over a connection of its own, and keeps these until all are answered; answers have to have a length.
 * Times are taken at the sockets: making the connections takes this process longer than an answer may take.
 */
export async function burst(
  port: number,
  count: number,
  connections: Connections,
  path: string,
  body: unknown,
): Promise<BurstAnswer[]> {
  const text = JSON.stringify(body)
  const head = `POST ${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nContent-Type: application/json\r\n`
  const request = Buffer.from(`${head}Content-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`)
  const sockets = Array.from({ length: count }, () => connect(port, '127.0.0.1').setNoDelay(true))
  if (connections === 'open') {
    await Promise.all(sockets.map((socket) => once(socket, 'connect')))
    await sleep(SETTLE_MS)
  }
  const answers = await Promise.all(sockets.map((socket) => ask(socket, request)))
  for (const socket of sockets) socket.destroy()
  return answers
}

function ask(socket: Socket, request: Buffer): Promise<BurstAnswer> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = []
    let sentAt = Number.NaN
    let ms = Number.NaN
    const send = () => {
      sentAt = performance.now()
      socket.write(request)
    }
    if (socket.connecting) socket.on('connect', send)
    else send()
    socket.on('data', (chunk) => {
      if (chunks.length === 0) ms = performance.now() - sentAt
      chunks.push(chunk)
      const received = readAnswer(Buffer.concat(chunks).toString())
      if (received !== undefined) resolve({ ...received, ms })
    })
    // After an answer these change nothing any more.
    socket.on('error', () => undefined)
    socket.on('close', () => resolve({ headers: {}, body: '', ms }))
  })
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
