import { Agent, request } from 'node:http'

export type Called = {
  /** 0 when the connection broke. */
  readonly status: number
  readonly body: string
  readonly retryAfter: string | undefined
  /** `performance.now()` when it was sent, and how long it took to the end of the answer. */
  readonly sentAt: number
  readonly ms: number
}

export type CallOptions = {
  readonly method?: string
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
}

/** Calls the service on this machine over connections that are kept; what goes wrong is status 0. */
export function createCaller(port: number, sockets: number) {
  const agent = new Agent({ keepAlive: true, maxSockets: sockets })

  function call(path: string, { method, body, headers = {} }: CallOptions = {}): Promise<Called> {
    const sentAt = performance.now()
    const text = body === undefined ? undefined : JSON.stringify(body)
    const own =
      text === undefined
        ? {}
        : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) }
    return new Promise((resolve) => {
      const end = (status: number, received: string, retryAfter?: string) =>
        resolve({ status, body: received, retryAfter, sentAt, ms: performance.now() - sentAt })
      const sent = request({
        agent,
        port,
        host: '127.0.0.1',
        path,
        method: method ?? (text === undefined ? 'GET' : 'POST'),
        headers: { ...own, ...headers },
      })
      sent.on('error', () => end(0, ''))
      sent.on('response', (response) => {
        let received = ''
        response.setEncoding('utf8').on('data', (chunk: string) => {
          received += chunk
        })
        response.on('end', () =>
          end(response.complete ? (response.statusCode ?? 0) : 0, received, response.headers['retry-after']),
        )
        response.on('error', () => end(0, received))
      })
      sent.end(text)
    })
  }

  return { call, close: () => agent.destroy() }
}

/** Of times in milliseconds; NaN of none. */
export function percentile(list: readonly number[], share: number): number {
  const sorted = list.toSorted((a, b) => a - b)
  return sorted[Math.floor(share * (sorted.length - 1))] ?? Number.NaN
}
