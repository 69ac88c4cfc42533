import {
  type GenerateRequest,
  type Generator,
  NOT_IN_PASSAGES,
  type NumberedPassage,
} from '../answer/generator.js'
import { throwIfAborted } from '../errors.js'
import { analyze } from '../text/analyze.js'
import { splitPassage } from '../text/split-passage.js'

export const extractiveModelId = 'local-extractive-v1'

/** Least share of the question's term weight that the best sentence, with its neighbours and headings, must hold. */
const MIN_SHARE = 0.45
/** Further sentences must hold at least this much of what the best one does. */
const MIN_OF_BEST = 0.75
const MAX_QUOTES = 3
const MAX_QUOTE_CHARS = 400
/** What words around a sentence count against words in it. */
const NEIGHBOUR_WEIGHT = 0.5
const TITLE_WEIGHT = 0.5

type Candidate = {
  readonly passage: NumberedPassage
  readonly text: string
  /** Terms of the question that it bears itself. */
  readonly terms: readonly string[]
  readonly share: number
  readonly order: number
}

/**
 * Answers without a model: quotes the sentences that hold most of the question's words, weighed by their rarity, and
 * refuses when no sentence holds enough of them.
 */
export function createExtractiveGenerator(): Generator {
  return {
    modelId: extractiveModelId,
    maxInputTokens: 1_000_000,
    maxOutputTokens: 1_000_000,
    extractive: true,
    seesImages: false,
    async *generate(request, { signal }) {
      throwIfAborted(signal)
      yield { type: 'text', text: quoteAnswer(request), candidate: 0 }
      throwIfAborted(signal)
      yield { type: 'finish', kind: 'stop', reason: 'STOP' }
    },
  }
}

function quoteAnswer({ grounding }: GenerateRequest): string {
  if (grounding === undefined) return NOT_IN_PASSAGES
  const { passages, termWeights } = grounding
  const total = [...termWeights.values()].reduce((sum, weight) => sum + weight, 0)
  const candidates = passages
    .flatMap((passage) => scoreSentences(passage, termWeights, total))
    .sort((a, b) => b.share - a.share || a.passage.number - b.passage.number || a.order - b.order)
  const best = candidates[0]
  if (best === undefined || best.share < MIN_SHARE) return NOT_IN_PASSAGES
  const quotes: Candidate[] = []
  const covered = new Set<string>()
  for (const candidate of candidates) {
    if (quotes.length === MAX_QUOTES || candidate.share < best.share * MIN_OF_BEST) break
    // A further sentence has to bear words of the question that none before it does.
    if (quotes.length > 0 && candidate.terms.every((term) => covered.has(term))) continue
    quotes.push(candidate)
    for (const term of candidate.terms) covered.add(term)
  }
  return quotes.map(({ text, passage }) => `${endSentence(text)} [${passage.number}]`).join('\n')
}

function scoreSentences(
  passage: NumberedPassage,
  weights: ReadonlyMap<string, number>,
  total: number,
): Candidate[] {
  const parts = splitPassage(passage.text)
  const terms = parts.map(({ start, end }) => termsOf(passage.text.slice(start, end)))
  const title = termsOf(passage.title)
  return parts.flatMap(({ kind, start, end }, i) => {
    const text = tidy(passage.text.slice(start, end))
    if (kind === 'heading' || text === '' || isNoStatement(text)) return []
    const own: string[] = []
    let weightOfOwn = 0
    let around = 0
    for (const [term, weight] of weights) {
      if (terms[i]?.has(term)) {
        own.push(term)
        weightOfOwn += weight
      } else if (terms[i - 1]?.has(term) || terms[i + 1]?.has(term)) around += weight * NEIGHBOUR_WEIGHT
      else if (title.has(term)) around += weight * TITLE_WEIGHT
    }
    if (weightOfOwn === 0 || total === 0) return []
    return [{ passage, text, terms: own, share: (weightOfOwn + around) / total, order: i }]
  })
}

function termsOf(text: string): ReadonlySet<string> {
  return new Set(analyze(text).map(({ term }) => term))
}

/** Questions and the headers of mails answer nothing. */
function isNoStatement(text: string): boolean {
  return (
    /[?？]["'”’)]*$/u.test(text) ||
    /^(?:from|to|cc|date|subject|von|an|datum|betreff|de|para|fecha|asunto):/i.test(text)
  )
}

/** Takes off what marks lists, quotes, rows, emphasis, links and tags. */
function tidy(sentence: string): string {
  const text = sentence
    .replace(/^\s*(?:[-*+>•]|\d+[.)])\s+/, '')
    .replace(/^\s*\|\s*|\s*\|\s*$/g, '')
    .replace(/\s*\|\s*/g, ' | ')
    .replace(/\*\*|__|`/g, '')
    .replace(/!?\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replace(/<[^<>]*>/g, '')
    .replace(/\s+/g, ' ')
    .trim()
  if (/^[-:| =*_]*$/.test(text)) return ''
  return text.length <= MAX_QUOTE_CHARS ? text : `${text.slice(0, text.lastIndexOf(' ', MAX_QUOTE_CHARS))} …`
}

function endSentence(text: string): string {
  const whole = text.replace(/[,;，、]$/u, '')
  return /[.!?…。！？:：]["'”’)\]]*$/u.test(whole) ? whole : `${whole}.`
}
