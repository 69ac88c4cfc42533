import type { FoldedWord, Term } from './analyze.js'
import type { AkinKeys } from './are-akin.js'
import { foldWord } from './fold-word.js'
import { createLexicon, type Lexicon } from './lexicon.js'
import { LIGHT_WORDS } from './light-words.js'
import { findNegations } from './polarity.js'
import type { Quantity } from './quantity.js'
import { isCalendarWord } from './read-dates.js'
import { readQuantities } from './read-quantities.js'
import { segmentWords } from './segment-words.js'
import type { Span } from './split-sentences.js'
import { stopWordsFor } from './stop-words.js'
import { unitOf } from './units.js'

/** A word that says something, and whether it stands under a negation. */
export type ContentWord = AkinKeys & Span & { readonly negated: boolean }

/** A number, time or date, and whether it stands under a negation. */
export type Amount = Quantity & { readonly negated: boolean }

/**
 * A proper name, word by word, folded. Optional ones may be another word for the one who speaks: `the Association`. UTF-16
 * offsets.
 */
export type Name = Span & { readonly words: readonly string[]; readonly optional: boolean }

/** What a sentence says, as far as code can compare it. */
export type Statement = {
  readonly text: string
  readonly words: readonly ContentWord[]
  /** All words, function words too, in order and folded. */
  readonly folded: readonly string[]
  readonly quantities: readonly Amount[]
  readonly names: readonly Name[]
  /** Numbers of parts, versions, error codes: letters and digits in one, folded. */
  readonly codes: readonly string[]
  /** Pieces between commas and the like. */
  readonly segments: readonly Span[]
  /** Its language, by its function words; undefined when it has none. */
  readonly language: ReadonlySet<string> | undefined
  readonly isGerman: boolean
}

type ReadWord = FoldedWord & AkinKeys

/** `TS-2070`, `E17`, `4.3.1`, `C01`, `BR-4471-K`. */
const CODE =
  /(?<![\p{L}\p{N}_])(?=[\p{L}\d_./-]*\d)(?=[\p{L}\d_./-]*(?:\p{L}|\d\.\d+\.))[\p{L}\d]+(?:[-_./][\p{L}\d]+)*/gu
const GERMAN = stopWordsFor(['und', 'der', 'nicht', 'ist', 'das', 'mit', 'ein'])
const CAPITAL = /^\p{Lu}/u
/** `Marmot 4`, `Channel 6`. */
const NUMBER_OF_NAME = /^ (\d{1,3})(?![\d:%°€$]|[.,]\d|\p{L})(?: (\p{L}+))?/u
const INDEFINITE = /^(?:who|what|which|no|any|every|some|people|staff)/i
/** Scripts without capitals name people before a title: `田中さん`, `王先生`. */
const TITLED = /([\p{sc=Han}\p{sc=Katakana}ー]{1,8}?)(?=さん|さま|氏|様|先生|女士|小姐)/gu

/**
 * Reads a sentence, table row or heading. `language` is that of the text around it, by its function words, where it is
 * known: a few words alone do not tell. `lexicon` knows the words of what was read before.
 */
export function readStatement(
  text: string,
  language?: ReadonlySet<string>,
  lexicon: Lexicon = createLexicon(),
): Statement {
  const segmented = segmentWords(text)
  const terms = lexicon.place(segmented).map(({ start, end, keys }): ReadWord => {
    const { term, folded, base, stem, synonyms } = keys
    return { term, folded, base, stem, synonyms, start, end }
  })
  const folded = terms.map((term) => term.folded)
  const stopWords = language ?? stopWordsFor(folded)
  const quantities = readQuantities(text, segmented).filter(
    (quantity) => !isVague(quantity, text.slice(quantity.start, quantity.end)),
  )
  const codes = readCodes(text, quantities)
  const content = withoutFunctionWords(terms, stopWords).filter(
    (term) => !isIn(codes, term) && !isIn(quantities, term),
  )
  const negated = findNegations(text, terms).map(({ scope, clause }) =>
    [...content, ...quantities].some((each) => isIn([scope], each)) ? scope : clause,
  )
  return {
    text,
    words: content.map(({ term, folded: form, base, stem, synonyms, start, end }) => {
      // Word by word: to spread them takes five times as long.
      const isNegated = isIn(negated, { start, end })
      return { term, folded: form, base, stem, synonyms, start, end, negated: isNegated }
    }),
    folded,
    quantities: quantities.map((quantity) => ({ ...quantity, negated: isIn(negated, quantity) })),
    names: [...readNames(text, content, stopWords === GERMAN), ...readTitledNames(text)],
    codes: codes.map(({ start, end }) => foldCode(text.slice(start, end))),
    segments: segmentsOf(text),
    language: folded.some((word) => stopWords.has(word)) ? stopWords : undefined,
    isGerman: stopWords === GERMAN,
  }
}

/** All of them when there are no others. */
function withoutFunctionWords(terms: readonly ReadWord[], stopWords: ReadonlySet<string>): ReadWord[] {
  const content = terms.filter(({ folded }) => !stopWords.has(folded))
  return (content.length > 0 ? content : terms).filter(
    ({ folded }) => !LIGHT_WORDS.has(folded) && !/^[a-z]$/.test(folded),
  )
}

/** What several statements say together. */
export function uniteStatements(text: string, statements: readonly Statement[]): Statement {
  return {
    text,
    words: statements.flatMap(({ words }) => words),
    folded: statements.flatMap(({ folded }) => folded),
    quantities: statements.flatMap(({ quantities }) => quantities),
    names: statements.flatMap(({ names }) => names),
    codes: statements.flatMap(({ codes }) => codes),
    segments: [],
    language: statements.find(({ language }) => language !== undefined)?.language,
    isGerman: statements.some(({ isGerman }) => isGerman),
  }
}

/** Whether one of the spans has a part of the other in it. */
function isIn(spans: readonly Span[], { start, end }: Span): boolean {
  return spans.some((span) => start < span.end && end > span.start)
}

function readCodes(text: string, quantities: readonly Quantity[]): Span[] {
  return [...text.matchAll(CODE)]
    .map(({ index, 0: code }) => ({ start: index, end: index + code.length }))
    .filter((span) => !isIn(quantities, span))
}

function segmentsOf(text: string): Span[] {
  const ends = [...text.matchAll(/[;()\n|；，、（）]|,(?!\d)/g)].map(({ index }) => index)
  return [...ends, text.length].map((end, i) => ({ start: i === 0 ? 0 : (ends[i - 1] ?? 0), end }))
}

/** The same for `TS 2070`, `ts-2070` and `TS2070`. */
export function foldCode(code: string): string {
  return code.toLowerCase().replace(/[^\p{L}\p{N}.]/gu, '')
}

/** `one of them`, `both sides`: words rather than counts. */
function isVague({ spelled, values, dimension }: Quantity, text: string): boolean {
  return spelled === true && dimension === undefined && (values.includes(1) || /^b(?:oth|eid)/i.test(text))
}

/**
 * Words with a capital that do not begin the sentence. German writes all nouns so: there, two or more in a row. Months and
 * units are no names.
 */
function readNames(text: string, words: readonly Term[], isGerman: boolean): Name[] {
  const names: Name[] = []
  let run: Term[] = []
  const isModifier = ({ end }: Term) => words.some(({ start }) => start === end + 1)
  const close = () => {
    // Any word has a capital there.
    if (isGerman && run[0] !== undefined && beginsSentence(text, run[0]) && run.length === 2) run.shift()
    const [first] = run
    if (first !== undefined && (run.length > 1 || (!isGerman && isAloneAName(text, first))))
      names.push({
        start: first.start,
        end: run.at(-1)?.end ?? first.end,
        words: [
          ...run.map(({ start, end }) => foldWord(text.slice(start, end))),
          ...numberOf(text.slice(run.at(-1)?.end)),
        ],
        optional: run.length === 1 && /\b[Tt]he $/.test(text.slice(0, first.start)) && !isModifier(first),
      })
    run = []
  }
  for (const word of words) {
    const surface = text.slice(word.start, word.end)
    const previous = run.at(-1)
    const adjoins =
      previous !== undefined &&
      /^(?:[ -]|['’]s |s )?[ -]?$/.test(text.slice(previous.end, word.start)) &&
      !beginsSentence(text, word)
    if (!adjoins) close()
    const isName = CAPITAL.test(surface) && surface.length > 1 && unitOf(surface) === undefined
    if (isName && !isCalendarWord(foldWord(surface))) run.push(word)
    else close()
  }
  close()
  return names
}

function readTitledNames(text: string): Name[] {
  return [...text.matchAll(TITLED)].map(({ index, 1: name = '' }) => ({
    start: index,
    end: index + name.length,
    words: [foldWord(name)],
    optional: false,
  }))
}

function numberOf(following: string): string[] {
  const [, number, next] = NUMBER_OF_NAME.exec(following) ?? []
  return number === undefined || (next !== undefined && unitOf(next) !== undefined) ? [] : [number]
}

/** Verbs right behind the subject, in the third person. */
const VERB_FOLLOWS =
  /^ (?:is|was|has|had|will|can|could|must|may|does|did|\p{Ll}{2,}(?:s|ed)|es|era|fue|ha|\p{Ll}{3,}(?:a|ó)|ist|war|hat|est|était)(?!\p{L})/u

/** Within a sentence its capital tells; at the start, that a verb follows and that it is no plural. */
function isAloneAName(text: string, word: Term): boolean {
  if (!beginsSentence(text, word)) return true
  const surface = text.slice(word.start, word.end)
  if (numberOf(text.slice(word.end)).length > 0) return true
  return (
    word.start === 0 &&
    !/s$/.test(surface) &&
    !INDEFINITE.test(surface) &&
    VERB_FOLLOWS.test(text.slice(word.end))
  )
}

/** At the start of the text, behind the end of a sentence, a colon, a quotation mark or the mark of a list. */
function beginsSentence(text: string, { start }: Term): boolean {
  return /(?:^|[.!?:…。"“„«»¿¡|#]|^\s*[-*+•]|\n)[\s*_"“„«»¿¡('‘]*$/u.test(text.slice(0, start))
}
