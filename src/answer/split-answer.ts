import { findNames } from '../text/inline-markup.js'
import { withoutListMark } from '../text/list-mark.js'
import { splitSentencesAround } from '../text/split-sentences.js'
import { MARKER, numbersOf } from './markers.js'

/** A sentence of an answer and the passages it cites. UTF-16 offsets into the answer, without markers at either end. */
export type AnswerSentence = {
  readonly start: number
  readonly end: number
  /** Its words alone: no markers, no signs of lists, headings or emphasis. */
  readonly claim: string
  readonly markers: readonly number[]
  /** Line of the answer, from 0. */
  readonly line: number
}

const LEADING_MARKERS = new RegExp(`^\\s*(?:${MARKER.source}[\\s,;.]*)+`)
const SPACED_MARKER = new RegExp(`\\s*${MARKER.source}`, 'g')
const FENCE_OR_RULE = /^\s*(?:```|~~~|[-=*_|:\s]+$)/
const HEADING_SIGN = /^\s*#{1,6}\s+/
const LEADING_BARS = /^[\s|]+/
const EMPHASIS = /\*\*|__|`|(?<!\w)[*_](?=\S)|(?<=\S)[*_](?!\w)/g

/**
 * The sentences of an answer in order, none of which ends within an address or a name such as `./notes`. A marker belongs to the
 * sentence it stands in, or right behind. Rules and blank lines have none.
 */
export function splitAnswer(answer: string): AnswerSentence[] {
  const sentences: (AnswerSentence & { markers: number[] })[] = []
  let lineStart = 0
  for (const [line, text] of answer.split('\n').entries()) {
    const spans = FENCE_OR_RULE.test(text) ? [] : splitSentencesAround(text, findNames(text))
    for (const span of spans) {
      const surface = text.slice(span.start, span.end)
      const leading = LEADING_MARKERS.exec(surface)?.[0] ?? ''
      const previous = sentences.at(-1)
      const belongsBefore = leading !== '' && previous !== undefined
      if (belongsBefore) previous.markers.push(...markersOf(leading))
      const own = belongsBefore ? surface.slice(leading.length) : surface
      const claim = wordsOf(own)
      if (!/[\p{L}\p{N}]/u.test(claim)) continue
      const start = lineStart + span.end - own.length
      sentences.push({
        start: start + (own.length - own.trimStart().length),
        end: start + own.trimEnd().length,
        claim,
        markers: markersOf(own),
        line,
      })
    }
    lineStart += text.length + 1
  }
  return sentences
}

function markersOf(text: string): number[] {
  return [...text.matchAll(MARKER)].flatMap((match) => numbersOf(match[1] ?? ''))
}

function wordsOf(sentence: string): string {
  return withoutSigns(sentence.replace(SPACED_MARKER, '')).replace(EMPHASIS, '').trim()
}

/** Without what a line of Markdown begins with; a cell has no marks of its own. */
function withoutSigns(text: string): string {
  const rest = withoutListMark(text).replace(HEADING_SIGN, '')
  return rest === text ? text.replace(LEADING_BARS, '') : withoutSigns(rest)
}
