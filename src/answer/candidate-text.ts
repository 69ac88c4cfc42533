import { type AnswerFilterOptions, createAnswerFilter } from './filter-answer.js'
import { isOrMayBecomeRefusal } from './outcome.js'

/** A model that is told to may write without end: what comes after is not read. */
const MAX_CHARS = 100_000

/** One candidate's text as it grows. */
export type CandidateText = {
  /** What the model wrote. */
  readonly said: string
  /** What may be shown of it. */
  readonly shown: string
  /** Whether its first letters are held until more comes; see `AnswerFilter`. */
  readonly isHolding: boolean
  /** More is not taken. */
  readonly isFull: boolean
  /** Takes the next piece; gives what is to be shown more. */
  push(piece: string): string
  /** What is held, since more does not come. */
  release(): string
  /** The rest. */
  end(): string
}

/** Nothing of a text is shown as long as it may be a refusal. */
export function createCandidateText(options: AnswerFilterOptions): CandidateText {
  const filter = createAnswerFilter(options)
  let said = ''
  let filtered = 0
  let shown = ''

  function show(isLast: boolean): string {
    if (isOrMayBecomeRefusal(said)) return ''
    const fresh = filter.push(said.slice(filtered)) + (isLast ? filter.end() : '')
    filtered = said.length
    shown += fresh
    return fresh
  }

  return {
    get said() {
      return said
    },
    get shown() {
      return shown
    },
    get isHolding() {
      return filter.isHolding
    },
    get isFull() {
      return said.length >= MAX_CHARS
    },
    push(piece) {
      said += piece.slice(0, MAX_CHARS - said.length)
      return show(false)
    },
    release() {
      const fresh = filter.release()
      shown += fresh
      return fresh
    },
    end: () => show(true),
  }
}
