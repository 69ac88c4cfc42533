import { EventEmitter, once } from 'node:events'
import { createServer, type Server } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { expect, test } from 'vitest'
import { createArrivals } from '../../src/http/arrivals.js'

test('waits until all connections that came together have been accepted', async () => {
  const arrivals = createArrivals()
  const server = createServer()
  arrivals.watch(server)
  let accepted = 0
  server.on('connection', () => accepted++)
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const { port } = server.address() as AddressInfo
  const first = once(server, 'connection')
  // All in one turn: the system has made them before the first is accepted.
  const sockets = Array.from({ length: 20 }, () => connect(port, '127.0.0.1'))
  await first
  expect(accepted).toBeLessThan(20)
  expect(arrivals.areOver).toBe(false)
  await arrivals.settled(10_000)
  expect(accepted).toBe(20)
  expect(arrivals.areOver).toBe(true)
  for (const socket of sockets) socket.destroy()
  server.close()
})

test('waits no longer than it may while more and more come, and a turn when none has', async () => {
  const arrivals = createArrivals()
  const server = new EventEmitter()
  arrivals.watch(server as Server)
  let isOver = false
  let came = 0
  const come = () => {
    if (isOver) return
    came++
    server.emit('connection')
    setImmediate(come)
  }
  await arrivals.settled(10_000)
  come()
  await arrivals.settled(5)
  isOver = true
  expect(came).toBeGreaterThan(2)
})

test('takes a gap between connections that come in a burst for no end of it', async () => {
  const arrivals = createArrivals()
  const server = new EventEmitter()
  arrivals.watch(server as Server)
  let came = 0
  const come = () => {
    came++
    server.emit('connection')
  }
  for (let i = 0; i < 3; i++) come()
  setTimeout(come, 1)
  await arrivals.settled(10_000)
  expect(came).toBe(4)
})

test('waits while turns of the loop still read requests, on connections that were there before', async () => {
  const arrivals = createArrivals()
  arrivals.watch(new EventEmitter() as Server)
  let read = 0
  const readOne = () => {
    arrivals.count()
    if (++read < 10) setImmediate(readOne)
  }
  readOne()
  await arrivals.settled(10_000)
  expect(read).toBe(10)
  expect(arrivals.areOver).toBe(true)
})

test('lets one go on in each turn, in the order of asking', async () => {
  const arrivals = createArrivals()
  arrivals.watch(new EventEmitter() as Server)
  let turns = 0
  let isOver = false
  const count = () => {
    turns++
    if (!isOver) setImmediate(count)
  }
  setImmediate(count)
  const wentOn = await Promise.all(
    [0, 1, 2].map(async (asked) => {
      await arrivals.settled(10_000)
      return { asked, turn: turns }
    }),
  )
  isOver = true
  const [first = { turn: Number.NaN }] = wentOn
  expect(wentOn).toEqual([0, 1, 2].map((asked) => ({ asked, turn: first.turn + asked })))
})
