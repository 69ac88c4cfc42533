import { boundedText, present } from '../bounded-metadata.js'
import { hasEnding } from '../file-name.js'
import { type Lines, lineAt, splitLines } from '../lines.js'
import { TextBuilder } from '../text-builder.js'
import { createTextExtractor } from '../text-extractor.js'
import { type Cue, readCues } from './subtitle-cues.js'

/** A pause after which something else is talked about. */
const PAUSE_MS = 4000
const MAX_PARAGRAPH_CHARS = 600
/** How far apart the times stand by which a passage is found in the film. */
const TIME_EVERY_MS = 2 * 60_000

/**
 * Subtitles (SubRip, WebVTT). Cues are joined to paragraphs, which end where a sentence ends before a pause, with a new
 * speaker, or when they get long. Every two minutes the time of the next cue stands as a heading, `00:12:30`, so that a
 * passage can be found in the film; locations are the lines of the file.
 */
export const subtitlesExtractor = createTextExtractor({
  format: 'subtitles',
  isIsolated: false,
  isNamed: (name) => hasEnding(name, ['srt', 'vtt']),
  noText: 'It holds no subtitles with words',
  read(source, { name }) {
    const lines = splitLines(source)
    const cues = readCues(lines)
    const builder = new TextBuilder()
    writeParagraphs(builder, cues)
    const isVtt = hasEnding(name, ['vtt'])
    const header = isVtt ? readHeader(lines) : {}
    return {
      ...builder.finish(),
      ...(header.title === undefined ? {} : { title: header.title }),
      metadata: present({
        language: header.language,
        durationSeconds: Math.round((cues.at(-1)?.endMs ?? 0) / 1000),
      }),
      type: isVtt ? 'text/vtt' : 'application/x-subrip',
    }
  },
})

/** `WEBVTT - title`, and YouTube's `Language: en`, above the first cue. */
function readHeader(lines: Lines): { readonly title?: string; readonly language?: string } {
  const title = boundedText(/^WEBVTT[ \t]+(?:-[ \t]*)?(\S.*)$/.exec(lineAt(lines, 0))?.[1])
  let language: string | undefined
  for (let at = 1; at < 10 && lineAt(lines, at) !== ''; at++)
    language ??= /^Language:\s*([A-Za-z]{2,3}(?:-[A-Za-z0-9]+)*)\s*$/i.exec(lineAt(lines, at))?.[1]
  return { ...(title === undefined ? {} : { title }), ...(language === undefined ? {} : { language }) }
}

function writeParagraphs(builder: TextBuilder, cues: readonly Cue[]): void {
  let paragraph: Cue[] = []
  let namedMs = Number.NEGATIVE_INFINITY
  const close = () => {
    const [first] = paragraph
    const last = paragraph.at(-1)
    if (first === undefined || last === undefined) return
    const location = { kind: 'lines', start: first.first, end: last.last } as const
    if (first.startMs - namedMs >= TIME_EVERY_MS || first.startMs < namedMs) {
      builder.addName(1, timeOf(first.startMs), location)
      namedMs = first.startMs
    }
    const words = paragraph.map((cue) => cue.words).join(' ')
    builder.add('text', first.speaker === undefined ? words : `${first.speaker}: ${words}`, location)
    paragraph = []
  }
  let chars = 0
  for (const cue of cues) {
    const before = paragraph.at(-1)
    if (before !== undefined && endsParagraph(before, cue, chars)) close()
    if (paragraph.length === 0) chars = 0
    paragraph.push(cue)
    chars += cue.words.length + 1
  }
  close()
}

function endsParagraph(before: Cue, cue: Cue, chars: number): boolean {
  if (before.speaker !== cue.speaker || /^(?:[-–—]\s?|>>)\S/.test(cue.words)) return true
  const isSentenceEnd = /[.!?…。！？]["'”’»)\]]*$/.test(before.words)
  if (chars >= MAX_PARAGRAPH_CHARS * 2) return true
  return isSentenceEnd && (chars >= MAX_PARAGRAPH_CHARS || cue.startMs - before.endMs >= PAUSE_MS)
}

/** `01:02:03`. */
function timeOf(ms: number): string {
  const seconds = Math.floor(ms / 1000)
  return [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60]
    .map((part) => String(part).padStart(2, '0'))
    .join(':')
}
