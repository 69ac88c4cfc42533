import type { Grounding } from '../answer/generator.js'
import type { Lexicon } from '../text/lexicon.js'
import { readPassage } from '../text/read-passage.js'
import { quotePart } from './quote-part.js'
import { type ReadQuestion, readQuestion } from './read-question.js'
import { type ScoredPart, scoreParts } from './score-parts.js'

/** A question and every sentence and row of its passages that can be quoted, best first. */
export type RankedSentences = { readonly question: ReadQuestion; readonly scored: readonly ScoredPart[] }

/** Ranks all that an answer may quote. `lexicon` knows the words of passages read before. */
export function rankSentences(grounding: Grounding, lexicon: Lexicon): RankedSentences {
  const question = readQuestion(grounding.question, grounding.termWeights)
  const scored = grounding.passages
    .flatMap(({ text, title, number }, rank) =>
      scoreParts(question, readPassage(text, title, lexicon), rank, number),
    )
    .filter(({ passage, part }) => quotePart(passage, part) !== '')
    .sort((a, b) => b.score - a.score)
  return { question, scored }
}
