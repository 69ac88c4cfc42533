import { connect } from 'node:net'

/** An answer as it came. */
export type Refusal = {
  /** 0 when the connection broke. */
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

export type BurstAnswer = Refusal & {
  /** From when the request was handed to the system until the first byte of the answer was read. */
  readonly ms: number
}

/**
 * Makes new connections at once, each with one request and the answer to it, which has to have a length. Times are taken at the
 * sockets: making many connections takes this process longer than the service may take for an answer.
 */
export function burst(port: number, count: number, path: string, body: unknown): Promise<BurstAnswer[]> {
  const text = JSON.stringify(body)
  const head = `POST ${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nContent-Type: application/json\r\n`
  const request = Buffer.from(`${head}Content-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`)
  return Promise.all(Array.from({ length: count }, () => ask(port, request)))
}

function ask(port: number, request: Buffer): Promise<BurstAnswer> {
  return new Promise((resolve) => {
    const received: Buffer[] = []
    let sentAt = Number.NaN
    let ms = Number.NaN
    const socket = connect(port, '127.0.0.1', () => {
      sentAt = performance.now()
      socket.write(request)
    })
    socket.setNoDelay(true)
    socket.on('data', (chunk) => {
      if (received.length === 0) ms = performance.now() - sentAt
      received.push(chunk)
      const answer = readAnswer(Buffer.concat(received).toString('utf8'))
      if (answer === undefined) return
      resolve({ ...answer, ms })
      socket.destroy()
    })
    // After an answer these change nothing any more.
    socket.on('error', () => undefined)
    socket.on('close', () => resolve({ status: 0, headers: {}, body: '', ms }))
  })
}

/** Undefined until all of it has come. */
function readAnswer(text: string): Refusal | undefined {
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
