import type { TextSpan, Turn } from '../../types.js'

export type Blanked = Pick<Turn, 'answer' | 'citations' | 'unsupported'>

/** Stands where a sentence rested on a document that is gone. */
export const REMOVED_SENTENCE = '(removed with its document)'

/**
 * A turn without what it has of a document: the quotes of its citations are empty, and sentences of the answer are
 * replaced unless they cite another document; those that cite none may rest on this one. Nothing stays of an answer that
 * broke off: it is not known what it would have cited. Offsets follow.
 */
export function blankCited(turn: Blanked & Pick<Turn, 'status'>, documentId: string): Blanked {
  if (turn.status === 'failed')
    return { answer: turn.answer === '' ? '' : REMOVED_SENTENCE, citations: [], unsupported: [] }
  const citesAnother = (span: TextSpan) =>
    turn.citations.some(
      (citation) =>
        citation.documentId !== documentId && citation.start === span.start && citation.end === span.end,
    )
  const gone = distinct([
    ...turn.citations.filter((citation) => citation.documentId === documentId),
    ...turn.unsupported,
  ]).filter((span) => !citesAnother(span))
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
