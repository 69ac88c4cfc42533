import { Readable } from 'node:stream'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createProgressDisplay } from '../../src/cli/index-progress.js'
import type { Io } from '../../src/cli/io.js'
import type { IndexProgress } from '../../src/engine.js'

const WIPE = '\r\u001b[K'
const NOW = Date.UTC(2026, 10, 23, 12)

beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'], now: NOW }))
afterEach(() => void vi.useRealTimers())

const found = (toRead: number): IndexProgress => ({ type: 'found', files: toRead + 5, toRead })
const indexed = (uri: string, chunks = 1): IndexProgress => ({ type: 'indexed', uri, chunks })
const embedded = (texts: number, tokens: number, priceUsd = 0): IndexProgress => ({
  type: 'embedded',
  texts,
  tokens,
  priceUsd,
})
const waiting = (ms: number, reason: 'rate-limit' | 'unavailable' = 'rate-limit'): IndexProgress => ({
  type: 'waiting',
  untilMs: Date.now() + ms,
  reason,
})

function setUp({
  terminal,
  json = false,
  columns = 200,
}: {
  terminal: boolean
  json?: boolean
  columns?: number
}) {
  const writes: string[] = []
  const io: Io = {
    env: {},
    cwd: '/',
    stdin: Readable.from([]),
    isInteractive: terminal,
    out: {
      write: () => {
        throw new Error('progress is no result')
      },
      isTerminal: terminal,
    },
    err: { write: (text) => void writes.push(text), isTerminal: terminal, columns },
    signal: new AbortController().signal,
    takeInterrupts: () => () => {},
  }
  let nowMs = 1000
  const display = createProgressDisplay(io, json, () => nowMs)
  const pass = (ms: number) => {
    nowMs += ms
    vi.setSystemTime(Date.now() + ms)
  }
  const tell = (ms: number, event: IndexProgress) => {
    pass(ms)
    display.show(event)
  }
  return { display, writes, tell }
}

describe('on a terminal', () => {
  it('is one line with a bar, rewritten ten times a second at most and wiped out at the end', () => {
    const { display, writes, tell } = setUp({ terminal: true })
    tell(0, found(40))
    for (let i = 0; i < 40; i++) tell(25, indexed(`${i}.txt`, 2))
    display.end()
    expect(writes).toHaveLength(11)
    expect(writes.every((text) => text.startsWith(WIPE) && !text.includes('\n'))).toBe(true)
    expect(writes[0]).toBe(`${WIPE}[#...........] 4 of 40 files · 0 texts embedded · 8 passages stored`)
    expect(writes[4]).toMatch(/\[#{6}\.{6}\] 20 of 40 files · 0 texts embedded · 40 passages stored$/)
    expect(writes[9]).toMatch(/\[#{12}\] 40 of 40 files · 0 texts embedded · 80 passages stored$/)
    expect(writes[10]).toBe(WIPE)
  })

  it('shows speed and price so far, and the time that is left', () => {
    const { writes, tell } = setUp({ terminal: true })
    tell(0, found(10))
    tell(30_000, embedded(100, 15_000, 0.0123))
    expect(writes.at(-1)).toMatch(
      / 0 of 10 files · \$0\.0123 · 100 texts embedded · 0 passages stored · 30,000 tokens\/min$/,
    )
    tell(10_000, indexed('a'))
    tell(10_000, indexed('b'))
    expect(writes.at(-1)).toMatch(
      / 2 of 10 files · about 3 min 20 s left · \$0\.0123 · 100 texts embedded · 2 passages stored · 18,000 tokens\/min$/,
    )
  })

  it('shows at once that it waits for the quota, and no more when the wait is over', () => {
    const { writes, tell } = setUp({ terminal: true })
    tell(0, found(10))
    tell(1, waiting(37_000))
    expect(writes.at(-1)).toMatch(/ 0 of 10 files · waiting 37 s for the quota · /)
    tell(7000, indexed('a'))
    expect(writes.at(-1)).toMatch(/ 1 of 10 files · waiting 30 s for the quota · /)
    tell(31_000, indexed('b'))
    expect(writes.at(-1)).not.toMatch(/waiting/)
  })

  it('does not call it the quota when the service is down', () => {
    const { writes, tell } = setUp({ terminal: true })
    tell(0, found(10))
    tell(1, waiting(5000, 'unavailable'))
    expect(writes.at(-1)).toMatch(/ 0 of 10 files · waiting 5 s for the service · /)
  })

  it('counts skipped files, and no more than there are', () => {
    const { writes, tell } = setUp({ terminal: true })
    tell(0, found(2))
    tell(200, { type: 'skipped', uri: 'x', reason: 'EMPTY', message: 'it is empty' })
    tell(200, indexed('a'))
    tell(200, indexed('b'))
    expect(writes.map((text) => /\d+ of \d+ files/.exec(text)?.[0])).toEqual([
      '1 of 2 files',
      '2 of 2 files',
      '2 of 2 files',
    ])
  })

  it('is cut to the width of the terminal, from the right', () => {
    const { writes, tell } = setUp({ terminal: true, columns: 40 })
    tell(0, found(10))
    tell(200, indexed('a'))
    expect(writes.at(-1)?.slice(WIPE.length)).toBe('[#...........] 1 of 10 files · about 2 ')
  })

  it('has a full bar when there is nothing to do', () => {
    const { writes, tell } = setUp({ terminal: true })
    tell(200, found(0))
    expect(writes).toEqual([`${WIPE}[${'#'.repeat(12)}] 0 of 0 files · 0 texts embedded · 0 passages stored`])
  })
})

describe('elsewhere', () => {
  it('is a plain line every five seconds', () => {
    const { display, writes, tell } = setUp({ terminal: false })
    tell(0, found(24))
    for (let i = 0; i < 24; i++) tell(500, indexed(`${i}.txt`))
    display.end()
    expect(writes).toEqual([
      '10 of 24 files · about 7 s left · 0 texts embedded · 10 passages stored\n',
      '20 of 24 files · about 2 s left · 0 texts embedded · 20 passages stored\n',
    ])
  })

  it('tells at once of a wait, without control characters', () => {
    const { display, writes, tell } = setUp({ terminal: false })
    tell(0, found(3))
    tell(10, embedded(1, 10))
    tell(10, waiting(90_000))
    tell(10, indexed('\u001b[2Jevil\r'))
    display.end()
    expect(writes).toEqual([
      expect.stringMatching(/^0 of 3 files · waiting 1 min 30 s for the quota · .*\n$/),
    ])
    expect(writes.join('')).not.toMatch(/[\r\u001b]/)
  })
})

describe('with --json', () => {
  it.each([true, false])('is each event as a line of JSON (terminal: %s)', (terminal) => {
    const { display, writes, tell } = setUp({ terminal, json: true })
    const events: IndexProgress[] = [
      found(2),
      embedded(2, 10, 0.5),
      waiting(1000),
      indexed('a\u001b\u009b\n'),
      { type: 'skipped', uri: 'b', reason: 'EMPTY', message: 'it is empty' },
    ]
    for (const event of events) tell(0, event)
    display.end()
    expect(writes).toHaveLength(events.length)
    expect(writes.map((line) => JSON.parse(line))).toEqual(events)
    expect(writes.join('')).not.toMatch(/[\r\u001b\u0080-\u009f]/)
    expect(writes.every((line) => line.indexOf('\n') === line.length - 1)).toBe(true)
  })
})
