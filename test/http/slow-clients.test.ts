import { connect, type Socket } from 'node:net'
import { afterEach, describe, expect, onTestFinished, test, vi } from 'vitest'
import type { AnswerEvent } from '../../src/engine.js'
import { answer, fakeEngine } from './fake-engine.js'
import { serve } from './serve.js'

/** The limits as they are, twenty times shorter: what is slow here is slow by the same measure. */
vi.mock('../../src/http/limits.js', async (original) => {
  const limits = await original<typeof import('../../src/http/limits.js')>()
  const shorter = Object.entries(limits).filter(([name]) => name.endsWith('_MS'))
  return { ...limits, ...Object.fromEntries(shorter.map(([name, ms]) => [name, Number(ms) / 20])) }
})

afterEach(() => vi.restoreAllMocks())

function open(port: number): Socket & { readonly text: () => string } {
  const socket = connect(port, '127.0.0.1')
  onTestFinished(() => void socket.destroy())
  let text = ''
  socket.setEncoding('utf8').on('data', (chunk) => {
    text += chunk
  })
  socket.on('error', () => undefined)
  return Object.assign(socket, { text: () => text })
}

const closed = (socket: Socket) => new Promise<void>((resolve) => socket.once('close', () => resolve()))

/** Writes one byte after another, slowly, until the connection is closed. */
function drip(socket: Socket, text: string): void {
  let at = 0
  const timer = setInterval(() => socket.write(text[at++ % text.length] ?? ''), 10)
  socket.once('close', () => clearInterval(timer))
}

describe('a request that drips is answered 408 and closed', () => {
  test.each([
    ['headers', 'GET /v1/status HTTP/1.1\r\nHost: localhost\r\nX-Slow: ', 'x'],
    [
      'a JSON body',
      'POST /v1/search HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 900\r\n\r\n',
      '{',
    ],
    [
      'a body that nobody wants',
      'GET /v1/status HTTP/1.1\r\nHost: localhost\r\nContent-Length: 900\r\n\r\n',
      'x',
    ],
    [
      'a body of an unknown route',
      'PUT /nowhere HTTP/1.1\r\nHost: localhost\r\nContent-Length: 900\r\n\r\n',
      'x',
    ],
    [
      'a file',
      'PUT /v1/documents?uri=a.md HTTP/1.1\r\nHost: localhost\r\nContent-Length: 900000\r\n\r\n',
      'x',
    ],
    [
      'chunks',
      'POST /v1/search HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n',
      '1\r\n{\r\n',
    ],
  ])('%s', async (_, head, bytes) => {
    const { port } = await serve()
    const socket = open(port)
    socket.write(head)
    drip(socket, bytes)
    await closed(socket)
    // What is answered before the body has come is answered; either way the connection ends.
    expect(socket.text()).toMatch(/^(?:HTTP\/1\.1 (?:408|200|404|415) |$)/)
  })

  test('a file that gets on may take its time', async () => {
    const engine = fakeEngine()
    const { port } = await serve(engine)
    const socket = open(port)
    const over = closed(socket)
    const parts = 8
    const part = 'x'.repeat(100_000)
    socket.write(
      `PUT /v1/documents?uri=a.md HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: ${parts * part.length}\r\n\r\n`,
    )
    for (let i = 0; i < parts; i++) {
      socket.write(part)
      await new Promise((resolve) => setTimeout(resolve, 150))
    }
    await over
    expect(socket.text()).toMatch(/^HTTP\/1\.1 201 /)
  })
})

describe('a reader that takes nothing is dropped', () => {
  const large = 'x'.repeat(20_000_000)

  test('of a stream, while little of it waits for it', async () => {
    let isOver = false
    let waiting = 0
    const engine = fakeEngine({
      async *ask(): AsyncGenerator<AnswerEvent> {
        try {
          yield { type: 'sources', sources: [], standaloneQuestion: '' }
          for (let i = 0; i < 1_000; i++) {
            yield { type: 'delta', text: 'x'.repeat(50_000) }
            waiting = i
          }
          yield { type: 'done', answer: { ...answer, answer: large } }
        } finally {
          isOver = true
        }
      },
    })
    const { port } = await serve(engine)
    const socket = open(port)
    const body = '{"question":"x"}'
    socket.write(
      `POST /v1/ask HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
    )
    await new Promise((resolve) => socket.once('data', resolve))
    socket.pause()
    await expect.poll(() => isOver, { timeout: 20_000 }).toBe(true)
    // The system's own buffers take some megabytes on a loopback; the service holds no more than one of them.
    expect(waiting * 50_000).toBeLessThan(15_000_000)
    socket.resume()
    await closed(socket)
  })

  test('of one event that is larger than any buffer', async () => {
    const engine = fakeEngine({
      async *ask(): AsyncGenerator<AnswerEvent> {
        yield { type: 'sources', sources: [], standaloneQuestion: '' }
        yield { type: 'done', answer: { ...answer, answer: large } }
      },
    })
    const { port } = await serve(engine)
    const socket = open(port)
    const body = '{"question":"x"}'
    socket.write(
      `POST /v1/ask HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
    )
    await new Promise((resolve) => socket.once('data', resolve))
    socket.pause()
    await new Promise((resolve) => setTimeout(resolve, 3_500))
    socket.resume()
    await closed(socket)
    expect(socket.text().length).toBeLessThan(large.length)
  })

  test('of a whole answer', async () => {
    const { port } = await serve(fakeEngine({ answer: async () => ({ ...answer, answer: large }) }))
    const socket = open(port)
    const body = '{"question":"x"}'
    socket.write(
      `POST /v1/ask HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
    )
    await new Promise((resolve) => socket.once('data', resolve))
    socket.pause()
    await new Promise((resolve) => setTimeout(resolve, 3_500))
    socket.resume()
    await closed(socket)
    expect(socket.text().length).toBeLessThan(large.length)
  })

  test('but not one that waits for a slow answer', async () => {
    const engine = fakeEngine({
      answer: async () => {
        await new Promise((resolve) => setTimeout(resolve, 3_500))
        return answer
      },
    })
    const { url } = await serve(engine)
    const response = await fetch(`${url}/v1/ask`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"question":"x"}',
    })
    expect(response.status).toBe(200)
  })
})
