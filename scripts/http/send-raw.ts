import { connect } from 'node:net'

export type RawAnswer = {
  /** 0 when the connection ended without an answer. */
  readonly status: number
  readonly head: string
  readonly body: string
  /** Whether nothing had come, and nothing had ended, when the time was over. */
  readonly isHung: boolean
}

/**
 * Sends bytes as they are, half-closes the connection, and reads the first final answer. A stream of events is taken for answered
 * when its head has come.
 */
export function sendRaw(port: number, parts: readonly Buffer[], timeoutMs: number): Promise<RawAnswer> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = []
    const socket = connect(port, '127.0.0.1')
    let isHung = false
    const timer = setTimeout(() => {
      isHung = true
      socket.destroy()
    }, timeoutMs)
    socket.on('connect', async () => {
      for (const part of parts) {
        socket.write(part)
        if (parts.length > 1) await new Promise(setImmediate)
      }
      socket.end()
    })
    socket.on('data', (chunk) => {
      chunks.push(chunk)
      const { head } = parse(Buffer.concat(chunks))
      if (/\r\ncontent-type: text\/event-stream/i.test(head)) socket.destroy()
    })
    // A reset after the answer takes nothing from it.
    socket.on('error', () => undefined)
    socket.on('close', () => {
      clearTimeout(timer)
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
