import type { TextSpan, Turn } from '../../types.js'

export type Blanked = Pick<Turn, 'answer' | 'citations' | 'unsupported'>

/** Stands where a sentence rested on a document that is gone. */
export const REMOVED_SENTENCE = '(removed with its document)'

/** Blanks, list signs and markers: what they stand before stays without them. */
const LEAD = /^(?:[\s,;.>#|*+-]|\[\d{1,3}(?:\s*[,;]\s*\d{1,3})*\]|\d{1,3}[.)](?=\s|$))*/
const FENCE = /^(?:```|~~~)/

/**
 * A turn without what it has of a document: the quotes of its citations are empty, and what is said in the answer is
 * replaced unless it cites another document; what cites none may rest on this one. Nothing stays of an answer without
 * citations, such as one that broke off: it is not known what it would have cited. Offsets follow.
 */
export function blankCited(turn: Blanked, documentId: string): Blanked {
  if (turn.citations.length === 0)
    return { answer: turn.answer === '' ? '' : REMOVED_SENTENCE, citations: [], unsupported: [] }
  const citesAnother = (span: TextSpan) =>
    turn.citations.some(
      (citation) =>
        citation.documentId !== documentId && citation.start === span.start && citation.end === span.end,
    )
  const told = distinct([...turn.citations, ...turn.unsupported])
  const gone = distinct([...told.filter((span) => !citesAnother(span)), ...outside(told, turn.answer)])
  const move = moveBy(gone)
  let answer = turn.answer
  for (const { start, end } of gone.toReversed())
    answer = answer.slice(0, start) + REMOVED_SENTENCE + answer.slice(end)
  return {
    answer,
    citations: turn.citations.map((citation) => ({
      ...citation,
      quote: citation.documentId === documentId ? '' : citation.quote,
      ...move(citation),
    })),
    unsupported: turn.unsupported.map(move),
  }
}

/** Spans by their start; of several at one place the first. */
function distinct(spans: readonly TextSpan[]): TextSpan[] {
  const byStart = new Map<number, TextSpan>()
  for (const { start, end } of spans) if (!byStart.has(start)) byStart.set(start, { start, end })
  return [...byStart.values()].sort((a, b) => a.start - b.start)
}

/** The words between the spans and around them, line by line. */
function outside(spans: readonly TextSpan[], text: string): TextSpan[] {
  const starts = [0, ...spans.map(({ end }) => end)]
  const ends = [...spans.map(({ start }) => start), text.length]
  return starts.flatMap((from, i) =>
    [...text.slice(from, ends[i]).matchAll(/[^\n]+/g)].flatMap(({ index, 0: line }) => {
      const lead = LEAD.exec(line)?.[0].length ?? 0
      const words = line.slice(lead).trimEnd()
      const start = from + index + lead
      const saysNothing = !/[\p{L}\p{N}]/u.test(words) || FENCE.test(words)
      return saysNothing ? [] : [{ start, end: start + words.length }]
    }),
  )
}

/** Where spans lie once the sentences that are gone have been replaced. */
function moveBy(gone: readonly TextSpan[]): (span: TextSpan) => TextSpan {
  const move = (offset: number, isEnd: boolean) => {
    let moved = offset
    for (const { start, end } of gone) {
      if (offset >= end) moved += REMOVED_SENTENCE.length - (end - start)
      else if (offset > start) moved += (isEnd ? REMOVED_SENTENCE.length : 0) - (offset - start)
    }
    return moved
  }
  return ({ start, end }) => ({ start: move(start, false), end: move(end, true) })
}
