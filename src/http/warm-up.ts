import { once } from 'node:events'
import type { Server } from 'node:http'
import { type AddressInfo, connect } from 'node:net'

const HOST = '127.0.0.1'
/** After so many V8 has compiled what connections and requests run through, and remembers what it saw of it. */
const BURSTS = 6
const CONNECTIONS = 100
/** A start does not wait for what has not been answered for so long. */
const PATIENCE_MS = 1000

/**
 * Has a server that answers nobody else do what a burst asks of one: accept connections that come together, refuse requests that find
 * no room, read others as far as their body. `requests` are sent in turn, each over a connection of its own, where this
 * machine has any; none is sent any more once one was not answered. Closes the server.
 */
export async function warmUp(server: Server, requests: readonly string[]): Promise<void> {
  try {
    await once(server.listen(0, HOST), 'listening')
  } catch {
    return
  }
  const { port } = server.address() as AddressInfo
  const burst = Array.from({ length: CONNECTIONS / requests.length }, () => requests).flat()
  for (let i = 0; i < BURSTS; i++) {
    const areAnswered = await Promise.all(burst.map((request) => ask(port, request)))
    if (areAnswered.includes(false)) break
  }
  server.close()
}

/** The text of a request with a JSON body. */
export function requestWith(path: string, body: unknown): string {
  const text = JSON.stringify(body)
  const head = [`POST ${path} HTTP/1.1`, `Host: ${HOST}`, 'Content-Type: application/json']
  return `${[...head, `Content-Length: ${Buffer.byteLength(text)}`].join('\r\n')}\r\n\r\n${text}`
}

/** Waits until the answer begins; false when none came. */
function ask(port: number, request: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, HOST).setNoDelay(true)
    socket.on('connect', () => socket.write(request))
    socket.on('data', () => socket.destroy())
    socket.setTimeout(PATIENCE_MS, () => socket.destroy())
    socket.on('error', () => undefined)
    socket.on('close', () => resolve(socket.bytesRead > 0))
  })
}
