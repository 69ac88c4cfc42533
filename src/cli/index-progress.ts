import type { IndexProgress } from '../engine.js'
import type { Io } from './io.js'
import { count, formatDuration, formatNumber, printableJson } from './style.js'

const REDRAW_MS = 100
const LINE_EVERY_MS = 5_000
const BAR_CHARS = 12
const USUAL_COLUMNS = 80
/** A burst at the start says nothing of the rate. */
const RATE_AFTER_MS = 3_000

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
    pictures: 0,
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
      } else if (event.type === 'embedded' || event.type === 'described') {
        if (event.type === 'embedded') state.texts += event.texts
        else state.pictures++
        state.tokens += event.tokens
        state.priceUsd += event.priceUsd
      } else {
        state.seen = Math.min(state.seen + 1, state.files)
        if (event.type === 'indexed') state.chunks += event.chunks
      }
      if (clock() - shownAt < interval && event.type !== 'waiting') return
      shownAt = clock()
      const line = describe(state, clock() - started)
      const width = (io.err.columns ?? USUAL_COLUMNS) - 1
      io.err.write(
        io.err.isTerminal
          ? `\r\u001b[K${`${bar(state.seen, state.files)} ${line}`.slice(0, width)}`
          : `${line}\n`,
      )
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
  readonly pictures: number
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

function inSeconds(ms: number): string {
  return formatDuration(Math.max(1, Math.round(ms / 1000)) * 1000).replace('.0 s', ' s')
}

function describe(state: State, elapsedMs: number): string {
  const parts = [`${formatNumber(state.seen)} of ${count(state.files, 'file')}`]
  // What matters most comes first: a narrow terminal cuts the rest.
  const waitMs = state.waitUntilMs - Date.now()
  if (waitMs > 0) parts.push(`waiting ${inSeconds(waitMs)} for the ${state.waitsFor}`)
  const left = state.seen === 0 ? 0 : (elapsedMs / state.seen) * (state.files - state.seen)
  if (left > 1000) parts.push(`about ${inSeconds(left)} left`)
  if (state.priceUsd > 0) parts.push(`$${state.priceUsd.toFixed(4)}`)
  if (state.pictures > 0) parts.push(`${count(state.pictures, 'picture')} described`)
  parts.push(`${count(state.texts, 'text')} embedded`, `${count(state.chunks, 'passage')} stored`)
  if (state.priceUsd > 0 && elapsedMs > RATE_AFTER_MS) {
    parts.push(`${formatNumber(Math.round((state.tokens * 60_000) / elapsedMs))} tokens/min`)
  }
  return parts.join(' · ')
}
