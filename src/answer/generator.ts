import type { InlineData, PromptFeedback, SafetyRating, Usage } from '../types.js'

export type GenerationSettings = {
  readonly maxOutputTokens?: number
  readonly stopSequences?: readonly string[]
  readonly candidates?: number
  readonly temperature?: number
  readonly topP?: number
  readonly topK?: number
}

export type SafetySetting = { readonly category: string; readonly threshold: string }

/** A turn of what the model is told. Images, of a user's turn, go before its text. */
export type Message = {
  readonly role: 'user' | 'model'
  readonly text: string
  readonly images?: readonly InlineData[]
}

/** A passage given to answer from, under the number that a citation uses. */
export type NumberedPassage = { readonly number: number; readonly title: string; readonly text: string }

/** What an answer may be made of. */
export type Grounding = {
  readonly question: string
  readonly passages: readonly NumberedPassage[]
  /** Weight of each of the question's analysed terms: the rarer in the index, the greater. For extractive generators alone. */
  readonly termWeights: ReadonlyMap<string, number>
}

/** A generator's whole answer when the passages do not hold what was asked. */
export const NOT_IN_PASSAGES = 'NOT_IN_PASSAGES'

export type GenerateRequest = {
  readonly system: string
  /** Oldest first, ending with the user's turn. */
  readonly messages: readonly Message[]
  /** The same content as data, for generators that quote instead of writing; without it there is nothing to quote. */
  readonly grounding?: Grounding
  readonly settings: GenerationSettings
  readonly safety: readonly SafetySetting[]
  /** JSON schema that the answer is to follow, instead of free text. */
  readonly responseSchema?: object
}

/** Why a generation ended; `reason` holds the model's own word for it. */
export type FinishKind = 'stop' | 'length' | 'blocked' | 'other'

export type FinishPart = {
  readonly type: 'finish'
  readonly kind: FinishKind
  readonly reason: string
  readonly usage?: Usage
  readonly safetyRatings?: readonly SafetyRating[]
  readonly promptFeedback?: PromptFeedback
}

export type GeneratePart =
  | { readonly type: 'text'; readonly text: string; readonly candidate: number }
  | FinishPart

/**
 * Seam: writes an answer.
 *
 * `generate` yields text parts and ends with exactly one `finish`, or throws a GemdexError (INCOMPLETE when the other
 * side stopped without saying why). Cancelled through `signal`.
 */
export interface Generator {
  readonly modelId: string
  readonly maxInputTokens: number
  /** Tokens of an answer, thinking included, that it can give at most. */
  readonly maxOutputTokens: number
  /** True when the answers are quotations picked by words, not written by a model. */
  readonly extractive: boolean
  /** Whether it can look at images. */
  readonly seesImages: boolean
  generate(request: GenerateRequest, options: { readonly signal?: AbortSignal }): AsyncIterable<GeneratePart>
}
