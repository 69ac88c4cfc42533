import type { PlannedUnit, SearchScope, Store, TermStatistics } from '../store/store.js'
import { DEFAULT_LANGUAGE, termOf } from '../text/analyze.js'
import type { Correction } from '../types.js'
import { correctWord } from './correct-word.js'
import { type ParsedQuery, parseQuery } from './parse-query.js'
import { inverseDocumentFrequency, passagesWith, planKeywords } from './plan-keywords.js'
import { phraseTerms, type QueryUnit, queryUnits, type WeightedUnit } from './query-units.js'
import { CODE_TERM, weighLanguageNames } from './weigh-language-names.js'

/** What a query means in an index. */
export type Interpretation = {
  /** What is embedded: the query without its operators. */
  readonly text: string
  readonly parsed: ParsedQuery
  /** What is looked for, known to the index or not; without function words. */
  readonly units: readonly WeightedUnit[]
  readonly plan: readonly PlannedUnit[]
  readonly corrections: readonly Correction[]
  readonly scope: Pick<SearchScope, 'phrases' | 'excluded'>
}

export type InterpretOptions = {
  /** Takes quotation marks and minus signs for ordinary text. */
  readonly literal?: boolean
  /** Further words to look for, with less weight, that do not count for relevance. */
  readonly expansion?: readonly string[]
  /** Words are corrected to those of these collections only. */
  readonly collections?: readonly string[]
}

const EXPANSION_WEIGHT = 0.3

/**
 * Reads a query, analyses it by the rules of the languages in the index, corrects words that no passage of the whole index
 * holds, whatever the search is restricted to, and plans by document frequency what finds passages.
 */
export async function interpretQuery(
  store: Store,
  query: string,
  options: InterpretOptions = {},
): Promise<Interpretation> {
  const parsed: ParsedQuery = options.literal ? { text: query, phrases: [], excluded: [] } : parseQuery(query)
  const languages = await store.languages()
  const typed = queryUnits(parsed.text, languages)
  const expanded = expansionUnits(options.expansion ?? [], languages, typed)
  const statistics = await statisticsOf(store, [...typed, ...expanded])
  const corrected = await Promise.all(
    weighLanguageNames(typed, statistics).map(async (unit) => {
      if (unit.kind !== 'word' || passagesWith(unit, statistics) > 0) return unit
      const found = await correctWord(store, unit, options.collections)
      return found === undefined ? unit : { ...unit, terms: [found.term], correctedTo: found.word }
    }),
  )
  const isCorrected = corrected.some((unit) => 'correctedTo' in unit)
  const known = isCorrected ? await statisticsOf(store, [...corrected, ...expanded]) : statistics
  return {
    text: parsed.text,
    parsed,
    units: corrected.filter(isLookedFor).map((unit) => ({
      ...unit,
      idf: unit.weight * inverseDocumentFrequency(known.passages, passagesWith(unit, known)),
    })),
    plan: planKeywords([...corrected, ...expanded], known),
    corrections: corrected.flatMap((unit) =>
      'correctedTo' in unit ? [{ from: unit.word, to: unit.correctedTo }] : [],
    ),
    scope: {
      ...(parsed.phrases.length > 0
        ? { phrases: parsed.phrases.map((phrase) => phraseTerms(phrase, languages)) }
        : {}),
      ...(parsed.excluded.length > 0
        ? { excluded: parsed.excluded.map((word) => phraseTerms(word, languages)) }
        : {}),
    },
  }
}

/** The weights of a question's words by their terms in the default analysis, as answers are checked with. */
export function wordWeights({ units }: Interpretation): Map<string, number> {
  return new Map(
    units.flatMap(({ kind, word, idf }) =>
      kind === 'word' ? [[termOf(word, DEFAULT_LANGUAGE), idf] as const] : [],
    ),
  )
}

function expansionUnits(
  words: readonly string[],
  languages: readonly string[],
  typed: readonly QueryUnit[],
): QueryUnit[] {
  const present = new Set(typed.flatMap(({ terms }) => terms))
  return queryUnits(words.join(' '), languages)
    .filter(({ terms, kind }) => kind === 'word' && !terms.some((term) => present.has(term)))
    .map((unit) => ({ ...unit, weight: EXPANSION_WEIGHT, kind: 'part' as const }))
}

function statisticsOf(store: Store, units: readonly QueryUnit[]): Promise<TermStatistics> {
  return store.termStatistics([...new Set([CODE_TERM, ...units.flatMap(({ terms }) => terms)])])
}

function isLookedFor({ kind }: QueryUnit): boolean {
  return kind !== 'function'
}
