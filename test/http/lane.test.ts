import { availableParallelism } from 'node:os'
import { describe, expect, test } from 'vitest'
import { GemdexError } from '../../src/errors.js'
import { defaultLaneSizes } from '../../src/http/create-http-server.js'
import { createLane } from '../../src/http/lane.js'
import { answer, fakeEngine, searchResult } from './fake-engine.js'
import { errorOf, post, sendRaw, serve } from './serve.js'

const turn = () => new Promise(setImmediate)

describe('a lane', () => {
  test('lets so many in at once, and the others in the order they came', async () => {
    const lane = createLane('things', { atOnce: 2, waiting: 3 })
    const order: number[] = []
    const enter = async (i: number) => {
      const leave = await lane.enter()
      order.push(i)
      return leave
    }
    const first = await enter(0)
    await enter(1)
    const rest = [2, 3, 4].map(enter)
    await turn()
    expect([lane.active, lane.waiting, order]).toEqual([2, 3, [0, 1]])
    first()
    await rest[0]
    expect([lane.active, lane.waiting, order]).toEqual([2, 2, [0, 1, 2]])
    // A place is given back once, whoever says so twice.
    first()
    await turn()
    expect([lane.active, lane.waiting]).toEqual([2, 2])
  })

  test('refuses at once what would have to wait behind too many', async () => {
    const lane = createLane('things', { atOnce: 1, waiting: 1 })
    await lane.enter()
    void lane.enter()
    await expect(lane.enter()).rejects.toMatchObject({
      code: 'OVERLOADED',
      retryable: true,
      retryAfterMs: 1_000,
      message: expect.stringContaining('1 things are under way and 1 wait'),
    })
    expect(lane.refused).toBe(1)
  })

  test('keeps its queue short in a rush, until those who come would find room', async () => {
    let nowMs = 0
    const lane = createLane('things', { atOnce: 4, waiting: 5 }, () => nowMs)
    const entered: Promise<() => void>[] = []
    const fill = () => {
      while (!lane.isFull) entered.push(lane.enter())
      return [lane.active, lane.waiting]
    }
    const refuse = async (times: number) => {
      for (let i = 0; i < times; i++) await expect(lane.enter()).rejects.toMatchObject({ code: 'OVERLOADED' })
    }
    const finish = async () => {
      for (const one of entered.splice(0)) (await one)()
    }
    expect(fill()).toEqual([4, 5])
    await refuse(15)
    expect(lane.waiting).toBe(5)
    const sentAway = Promise.allSettled(entered.splice(5))
    await refuse(1)
    expect(lane.waiting).toBe(1)
    expect(await sentAway).toEqual(
      Array(4).fill({ status: 'rejected', reason: expect.objectContaining({ code: 'OVERLOADED' }) }),
    )
    expect(lane.refused).toBe(20)
    // Sixteen in three seconds go on with it.
    nowMs = 2_999
    expect(fill()).toEqual([4, 1])
    await refuse(16)
    nowMs = 5_998
    expect(fill()).toEqual([4, 1])
    // Fewer end it, though some are still refused.
    await refuse(15)
    nowMs = 5_999
    expect(fill()).toEqual([4, 5])
    await finish()
  })

  test('lets one wait in a rush where few are served at once, unless nobody may', async () => {
    const lane = createLane('things', { atOnce: 2, waiting: 20 }, () => 0)
    for (let i = 0; i < 2 + 20 + 20; i++) lane.enter().catch(() => {})
    expect([lane.active, lane.waiting, lane.refused]).toEqual([2, 1, 39])
    const bare = createLane('things', { atOnce: 1, waiting: 0 }, () => 0)
    for (let i = 0; i < 1 + 20; i++) bare.enter().catch(() => {})
    expect([bare.active, bare.waiting, bare.refused]).toEqual([1, 0, 20])
  })

  test('serves as many at once as there are processors where the work is done here', () => {
    const atOnce = (done: { embedsHere?: boolean; answersHere?: boolean }) => {
      const { reading, answering } = defaultLaneSizes(done)
      return [reading.atOnce, answering.atOnce]
    }
    expect(atOnce({})).toEqual([64, 64])
    expect(atOnce({ embedsHere: true })).toEqual([availableParallelism(), 64])
    expect(atOnce({ answersHere: true })).toEqual([64, availableParallelism()])
  })

  test('counts those who are expected as if they had entered, and nobody twice', async () => {
    const lane = createLane('things', { atOnce: 2, waiting: 1 })
    let arrive = () => {}
    const arrived = new Promise<void>((resolve) => {
      arrive = resolve
    })
    const expected = Array.from({ length: 3 }, () => lane.expect(arrived))
    expect([lane.active, lane.waiting, lane.isFull]).toEqual([0, 0, true])
    await expect(lane.expect(arrived)).rejects.toMatchObject({
      code: 'OVERLOADED',
      message: 'The service is busy: 2 things are under way and 1 wait already',
    })
    arrive()
    await Promise.all(expected)
    expect(lane.isFull).toBe(false)
    await Promise.all([lane.enter(), lane.enter()])
    void lane.enter()
    expect([lane.active, lane.waiting, lane.isFull]).toEqual([2, 1, true])
  })

  test('expects those no longer, in a rush, who would have to wait', async () => {
    const lane = createLane('things', { atOnce: 4, waiting: 5 })
    const expected = Array.from({ length: 9 }, () => lane.expect(new Promise(() => {})))
    const sentAway = Promise.allSettled(expected.slice(5))
    for (let i = 0; i < 16; i++) lane.refuse()
    expect(await sentAway).toEqual(
      Array(4).fill({ status: 'rejected', reason: expect.objectContaining({ code: 'OVERLOADED' }) }),
    )
    expect([lane.refused, lane.isFull]).toEqual([20, true])
  })

  test('tells those it refuses to come back at different times', async () => {
    const lane = createLane('things', { atOnce: 1, waiting: 0 })
    await lane.enter()
    const told = Array.from({ length: 4 }, () => lane.refuse().retryAfterMs)
    expect(told).toEqual([1_000, 2_000, 3_000, 1_000])
  })

  test('loses nobody, and keeps no place for whoever leaves the queue', async () => {
    const lane = createLane('things', { atOnce: 1, waiting: 2 })
    const leave = await lane.enter()
    const controller = new AbortController()
    const gone = lane.enter(controller.signal)
    const stays = lane.enter()
    controller.abort(new GemdexError('CANCELLED', 'The client left'))
    await expect(gone).rejects.toMatchObject({ message: 'The client left' })
    expect(lane.waiting).toBe(1)
    leave()
    await stays
    expect([lane.active, lane.waiting]).toEqual([1, 0])
    await expect(lane.enter(AbortSignal.abort())).rejects.toMatchObject({ code: 'CANCELLED' })
  })

  test('holds no signal once its work has begun', async () => {
    const lane = createLane('things', { atOnce: 1, waiting: 1 })
    const controller = new AbortController()
    const leave = await lane.enter()
    const second = lane.enter(controller.signal)
    leave()
    const leaveSecond = await second
    controller.abort()
    expect(lane.active).toBe(1)
    leaveSecond()
    expect(lane.active).toBe(0)
  })
})

describe('a busy service', () => {
  const gate = () => {
    let open = () => {}
    const opened = new Promise<void>((resolve) => {
      open = resolve
    })
    return { opened, open: () => open() }
  }

  test('answers 503 with Retry-After when its queue is full, and everything that waited', async () => {
    const { opened, open } = gate()
    const engine = fakeEngine({
      search: async () => {
        await opened
        return searchResult
      },
    })
    const { url } = await serve(engine, { laneSizes: { reading: { atOnce: 2, waiting: 2 } } })
    const waiting = Array.from({ length: 4 }, () => fetch(`${url}/v1/search?q=x`))
    await expect.poll(() => engine.calls.length).toBe(2)
    const refused = await fetch(`${url}/v1/search?q=x`)
    expect(refused.status).toBe(503)
    expect(refused.headers.get('retry-after')).toBe('1')
    expect(await errorOf(refused)).toMatchObject({ code: 'OVERLOADED' })
    // What is slow in one lane holds up no other, and nothing that says how the service is.
    expect((await post(`${url}/v1/ask`, { question: 'x' })).status).toBe(200)
    expect((await fetch(`${url}/healthz`)).status).toBe(200)
    expect(await (await fetch(`${url}/metrics`)).text()).toMatch(
      /gemdex_requests_waiting\{lane="reading"\} 2\n/,
    )
    open()
    for (const response of await Promise.all(waiting)) expect(response.status).toBe(200)
    expect((await fetch(`${url}/v1/search?q=x`)).status).toBe(200)
  })

  test('makes maps in the lane of surveys, and gives one that is there meanwhile', async () => {
    const { opened, open } = gate()
    let isThere = false
    const made = await fakeEngine().map()
    const engine = fakeEngine({
      duplicates: async () => {
        await opened
        return { documents: 0, passages: 0, total: 0, groups: [] }
      },
      async map({ admit } = {}) {
        if (!isThere) (await admit?.(new AbortController().signal))?.()
        return made
      },
    })
    const { url } = await serve(engine, { laneSizes: { surveying: { atOnce: 1, waiting: 0 } } })
    const survey = fetch(`${url}/v1/duplicates`)
    await expect.poll(() => engine.calls.some(({ method }) => method === 'duplicates')).toBe(true)
    expect((await fetch(`${url}/v1/map`)).status).toBe(503)
    isThere = true
    expect((await fetch(`${url}/v1/map`)).status).toBe(200)
    open()
    expect((await survey).status).toBe(200)
    isThere = false
    expect((await fetch(`${url}/v1/map`)).status).toBe(200)
  })

  test('refuses before anything is made of a request, in the shape of every answer', async () => {
    const { opened, open } = gate()
    const engine = fakeEngine({
      search: async () => {
        await opened
        return searchResult
      },
      answer: async () => {
        await opened
        return answer
      },
    })
    const one = { atOnce: 1, waiting: 0 }
    const { url, port, lines } = await serve(engine, { laneSizes: { reading: one, answering: one } })
    const busy = [fetch(`${url}/v1/search?q=x`), post(`${url}/v1/ask`, { question: 'x' })]
    await expect.poll(() => engine.calls.filter(({ method }) => /search|answer/.test(method)).length).toBe(2)
    const refused = await post(`${url}/v1/search`, 'not even JSON', { 'x-request-id': 'mine' })
    expect(refused.status).toBe(503)
    expect(refused.headers.get('x-request-id')).toBe('mine')
    expect(refused.headers.get('content-security-policy')).toContain("default-src 'none'")
    expect(refused.headers.get('cache-control')).toBe('no-store')
    // A short body is passed over; the connection stays.
    expect(refused.headers.get('connection')).toBe('keep-alive')
    expect(await errorOf(refused)).toMatchObject({ code: 'OVERLOADED', requestId: 'mine' })
    await expect
      .poll(() => lines.map(({ facts }) => facts))
      .toContainEqual(
        expect.objectContaining({ route: '/v1/search', status: 503, code: 'OVERLOADED', requestId: 'mine' }),
      )
    const chat = await post(`${url}/v1/chat/completions`, '')
    expect(chat.status).toBe(503)
    expect(await errorOf(chat)).toMatchObject({ code: 'OVERLOADED', type: 'server_error', param: null })
    // Who may not come in at all is told so first.
    const foreign = 'GET /v1/search?q=x HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n'
    expect((await sendRaw(port, foreign)).status).toBe(403)
    open()
    for (const response of await Promise.all(busy)) expect(response.status).toBe(200)
  })

  test('lets the pages it allows see that it is busy', async () => {
    const { opened, open } = gate()
    const engine = fakeEngine({
      search: async () => {
        await opened
        return searchResult
      },
    })
    const origin = 'https://docs.example.org'
    const { url } = await serve(engine, {
      corsOrigins: [origin],
      laneSizes: { reading: { atOnce: 1, waiting: 0 } },
    })
    const busy = fetch(`${url}/v1/search?q=x`)
    await expect.poll(() => engine.calls.length).toBe(1)
    const refused = await post(`${url}/v1/search`, { query: 'x' }, { origin })
    expect(refused.status).toBe(503)
    expect(refused.headers.get('access-control-allow-origin')).toBe(origin)
    open()
    await busy
  })

  test('gives the place of a client that leaves to the next', async () => {
    const { opened, open } = gate()
    const engine = fakeEngine({
      search: async () => {
        await opened
        return searchResult
      },
    })
    const { url } = await serve(engine, { laneSizes: { reading: { atOnce: 1, waiting: 1 } } })
    const first = fetch(`${url}/v1/search?q=1`)
    await expect.poll(() => engine.calls.length).toBe(1)
    const controller = new AbortController()
    const second = fetch(`${url}/v1/search?q=2`, { signal: controller.signal }).catch(() => 'left')
    const metrics = async () => (await fetch(`${url}/metrics`)).text()
    await expect.poll(metrics).toMatch(/gemdex_requests_waiting\{lane="reading"\} 1\n/)
    controller.abort()
    await expect.poll(metrics).toMatch(/gemdex_requests_waiting\{lane="reading"\} 0\n/)
    const third = fetch(`${url}/v1/search?q=3`)
    open()
    expect(await second).toBe('left')
    for (const response of [await first, await third]) expect(response.status).toBe(200)
    const searches = engine.calls.filter(({ method }) => method === 'search')
    expect(searches.map(({ args }) => (args[0] as { query: string }).query)).toEqual(['1', '3'])
  })

  test('holds a place as long as an answer streams', async () => {
    const { opened, open } = gate()
    const engine = fakeEngine({
      async *ask() {
        yield { type: 'sources', sources: [], standaloneQuestion: '' }
        await opened
        yield { type: 'done', answer: (await fakeEngine().answer('x')) as never }
      },
    })
    const { url } = await serve(engine, { laneSizes: { answering: { atOnce: 1, waiting: 0 } } })
    const stream = { accept: 'text/event-stream' }
    const first = await post(`${url}/v1/ask`, { question: 'x' }, stream)
    expect((await post(`${url}/v1/ask`, { question: 'x' })).status).toBe(503)
    expect((await post(`${url}/v1/ask`, { question: 'x' }, stream)).status).toBe(503)
    open()
    expect(await first.text()).toContain('event: done')
    await expect.poll(async () => (await post(`${url}/v1/ask`, { question: 'x' })).status).toBe(200)
  })
})
