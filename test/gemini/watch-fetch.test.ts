import { describe, expect, it } from 'vitest'
import { openCallScope } from '../../src/gemini/call-scope.js'
import { beginWithFetch, readRetryAfter, watchFetch } from '../../src/gemini/watch-fetch.js'

const NOW = Date.UTC(2026, 10, 22, 12)
const MB = 1_000_000

describe('Retry-After', () => {
  it.each([
    ['7', 7000],
    ['Sun, 22 Nov 2026 12:00:05 GMT', 5000],
    ['Sun, 22 Nov 2026 11:00:00 GMT', undefined],
    ['0', undefined],
    ['soon', undefined],
    [null, undefined],
  ])('%s is %s ms', (value, expected) => {
    expect(readRetryAfter(value, NOW)).toBe(expected)
  })
})

describe('a watched fetch', () => {
  const answering = (pieces: readonly string[], contentType: string): typeof fetch => {
    return async () =>
      new Response(
        ReadableStream.from(
          pieces.map((piece) => new TextEncoder().encode(piece)),
        ) as unknown as ReadableStream,
        { headers: { 'content-type': contentType } },
      )
  }
  const mega = 'x'.repeat(MB)

  it.each([
    ['an answer of 32 MB', 'application/json', Array(32).fill(mega), undefined],
    ['a larger one', 'application/json', [...Array(32).fill(mega), 'x'], 'size'],
    ['an event of 4 MB', 'text/event-stream', Array(4).fill(mega), undefined],
    ['a larger one', 'text/event-stream', [...Array(4).fill(mega), 'x'], 'size'],
    ['events of 8 MB together', 'text/event-stream', Array(8).fill(`${mega.slice(1)}\n`), undefined],
    ['events of more than 32 MB', 'text/event-stream', Array(33).fill(`${mega.slice(1)}\n`), 'size'],
  ] as const)('of %s (%s) ends as it should', async (_, contentType, pieces, ended) => {
    const scope = openCallScope(undefined)
    const response = await watchFetch(answering(pieces, contentType), scope)('http://x')
    const read = response.text().then(
      (text) => text.length,
      () => 'failed',
    )
    expect(await read).toBe(ended === undefined ? pieces.join('').length : 'failed')
    expect(scope.ended).toBe(ended)
  })

  it('takes the place of the global one only while a call begins, even one that throws', () => {
    const own = globalThis.fetch
    const other: typeof fetch = async () => new Response('')
    expect(beginWithFetch(other, () => globalThis.fetch)).toBe(other)
    expect(globalThis.fetch).toBe(own)
    const failing = () => {
      throw new Error('bad arguments')
    }
    expect(() => beginWithFetch(other, failing)).toThrow('bad arguments')
    expect(globalThis.fetch).toBe(own)
  })
})
