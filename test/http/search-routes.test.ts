import { describe, expect, test } from 'vitest'
import { fakeEngine, searchResult, summary } from './fake-engine.js'
import { errorOf, post, serve } from './serve.js'

describe('search with everything it takes', () => {
  const filter = { author: 'Ada', time: { $gte: '2024' } }
  const options = {
    task: 'code',
    exact: true,
    literal: true,
    diversity: 0.5,
    halfLifeDays: 30,
    rerank: true,
    expand: true,
    hyde: true,
    dates: true,
  }

  test('POST hands filter, facets and options to the engine', async () => {
    const engine = fakeEngine()
    const { url } = await serve(engine)
    const body = { query: 'laptop', filter, facets: ['type', 'author'], ...options }
    expect(await (await post(`${url}/v1/search`, body)).json()).toEqual(searchResult)
    expect(engine.calls[0]?.args).toEqual([{ ...body, signal: expect.any(AbortSignal) }])
  })

  test('GET takes the filter as JSON and facets comma-separated', async () => {
    const engine = fakeEngine()
    const { url } = await serve(engine)
    const query = new URLSearchParams({
      q: 'laptop',
      filter: JSON.stringify(filter),
      facets: 'type,author',
      ...Object.fromEntries(Object.entries(options).map(([name, value]) => [name, String(value)])),
    })
    await fetch(`${url}/v1/search?${query}`)
    expect(engine.calls[0]?.args).toEqual([
      { query: 'laptop', filter, facets: ['type', 'author'], ...options, signal: expect.any(AbortSignal) },
    ])
  })

  test.each([
    ['filter', 'q=x&filter=%7B'],
    ['filter', 'q=x&filter=3'],
    ['facets.1', 'q=x&facets=a,'],
    ['halfLifeDays', 'q=x&halfLifeDays=-1'],
  ])('a wrong %s is refused', async (field, query) => {
    const { url } = await serve()
    const response = await fetch(`${url}/v1/search?${query}`)
    expect(response.status).toBe(400)
    expect((await errorOf(response)).message).toContain(field)
  })
})

describe('similar documents and suggestions', () => {
  test('similar hands id and options on', async () => {
    const engine = fakeEngine()
    const { url } = await serve(engine)
    const response = await fetch(
      `${url}/v1/documents/${summary.id}/similar?limit=3&collapse=true&filter=%7B%22a%22%3A1%7D`,
    )
    expect(await response.json()).toMatchObject({ documentId: summary.id, hits: [{ title: 'Onboarding' }] })
    expect(engine.calls).toEqual([
      { method: 'similar', args: [summary.id, { limit: 3, collapse: true, filter: { a: 1 } }] },
    ])
  })

  test('suggest completes what is typed', async () => {
    const engine = fakeEngine()
    const { url } = await serve(engine)
    const response = await fetch(`${url}/v1/suggest?q=onb&limit=5`)
    expect(await response.json()).toEqual({ suggestions: [{ text: 'Onboarding', kind: 'title' }] })
    expect(engine.calls).toEqual([{ method: 'suggest', args: ['onb', { limit: 5 }] }])
    expect((await fetch(`${url}/v1/suggest?q=${'x'.repeat(201)}`)).status).toBe(400)
    expect((await fetch(`${url}/v1/suggest`)).status).toBe(400)
  })
})
