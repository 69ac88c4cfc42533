import { createLexicon, type Lexicon } from '../text/lexicon.js'
import { readPassage, type SourcePassage } from '../text/read-passage.js'
import { readStatement } from '../text/read-statement.js'
import { mayEndSentence } from '../text/split-sentences.js'
import type { Citation, Hit, TextSpan } from '../types.js'
import { checkClaim } from './check-claim.js'
import { type AnswerSentence, splitAnswer } from './split-answer.js'

export type CheckedAnswer = {
  /** One per cited sentence and passage, in the order of the text. */
  readonly citations: readonly Citation[]
  /** The sentences that no passage cited in the answer was found to bear. */
  readonly unsupported: readonly TextSpan[]
}

/** Checks an answer while it is being written. What it gives is the same however the answer was cut. */
export type AnswerChecker = {
  /** Takes the next piece; gives the citations of the sentences that are whole by now. */
  push(piece: string): Citation[]
  /** The citations of what is left. Nothing may be pushed any more. */
  end(): Citation[]
  /** All of it, after the end. */
  result(): CheckedAnswer
}

/** A whole word: what stands before it cannot change any more. */
const HAS_WORD = /\p{L}[^\p{L}]|[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}]{2}/u

/**
 * Checks what an answer cites against the passages given (`hits[n - 1]` is passage n). An answer's text must have passed the
 * filter: it names no other passages. `lexicon` knows the words of passages read before.
 */
export function createAnswerChecker(
  hits: readonly Hit[],
  question: string,
  lexicon: Lexicon = createLexicon(),
): AnswerChecker {
  const passages = new Map<number, SourcePassage>()
  const checked: { sentence: AnswerSentence; citations: readonly Citation[] }[] = []
  let text = ''
  let from = 0
  let line = 0

  function passage(marker: number): SourcePassage | undefined {
    const hit = hits[marker - 1]
    if (hit === undefined) return undefined
    const known = passages.get(marker)
    const read = known ?? readPassage(hit.text ?? hit.snippet, titleOf(hit), lexicon)
    passages.set(marker, read)
    return read
  }

  function check(claim: string, marker: number) {
    const source = passage(marker)
    const relevance = hits[marker - 1]?.relevance ?? 0
    return source && { source, ...checkClaim(claim, source, { question, relevance, lexicon }) }
  }

  function cite(sentence: AnswerSentence): Citation[] {
    const checks = [...new Set(sentence.markers)].flatMap((marker) => {
      const hit = hits[marker - 1]
      const result = check(sentence.claim, marker)
      return hit === undefined || result === undefined ? [] : [{ marker, hit, ...result }]
    })
    const together = bornTogether(checks.map(({ clauses }) => clauses))
    return checks.map(({ marker, hit, source, span, verified, clauses }) => ({
      marker,
      hitId: hit.id,
      documentId: hit.documentId,
      title: hit.title,
      uri: hit.uri,
      location: hit.location,
      quote: source.text.slice(span.start, span.end).trim(),
      verified: verified || (together && clauses.some(Boolean)),
      start: sentence.start,
      end: sentence.end,
    }))
  }

  function takeSentences(isLast: boolean): Citation[] {
    const found = splitAnswer(text.slice(from)).map((sentence) => ({
      ...sentence,
      start: sentence.start + from,
      end: sentence.end + from,
      line: sentence.line + line,
    }))
    const last = found.at(-1)
    const isDecided = isLast || (last !== undefined && HAS_WORD.test(last.claim))
    const whole = isLast ? found : isDecided ? found.slice(0, -1) : []
    const citations = whole.flatMap((sentence) => {
      const own = cite(sentence)
      checked.push({ sentence, citations: own })
      return own
    })
    if (whole.length > 0 && !isLast && last !== undefined) {
      from = last.start
      line = last.line
    }
    return citations
  }

  function isSupported({ sentence, citations }: (typeof checked)[number], i: number): boolean {
    if (citations.length > 0) return citations.some(({ verified }) => verified)
    if (!saysSomething(sentence.claim, lexicon)) return true
    const following = checked.slice(i).find((each) => each.sentence.markers.length > 0)
    const markers =
      following?.sentence.line === sentence.line
        ? following.sentence.markers
        : checked.flatMap((each) => each.sentence.markers)
    return [...new Set(markers)].some((marker) => check(sentence.claim, marker)?.verified)
  }

  return {
    push(piece) {
      text += piece
      return mayEndSentence(text.slice(from)) ? takeSentences(false) : []
    },
    end: () => takeSentences(true),
    result: () => ({
      citations: checked.flatMap(({ citations }) => citations),
      unsupported: checked
        .filter((each, i) => !isSupported(each, i))
        .map(({ sentence: { start, end } }) => ({ start, end })),
    }),
  }
}

export function titleOf(hit: Hit): string {
  return [...new Set([hit.title, hit.location.heading ?? ''])].filter(Boolean).join(' > ')
}

/** Each clause of the sentence by one of the passages at least. */
function bornTogether(checks: readonly (readonly boolean[])[]): boolean {
  const length = checks[0]?.length ?? 0
  const isAlike = length > 1 && checks.every((clauses) => clauses.length === length)
  return isAlike && Array.from({ length }, (_, i) => checks.some((clauses) => clauses[i])).every(Boolean)
}

/** What leads in to a list, asks, or has no word of its own claims nothing. */
function saysSomething(claim: string, lexicon: Lexicon): boolean {
  if (/[:：?？]$/u.test(claim)) return false
  const { words, quantities, codes } = readStatement(claim, undefined, lexicon)
  return words.length + quantities.length + codes.length > 0
}
