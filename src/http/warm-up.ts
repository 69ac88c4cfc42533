import { once } from 'node:events'
import type { Server } from 'node:http'
import { type AddressInfo, connect } from 'node:net'

const HOST = '127.0.0.1'
/** After so many requests V8 has compiled what they run through, and remembers what it saw of it. */
const CONNECTIONS = 10
const REQUESTS_OF_EACH = 20
/** A start does not wait for what has not been answered for so long. */
const PATIENCE_MS = 1000

/**
 * Has a server that answers nobody else do what a burst asks of one: accept connections, refuse requests that find no room, read
 * others as far as their body. `requests` are sent in turn over connections on this machine; does nothing where there are none.
 * Closes the server.
 */
export async function warmUp(server: Server, requests: readonly string[]): Promise<void> {
  try {
    await once(server.listen(0, HOST), 'listening')
  } catch {
    return
  }
  const { port } = server.address() as AddressInfo
  await Promise.all(Array.from({ length: CONNECTIONS }, () => converse(port, requests)))
  server.close()
}

/** The text of a request with a JSON body. */
export function requestWith(path: string, body: unknown): string {
  const text = JSON.stringify(body)
  const head = [`POST ${path} HTTP/1.1`, `Host: ${HOST}`, 'Content-Type: application/json']
  return `${[...head, `Content-Length: ${Buffer.byteLength(text)}`].join('\r\n')}\r\n\r\n${text}`
}

/** Each request as soon as the one before is answered. */
function converse(port: number, requests: readonly string[]): Promise<void> {
  return new Promise((resolve) => {
    const socket = connect(port, HOST).setNoDelay(true)
    let sent = 0
    const send = () => {
      const request = requests[sent % requests.length]
      if (request === undefined || sent++ === REQUESTS_OF_EACH) socket.destroy()
      else socket.write(request)
    }
    socket.on('connect', send).on('data', send)
    socket.setTimeout(PATIENCE_MS, () => socket.destroy())
    socket.on('error', () => undefined)
    socket.on('close', () => resolve())
  })
}
