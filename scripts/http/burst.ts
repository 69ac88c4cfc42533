import { connect, type Socket } from 'node:net'

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

/**
 * Makes new connections at once, each with one request and the answer to it, which has to have a length, and keeps them until all
 * are answered. Times are taken at the sockets: making the connections takes this process longer than an answer may take.
 */
export async function burst(
  port: number,
  count: number,
  path: string,
  body: unknown,
): Promise<BurstAnswer[]> {
  const text = JSON.stringify(body)
  const head = `POST ${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nContent-Type: application/json\r\n`
  const request = Buffer.from(`${head}Content-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`)
  const sockets = Array.from({ length: count }, () => connect(port, '127.0.0.1').setNoDelay(true))
  const answers = await Promise.all(sockets.map((socket) => ask(socket, request)))
  for (const socket of sockets) socket.destroy()
  return answers
}

function ask(socket: Socket, request: Buffer): Promise<BurstAnswer> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = []
    let sentAt = Number.NaN
    let ms = Number.NaN
    socket.on('connect', () => {
      sentAt = performance.now()
      socket.write(request)
    })
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
