import { isBlank, type Lines, lineAt } from '../lines.js'

/** Words shown at a time of a film. Lines count from 1. */
export type Cue = {
  readonly startMs: number
  readonly endMs: number
  /** Who speaks, where WebVTT says so. */
  readonly speaker?: string
  readonly words: string
  readonly first: number
  readonly last: number
}

const TIMES = /^\s*((?:\d+:)?\d{1,2}:\d{1,2}[.,]\d{1,3})\s*-->\s*((?:\d+:)?\d{1,2}:\d{1,2}[.,]\d{1,3})/
/** Tags of WebVTT and HTML, and the positions of SubStation (`{\an8}`). */
const TAGS = /<\/?[a-z][^<>]*>|<(?:\d+:)?\d+:\d+[.,]\d+>|\{\\[^{}]*\}/gi

/** Captions that roll follow one another without a gap. */
const ROLL_MS = 100
/** What another person says. */
const DIALOGUE = /^[-–—]\s?\S/

/**
 * The cues of SubRip or WebVTT (https://www.w3.org/TR/webvtt1/), without tags. A line that the cue right before ended
 * with is left out, as captions that roll show each line twice.
 */
export function readCues(lines: Lines): Cue[] {
  const cues: Cue[] = []
  /** The last line of the cue before, and when that went. */
  let shown = ''
  let goneMs = 0
  for (let at = 0; at < lines.starts.length; at++) {
    const times = TIMES.exec(lineAt(lines, at))
    if (times === null) continue
    const first = at + 1
    let last = at
    while (last + 1 < lines.starts.length && belongsToCue(lines, last + 1)) last++
    const startMs = millisecondsOf(times[1] ?? '')
    const rolls = startMs - goneMs <= ROLL_MS
    const texts: string[] = []
    let speaker: string | undefined
    for (let line = first; line <= last; line++) {
      const raw = lineAt(lines, line)
      speaker ??= /<v(?:\.[^ \t>]*)?[ \t]+([^>]+)>/i.exec(raw)?.[1]?.trim()
      const text = plain(raw)
      if (text !== '' && !(rolls && text === shown)) texts.push(text)
    }
    shown = texts.at(-1) ?? shown
    goneMs = millisecondsOf(times[2] ?? '')
    if (texts.length > 0)
      cues.push({
        startMs,
        endMs: goneMs,
        words: texts.reduce((words, text) => `${words}${DIALOGUE.test(text) ? '\n' : ' '}${text}`),
        first: first + 1,
        last: last + 1,
        ...(speaker === undefined ? {} : { speaker }),
      })
    at = last
  }
  return cues
}

/** A cue ends with a blank line; files without any end it where the next one's number or time stands. */
function belongsToCue(lines: Lines, at: number): boolean {
  const line = lineAt(lines, at)
  if (isBlank(line) || TIMES.test(line)) return false
  return !(/^\s*\d+\s*$/.test(line) && TIMES.test(lineAt(lines, at + 1)))
}

function plain(line: string): string {
  return line
    .replace(TAGS, '')
    .replace(/&nbsp;/g, ' ')
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&amp;/g, '&')
    .replace(/\s+/g, ' ')
    .trim()
}

/** `01:02:03,456` or `02:03.456`. */
function millisecondsOf(time: string): number {
  const [seconds = '0', minutes = '0', hours = '0'] = time.replace(',', '.').split(':').reverse()
  return Math.round((Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds)) * 1000)
}
