import { readFileSync } from 'node:fs'
import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { percentile } from './call-service.js'
import { readLog } from './read-log.js'
import type { Service } from './start-service.js'

const AT_ONCE = 100
const BODY_BYTES = 1e9
const MAX_GROWTH_BYTES = 100e6
const PIECE = Buffer.alloc(64 << 10, 'x')
const GIVEN_UP_MS = 20_000

type Sent = {
  readonly status: number
  readonly bytes: number
  /** From when the connection was asked for, and from when the head was handed to the system. */
  readonly ms: number
  readonly msOfHead: number
}

/** A hundred bodies of a gigabyte at once, with a length and in chunks without one. */
export async function stressBodies(service: Service): Promise<boolean> {
  const { port, child } = service
  const log = readLog(service)
  const residentBytes = () => {
    const [, kilobytes] = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8')) ?? []
    return Number(kilobytes) * 1024
  }
  const head = 'POST /v1/search HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n'
  const before = residentBytes()
  let peak = before
  const sampling = setInterval(() => {
    peak = Math.max(peak, residentBytes())
  }, 10)
  const sent = await Promise.all(
    Array.from({ length: AT_ONCE }, (_, i) =>
      i % 2 === 0
        ? send(port, `${head}Content-Length: ${BODY_BYTES}\r\n\r\n`, PIECE)
        : send(port, `${head}Transfer-Encoding: chunked\r\n\r\n`, chunkOf(PIECE)),
    ),
  )
  await sleep(500)
  clearInterval(sampling)
  const refused = sent.filter(({ status }) => status === 413)
  const growth = peak - before
  log.stop()
  const most = (times: readonly number[]) => percentile(times, 1).toFixed(0)
  const byLog = log.requests.filter(({ status }) => status === 413).map(({ ms }) => ms)
  const bytes = Math.max(...sent.map((each) => each.bytes))
  console.log(
    `bodies: ${refused.length} of ${AT_ONCE} bodies of 1 GB answered 413, ${(bytes / 1e6).toFixed(2)} MB sent at most; memory ${(growth / 1e6).toFixed(0)} MB more (<= 100)`,
  )
  console.log(
    `  after at most ${most(sent.map(({ ms }) => ms))} ms (<= 1000), ${most(sent.map(({ msOfHead }) => msOfHead))} ms since the head was sent; as the service has it ${most(byLog)} ms`,
  )
  return refused.length === AT_ONCE && growth <= MAX_GROWTH_BYTES
}

function chunkOf(bytes: Buffer): Buffer {
  return Buffer.concat([Buffer.from(`${bytes.length.toString(16)}\r\n`), bytes, Buffer.from('\r\n')])
}

/** Sends pieces as fast as they are taken until there is an answer. */
function send(port: number, head: string, piece: Buffer): Promise<Sent> {
  const started = performance.now()
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    let bytes = 0
    let headAt = Number.NaN
    const end = (status: number) => {
      clearTimeout(timer)
      const now = performance.now()
      resolve({ status, bytes, ms: now - started, msOfHead: now - headAt })
      socket.destroy()
    }
    const timer = setTimeout(() => end(0), GIVEN_UP_MS)
    const more = () => {
      while (!socket.destroyed && bytes < BODY_BYTES) {
        bytes += piece.length
        if (!socket.write(piece)) return
      }
    }
    socket.on('data', (data) => end(Number(/^HTTP\/1\.1 (\d{3})/.exec(data.toString('latin1'))?.[1] ?? 0)))
    socket
      .on('error', () => end(0))
      .on('close', () => end(0))
      .on('drain', more)
    socket.on('connect', () => {
      headAt = performance.now()
      socket.write(head)
      more()
    })
  })
}
