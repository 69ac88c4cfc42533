import { connect } from 'node:net'

export type RawAnswer = {
  /** 0 when the connection ended without an answer. */
  readonly status: number
  readonly head: string
  readonly body: string
  /** Whether nothing had come, and nothing had ended, when the time was over. */
  readonly isHung: boolean
}

/** A request that is not complete is ended after this time; earlier, Node would close a connection on which an answer is being made. */
const HALF_CLOSE_MS = 150

/**
 * Sends bytes as they are, reads the first final answer, and half-closes the connection when it has come or is late. A stream of events is taken for answered
 * when its head has come.
 */
export function sendRaw(port: number, parts: readonly Buffer[], timeoutMs: number): Promise<RawAnswer> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = []
    const socket = connect(port, '127.0.0.1')
    let isHung = false
    let halfClose: NodeJS.Timeout | undefined
    const timer = setTimeout(() => {
      isHung = true
      socket.destroy()
    }, timeoutMs)
    socket.on('connect', async () => {
      for (const part of parts) {
        socket.write(part)
        if (parts.length > 1) await new Promise(setImmediate)
      }
      halfClose = setTimeout(() => socket.end(), HALF_CLOSE_MS)
    })
    socket.on('data', (chunk) => {
      chunks.push(chunk)
      const { head } = parse(Buffer.concat(chunks))
      if (head !== '') socket.end()
      if (/\r\ncontent-type: text\/event-stream/i.test(head)) socket.destroy()
    })
    // A reset after the answer takes nothing from it.
    socket.on('error', () => undefined)
    socket.on('close', () => {
      clearTimeout(timer)
      clearTimeout(halfClose)
      resolve({ ...parse(Buffer.concat(chunks)), isHung: isHung && chunks.length === 0 })
    })
  })
}

function parse(bytes: Buffer): { readonly status: number; readonly head: string; readonly body: string } {
  const text = bytes.toString('latin1').replace(/^(?:HTTP\/1\.1 100 Continue\r\n\r\n)+/, '')
  const end = text.indexOf('\r\n\r\n')
  if (end < 0) return { status: 0, head: '', body: '' }
  const head = text.slice(0, end)
  const rest = text.slice(end + 4)
  const length = /\r\ncontent-length: (\d+)/i.exec(head)?.[1]
  const body = Buffer.from(length === undefined ? rest : rest.slice(0, Number(length)), 'latin1').toString()
  return { status: Number(/^HTTP\/1\.1 (\d{3})/.exec(head)?.[1] ?? 0), head, body }
}
