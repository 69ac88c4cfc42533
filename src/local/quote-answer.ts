import { type GenerateRequest, NOT_IN_PASSAGES } from '../answer/generator.js'
import type { Lexicon } from '../text/lexicon.js'
import type { SourcePart, SourcePassage } from '../text/read-passage.js'
import { confidenceOf, signalsOf } from './confidence.js'
import { quotePart } from './quote-part.js'
import { rankSentences } from './rank-sentences.js'
import type { ScoredPart } from './score-parts.js'

/**
 * Least confidence that the passages hold the answer: a wrong answer does more harm than a refusal. At this one, with
 * half of the documents left out, 91 % of the questions without an answer are refused among XQuAD's (English), 75 % among Natural
 * Questions', 89 % among the golden ones; 88, 75 and 86 % of the others are answered from the right document.
 */
const MIN_CONFIDENCE = 0.4
/** Further sentences must score at least this share of what the best one does; more where one fact is asked for. */
const MIN_OF_BEST = { open: 0.8, fact: 0.88 }
/**
 * Another passage that scores so near the best one may be the one that answers, even where it has no new word. At 0.96, a right
 * document is quoted to 71 % of Natural Questions, with 1.2 quotes an answer; at 0.8 to 75 %, with 1.5.
 */
const RIVAL_OF_BEST = 0.8
const MAX_QUOTES = 3
const MIN_NEW_TERMS = 2
const MAX_LISTED = 8

/**
 * Quotes the sentences and rows that hold most of the question's words, weighed by their rarity and by where they stand, and
 * that have what is asked for (a date for `when`, an amount for `how much`). Says NOT_IN_PASSAGES when no sentence holds
 * enough of them.
 */
export function quoteAnswer({ grounding }: GenerateRequest, lexicon: Lexicon): string {
  if (grounding === undefined) return NOT_IN_PASSAGES
  const { question, scored } = rankSentences(grounding, lexicon)
  const [best] = scored
  if (best === undefined || confidenceOf(signalsOf(question, best, scored)) < MIN_CONFIDENCE)
    return NOT_IN_PASSAGES
  const isOpen = question.type.kind === 'open'
  const quotes = isOpen && best.isListed ? listOf(best) : choose(scored, best, isOpen)
  return quotes
    .map(({ scored: { passage, number }, parts }) => {
      const sentences = parts.map((part) => quotePart(passage, part)).filter((sentence) => sentence !== '')
      return `${sentences.join(' ')} [${number}]`
    })
    .join('\n')
}

/** Sentences of one passage that are quoted together. */
type Quote = { readonly scored: ScoredPart; readonly parts: SourcePart[] }

/** What was found by its heading is answered by all that stands under it. */
function listOf(best: ScoredPart): Quote[] {
  const [heading] = best.part.context
  const said = new Set<string>()
  return best.passage.parts
    .filter(({ context }) => context[0] === heading)
    .filter((part) => {
      const words = wordsOf(best.passage, part)
      const isNew = words !== '' && !said.has(words)
      said.add(words)
      return isNew
    })
    .slice(0, MAX_LISTED)
    .map((part) => ({ scored: best, parts: [part] }))
}

/** The best one, with what it speaks on about; then those that have words of the question that none before has. */
function choose(scored: readonly ScoredPart[], best: ScoredPart, isOpen: boolean): Quote[] {
  const quotes: Quote[] = []
  const covered = new Set<string>()
  const least = best.score * (isOpen ? MIN_OF_BEST.open : MIN_OF_BEST.fact)
  for (const candidate of scored) {
    const isNear = candidate.score >= RIVAL_OF_BEST * best.score
    if (quotes.length === MAX_QUOTES || (candidate.score < least && !isNear)) break
    const isRival = isNear && candidate.number !== best.number
    const isMore = candidate.score >= least && candidate.terms.some((term) => !covered.has(term))
    const isNew = candidate === best || isRival || isMore
    if (isSaid(quotes, candidate.passage, candidate.part) || !isNew) continue
    const [antecedent] = candidate.part.antecedents
    const known = antecedent && quotes.find(({ parts }) => parts.includes(antecedent))
    if (known !== undefined) known.parts.push(candidate.part)
    else
      quotes.push({
        scored: candidate,
        parts:
          antecedent === undefined || isSaid(quotes, candidate.passage, antecedent)
            ? [candidate.part]
            : [antecedent, candidate.part],
      })
    for (const term of candidate.terms) covered.add(term)
  }
  const first = quotes[0]
  const next = continuation(best, scored)
  if (first !== undefined && next !== undefined && !isSaid(quotes, best.passage, next)) first.parts.push(next)
  return quotes
}

/** Whether quotes have a part already, or another one that says it word for word. */
function isSaid(quotes: readonly Quote[], passage: SourcePassage, part: SourcePart): boolean {
  const words = ` ${wordsOf(passage, part)} `
  return quotes.some(({ scored, parts }) =>
    parts.some((quoted) => quoted === part || ` ${wordsOf(scored.passage, quoted)} `.includes(words)),
  )
}

/** What is quoted of a part, without regard to case and punctuation. */
function wordsOf(passage: SourcePassage, part: SourcePart): string {
  return quotePart(passage, part)
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()
}

/**
 * The sentence right behind the best one, when it has what is asked for and the best one has not, or words of the question
 * that it lacks.
 */
function continuation(best: ScoredPart, scored: readonly ScoredPart[]): SourcePart | undefined {
  const at = best.passage.parts.indexOf(best.part)
  const next = scored.find(({ part }) => part === best.passage.parts[at + 1])
  if (next === undefined || next.part.previous !== best.part) return undefined
  const isMore = next.terms.filter((term) => !best.terms.includes(term)).length >= MIN_NEW_TERMS
  return (next.isOfKind && !best.isOfKind) || isMore ? next.part : undefined
}
