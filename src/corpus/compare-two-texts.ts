import { GemdexError } from '../errors.js'

export type SimilarityRequest = {
  /** Two texts. */
  readonly texts: readonly string[]
  readonly signal?: AbortSignal
}

export type SimilarityReport = {
  /** Cosine of their vectors, -1 to 1; means something by comparison with others of the same model only. */
  readonly similarity: number
  /** The same on the model's scale: 0 for texts that are unrelated to it, 1 for surely alike ones. */
  readonly relevance: number
  /** Whether words alone were compared, or meaning. */
  readonly by: 'terms' | 'vectors'
  readonly model: string
}

const MAX_TEXT_CHARS = 100_000

/** Throws BAD_INPUT for other than two texts, or ones that are blank or too long. */
export function checkTwoTexts(texts: readonly string[]): void {
  if (texts.length !== 2)
    throw new GemdexError('BAD_INPUT', `texts must be two, not ${texts.length}`, { field: 'texts' })
  for (const text of texts) {
    if (text.trim() === '') throw new GemdexError('BAD_INPUT', 'A text is empty', { field: 'texts' })
    if (text.length > MAX_TEXT_CHARS)
      throw new GemdexError('BAD_INPUT', `A text has more than ${MAX_TEXT_CHARS} characters`, {
        field: 'texts',
      })
  }
}
