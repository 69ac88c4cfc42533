import type { Server } from 'node:http'
import type { Socket } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import { GemdexError } from '../errors.js'
import { type Arrivals, turns } from './arrivals.js'
import type { Call } from './call.js'

/** How long closing waits, in milliseconds since it began. */
export type DrainTimes = {
  /** Clients are told `Connection: close` and not ready, and still served, before nothing more is accepted. */
  readonly settleMs: number
  /** Streams of events that have not ended get an `error` event. */
  readonly streamsMs: number
  /** Requests that have not ended are aborted and answered 503; one second later their connections are cut. */
  readonly requestsMs: number
}

/** With 50 keep-alive clients, 300 ms broke none of 3,704 requests that had begun. All of it ends within 10 seconds. */
export const defaultDrainTimes: DrainTimes = { settleMs: 300, streamsMs: 2_000, requestsMs: 8_000 }

/** Time for the first request of connections made just before nothing more was accepted. */
const LATECOMERS_MS = 50
const CUT_AFTER_MS = 1_000

export type Drain = {
  readonly isClosing: () => boolean
  /** Watches a call: its answer says `Connection: close` when it is sent while closing. */
  readonly add: (call: Call) => void
  /** Runs a call's work; closing ends no earlier than it does. */
  readonly during: <T>(call: Call, work: () => Promise<T>) => Promise<T>
  /** Watches the connections of a server. */
  readonly watch: (server: Server) => void
  /** Ends everything gracefully, within `requestsMs` and a second. */
  readonly close: (server: Server) => Promise<void>
}

/** Keeps account of connections and calls, so that closing breaks no request that has begun. */
export function createDrain(times: DrainTimes, arrivals: Arrivals): Drain {
  /** Each open connection with its calls that are not answered yet. */
  const connections = new Map<Socket, Set<Call>>()
  const working = new Set<Call>()
  let closing = false
  let endsIdle = false

  const endWhenIdle = (socket: Socket) => {
    if (endsIdle && connections.get(socket)?.size === 0) socket.destroySoon()
  }
  const announceClose = ({ response }: Call) => {
    if (!response.headersSent) response.setHeader('connection', 'close')
  }
  const giveUp = (call: Call) => call.abort(new GemdexError('UNAVAILABLE', 'The service is closing'))
  const allCalls = () => [...connections.values()].flatMap((calls) => [...calls])

  async function drain(server: Server): Promise<void> {
    const started = performance.now()
    closing = true
    allCalls().forEach(announceClose)
    const timers = [
      after(times.streamsMs, () =>
        allCalls()
          .filter((call) => call.streaming)
          .forEach(giveUp),
      ),
      after(times.requestsMs, () => new Set([...allCalls(), ...working]).forEach(giveUp)),
      after(times.requestsMs + CUT_AFTER_MS, () => {
        for (const socket of connections.keys()) socket.destroy()
      }),
    ]
    if (connections.size > 0) await wait(times.settleMs)
    // Closing would reset those that were made and not accepted, with what they have sent.
    await turns(2)
    await arrivals.settled(times.streamsMs)
    const closed = new Promise<void>((resolve) => server.close(() => resolve()))
    if (connections.size > 0) await wait(Math.min(LATECOMERS_MS, times.settleMs))
    await turns(2)
    endsIdle = true
    for (const socket of connections.keys()) endWhenIdle(socket)
    await closed
    const deadline = started + times.requestsMs + CUT_AFTER_MS
    while (working.size > 0 && performance.now() < deadline) await wait(10)
    timers.forEach(clearTimeout)
  }

  return {
    isClosing: () => closing,
    add(call) {
      // Not the response's socket: it has none yet while an earlier answer on the connection is pending.
      const { socket } = call.response.req
      if (closing) announceClose(call)
      connections.get(socket)?.add(call)
      call.response.on('close', () => {
        connections.get(socket)?.delete(call)
        endWhenIdle(socket)
      })
    },
    async during(call, work) {
      working.add(call)
      try {
        return await work()
      } finally {
        working.delete(call)
      }
    },
    watch(server) {
      server.on('connection', (socket: Socket) => {
        connections.set(socket, new Set())
        socket.on('close', () => connections.delete(socket))
      })
    },
    close: drain,
  }
}

function after(ms: number, run: () => void): NodeJS.Timeout {
  return setTimeout(run, ms)
}
