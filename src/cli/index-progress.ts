import type { IndexProgress } from '../engine.js'
import type { Io } from './io.js'
import { count, formatDuration, printableJson } from './style.js'

const REDRAW_MS = 100
const LINE_EVERY_MS = 5_000
const BAR_CHARS = 24

export type ProgressDisplay = {
  show(event: IndexProgress): void
  /** Takes the bar away. */
  end(): void
}

/**
 * Shows a run while it goes on, on standard error: on a terminal one line that is rewritten, elsewhere a plain line every
 * few seconds, and with `json` each event as a line of JSON.
 */
export function createProgressDisplay(
  io: Io,
  json: boolean,
  clock: () => number = () => performance.now(),
): ProgressDisplay {
  if (json) return { show: (event) => io.err.write(`${printableJson(event, 0)}\n`), end: () => {} }
  const interval = io.err.isTerminal ? REDRAW_MS : LINE_EVERY_MS
  const started = clock()
  const state = {
    files: 0,
    seen: 0,
    texts: 0,
    chunks: 0,
    tokens: 0,
    priceUsd: 0,
    waitUntilMs: 0,
    waitsFor: '',
  }
  let shownAt = started
  return {
    show(event) {
      if (event.type === 'found') state.files = event.toRead
      else if (event.type === 'waiting') {
        state.waitUntilMs = event.untilMs
        state.waitsFor = event.reason === 'rate-limit' ? 'quota' : 'service'
      } else if (event.type === 'embedded') {
        state.texts += event.texts
        state.tokens += event.tokens
        state.priceUsd += event.priceUsd
      } else {
        state.seen = Math.min(state.seen + 1, state.files)
        if (event.type === 'indexed') state.chunks += event.chunks
      }
      if (clock() - shownAt < interval && event.type !== 'waiting') return
      shownAt = clock()
      const line = describe(state, clock() - started)
      io.err.write(io.err.isTerminal ? `\r\u001b[K${bar(state.seen, state.files)} ${line}` : `${line}\n`)
    },
    end() {
      if (io.err.isTerminal) io.err.write('\r\u001b[K')
    },
  }
}

type State = {
  readonly files: number
  readonly seen: number
  readonly texts: number
  readonly chunks: number
  readonly tokens: number
  readonly priceUsd: number
  readonly waitUntilMs: number
  readonly waitsFor: string
}

function bar(done: number, all: number): string {
  const filled = all === 0 ? BAR_CHARS : Math.round((BAR_CHARS * done) / all)
  return `[${'#'.repeat(filled)}${'.'.repeat(BAR_CHARS - filled)}]`
}

function describe(state: State, elapsedMs: number): string {
  const parts = [
    `${state.seen} of ${count(state.files, 'file')}`,
    `${count(state.chunks, 'passage')} stored`,
    `${count(state.texts, 'text')} embedded`,
  ]
  if (state.texts > 0)
    parts.push(
      `${Math.round((state.tokens * 60_000) / Math.max(1, elapsedMs)).toLocaleString('en')} tokens/min`,
    )
  if (state.priceUsd > 0) parts.push(`$${state.priceUsd.toFixed(4)}`)
  const left = state.seen === 0 ? 0 : (elapsedMs / state.seen) * (state.files - state.seen)
  if (left > 1000) parts.push(`about ${formatDuration(left)} left`)
  const waitMs = state.waitUntilMs - Date.now()
  if (waitMs > 0) parts.push(`waiting ${formatDuration(waitMs)} for the ${state.waitsFor}`)
  return parts.join(' · ')
}
