import { expect, test } from 'vitest'
import type { DuplicatesReport } from '../../src/engine.js'
import { GemdexError } from '../../src/errors.js'
import { fakeEngine } from './fake-engine.js'
import { errorOf, parseEvents, serve } from './serve.js'

const events = { accept: 'text/event-stream' }
const report: DuplicatesReport = { documents: 2, passages: 4, total: 0, groups: [] }

test('duplicates are asked for with their options', async () => {
  const engine = fakeEngine()
  const { url } = await serve(engine)
  const query = 'limit=3&similarity=0.7&level=passage&changes=true&filter=%7B%22a%22%3A1%7D'
  const response = await fetch(`${url}/v1/duplicates?${query}`)
  expect(response.status).toBe(200)
  expect(engine.calls).toEqual([
    {
      method: 'duplicates',
      args: [
        expect.objectContaining({
          limit: 3,
          similarity: 0.7,
          level: 'passage',
          changes: true,
          filter: { a: 1 },
        }),
      ],
    },
  ])
  const refused = await fetch(`${url}/v1/duplicates?similarity=0.2`)
  expect(refused.status).toBe(400)
  expect(await errorOf(refused)).toMatchObject({ code: 'BAD_INPUT', field: 'similarity' })
})

test('with events the client is told how far it is', async () => {
  const engine = fakeEngine({
    duplicates: async ({ onProgress } = {}) => {
      onProgress?.({ stage: 'reading', done: 1, total: 2 })
      await new Promise((resolve) => setTimeout(resolve, 20))
      onProgress?.({ stage: 'reading', done: 2, total: 2 })
      await new Promise((resolve) => setTimeout(resolve, 20))
      return report
    },
  })
  const { url } = await serve(engine)
  const response = await fetch(`${url}/v1/duplicates`, { headers: events })
  expect(response.headers.get('content-type')).toContain('text/event-stream')
  expect(parseEvents(await response.text())).toEqual([
    { event: 'progress', data: { stage: 'reading', done: 1, total: 2 } },
    { event: 'progress', data: { stage: 'reading', done: 2, total: 2 } },
    { event: 'done', data: report },
  ])
})

test('what goes wrong is told with its status, or as an event', async () => {
  const thrown = new GemdexError('NOT_FOUND', 'There is no collection named x')
  const { url } = await serve(fakeEngine({ duplicates: () => Promise.reject(thrown) }))
  expect((await fetch(`${url}/v1/duplicates`)).status).toBe(404)
  expect((await fetch(`${url}/v1/duplicates`, { headers: events })).status).toBe(404)
})

test('a client that leaves cancels the work, and the next one is served', async () => {
  let isCancelled = false
  const engine = fakeEngine({
    duplicates: ({ signal, onProgress, limit } = {}) => {
      if (limit === 1) return Promise.resolve(report)
      onProgress?.({ stage: 'reading', done: 1, total: 2 })
      return new Promise((_, reject) => {
        signal?.addEventListener('abort', () => {
          isCancelled = true
          reject(new GemdexError('CANCELLED', 'The operation was cancelled'))
        })
      })
    },
  })
  const { url } = await serve(engine)
  const controller = new AbortController()
  const { signal } = controller
  const response = await fetch(`${url}/v1/duplicates`, { headers: events, signal })
  await response.body?.getReader().read()
  controller.abort()
  await expect.poll(() => isCancelled).toBe(true)
  expect((await fetch(`${url}/v1/duplicates?limit=1`)).status).toBe(200)
})
