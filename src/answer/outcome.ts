import type { Answer, PromptFeedback, SafetyRating } from '../types.js'
import type { CheckedAnswer } from './check-answer.js'
import { type FinishPart, NOT_IN_PASSAGES } from './generator.js'

export type Outcome = Pick<Answer, 'status' | 'answer' | 'citations' | 'unsupported' | 'reason'>

const NONE = { answer: '', citations: [], unsupported: [] }

/** Whether a text as far as it has come says that the passages do not hold the answer, or still may. */
export function isOrMayBecomeRefusal(text: string): boolean {
  const begun = text.trim()
  return NOT_IN_PASSAGES.startsWith(begun) || begun.startsWith(NOT_IN_PASSAGES)
}

/** What a refusal before anything was asked of a model becomes. */
export function refuse(reason: string): Outcome {
  return { ...NONE, status: 'refused', reason }
}

/**
 * The one outcome of a generation, whatever the model said and however it ended: answered, refused, truncated, blocked or
 * empty. `said` is the model's own text, `shown` what the filter let through of it, `checked` what it cites.
 */
export function decideOutcome(
  said: string,
  shown: string,
  finish: FinishPart,
  checked: CheckedAnswer,
): Outcome {
  if (finish.kind === 'blocked') return { ...NONE, status: 'blocked', reason: whyBlocked(finish) }
  if (said.trim() === '') return withoutText(finish)
  if (said.trim().startsWith(NOT_IN_PASSAGES)) return refuse('The passages found do not hold the answer.')
  if (finish.kind !== 'stop') {
    const reason =
      finish.kind === 'length'
        ? 'The output limit was reached.'
        : `The model stopped early (${finish.reason}).`
    return { status: 'truncated', answer: shown, ...checked, reason }
  }
  if (checked.citations.length === 0) return refuse('The model named no passage for what it wrote.')
  if (!checked.citations.some(({ verified }) => verified))
    return refuse('Nothing of what the model wrote was found in the passages it cited.')
  return { status: 'answered', answer: shown, ...checked }
}

function withoutText(finish: FinishPart): Outcome {
  if (finish.kind !== 'length')
    return { ...NONE, status: 'empty', reason: `The model gave no text (${finish.reason}).` }
  return {
    ...NONE,
    status: 'truncated',
    reason: 'The output limit was reached before any text. Raise GEMDEX_MAX_OUTPUT_TOKENS.',
  }
}

/** Names the filter that blocked, and how sure it was. */
function whyBlocked(finish: FinishPart): string {
  const feedback: PromptFeedback | undefined = finish.promptFeedback
  const ratings = feedback?.safetyRatings ?? finish.safetyRatings ?? []
  const blocking = ratings.filter(({ blocked }) => blocked)
  const likely = ratings.filter(({ probability }) => probability === 'HIGH' || probability === 'MEDIUM')
  const named = (blocking.length > 0 ? blocking : likely).map(nameRating).join(', ')
  const what =
    feedback === undefined
      ? `The answer was blocked (${finish.reason})`
      : `The question was blocked (${feedback.blockReason})`
  return named === '' ? `${what}.` : `${what}: ${named}.`
}

function nameRating({ category, probability }: SafetyRating): string {
  return `${category} ${probability}`
}
