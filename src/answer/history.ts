import { estimateTokens } from '../text/estimate-tokens.js'
import { splitSentences } from '../text/split-sentences.js'
import { MARKER } from './markers.js'

/** An earlier question, in full, and what was answered: nothing when the documents did not answer it. */
export type PastTurn = { readonly question: string; readonly answer: string }

/** What of a conversation goes with the next question. */
export type History = {
  /** The turns before `turns`, in a few words each. */
  readonly summary?: string
  /** The last ones as they were, oldest first. */
  readonly turns: readonly PastTurn[]
}

/** The share of the budget that the last turns may take, before older ones are put in short. */
const VERBATIM_SHARE = 0.7
const MAX_SUMMARY_CHARS_PER_TURN = 240

/**
 * Fits a conversation into a budget of estimated tokens: the last turns as they were, older ones as a line each (question
 * and first sentence of the answer), the oldest left out. No model is asked: what a planted text made an answer say is not
 * worked into instructions of our own. Markers are taken out: they name passages of other requests. What was not answered is
 * left out.
 */
export function fitHistory(all: readonly PastTurn[], maxTokens: number): History {
  const past = all.filter(({ answer }) => answer !== '')
  const turns: PastTurn[] = []
  let tokens = 0
  let at = past.length
  for (; at > 0; at--) {
    const turn = withoutMarkers(past[at - 1] ?? { question: '', answer: '' })
    const cost = estimateTokens(turn.question) + estimateTokens(turn.answer)
    if (tokens + cost > maxTokens * VERBATIM_SHARE) break
    tokens += cost
    turns.unshift(turn)
  }
  const lines: string[] = []
  for (; at > 0; at--) {
    const line = inShort(withoutMarkers(past[at - 1] ?? { question: '', answer: '' }))
    const cost = estimateTokens(line)
    if (tokens + cost > maxTokens) break
    tokens += cost
    lines.unshift(line)
  }
  return { turns, ...(lines.length === 0 ? {} : { summary: lines.join('\n') }) }
}

function withoutMarkers({ question, answer }: PastTurn): PastTurn {
  return { question, answer: answer.replace(MARKER, '').replace(/[ \t]+(?=[.,;:!?\n]|$)/g, '') }
}

function inShort({ question, answer }: PastTurn): string {
  const text = answer.replace(/\s+/g, ' ')
  const [first] = splitSentences(text)
  const line = `Q: ${question.replace(/\s+/g, ' ')} A: ${text.slice(0, first?.end ?? 0).trim()}`
  return line.length <= MAX_SUMMARY_CHARS_PER_TURN
    ? line
    : `${line.slice(0, MAX_SUMMARY_CHARS_PER_TURN).replace(/[\ud800-\udbff]$/, '')}…`
}
