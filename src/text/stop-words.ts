import * as lists from 'stopword'
import { foldWord } from './fold-word.js'

/** Question and auxiliary words that the English list of the `stopword` package lacks. */
const ENGLISH_EXTRA =
  'again do does doing don doesn didn isn aren wasn weren won can couldn shouldn wouldn below down few further having how itself just ll me nor not off once own re s shall she so t there themselves theirs ours until us ve what when whether whom whose why will yourself'.split(
    ' ',
  )
const SPANISH_EXTRA =
  'cuál cuáles cuándo cuánto cuánta cuántos cuántas cómo dónde quién quiénes qué es son está están fue ser hay he ha han tiene tienen puede pueden debe deben puedo podemos tengo tenemos debo debemos si al ante entre hacia cada este esta estos estas esa esos esas nos os les'.split(
    ' ',
  )
const FRENCH_EXTRA =
  'quand comment pourquoi combien où est ce il elle y puis peux peut pouvons pouvez dois doit devons devez faut'.split(
    ' ',
  )
/** Words of the German list that carry content. */
const GERMAN_CONTENT = new Set(
  'beispiel jahr jahre jahren mensch menschen mann tag tage tages tagen teil zeit zeiten ende uhr gott mark morgen mittel recht'.split(
    ' ',
  ),
)

/** Function words by language (ISO 639-1), folded. The first language wins ties. */
const STOP_WORDS: ReadonlyMap<string, ReadonlySet<string>> = new Map(
  (
    [
      ['en', [...lists.eng, ...ENGLISH_EXTRA]],
      ['de', lists.deu.filter((word) => !GERMAN_CONTENT.has(word))],
      ['es', [...lists.spa, ...SPANISH_EXTRA]],
      ['fr', [...lists.fra, ...FRENCH_EXTRA]],
      ['it', lists.ita],
      ['pt', lists.por],
      ['nl', lists.nld],
      ['sv', lists.swe],
      ['da', lists.dan],
      ['nb', lists.nob],
      ['fi', lists.fin],
      ['pl', lists.pol],
      ['cs', lists.ces],
      ['tr', lists.tur],
      ['ro', lists.ron],
      ['hu', lists.hun],
      ['id', lists.ind],
      ['lt', lists.lit],
      ['ga', lists.gle],
      ['ru', lists.rus],
      ['uk', lists.ukr],
      ['el', lists.ell],
      ['ar', lists.ara],
      ['fa', lists.fas],
      ['ur', lists.urd],
      ['he', lists.heb],
      ['hi', lists.hin],
      ['hy', lists.hye],
      ['vi', lists.vie],
      ['th', lists.tha],
      ['zh', lists.zho],
      ['ja', lists.jpn],
    ] as const
  ).map(([language, words]) => [language, new Set(words.map(foldWord))]),
)

const LANGUAGES: readonly string[] = [...STOP_WORDS.keys()]
/** The languages, by position, whose function words include a word. */
const LANGUAGES_OF_WORD: ReadonlyMap<string, readonly number[]> = invert([...STOP_WORDS.values()])

/** A language and how many function words of it a text holds. */
export type LanguageCount = { readonly language: string; readonly hits: number }

/** The languages whose function words a word, folded, is among; undefined for none. */
export type FunctionWord = readonly number[] | undefined

export function functionWord(folded: string): FunctionWord {
  return LANGUAGES_OF_WORD.get(folded)
}

/**
 * The language whose function words fill most of a text; undefined for a text without any. Where the likely languages are
 * known, another one needs two words: `data` alone does not make a query Italian.
 */
export function countFunctionWords(
  words: Iterable<FunctionWord>,
  likely?: ReadonlySet<string>,
): LanguageCount | undefined {
  const counts = new Uint32Array(LANGUAGES.length)
  for (const languages of words) {
    if (languages === undefined) continue
    for (const language of languages) counts[language] = (counts[language] ?? 0) + 1
  }
  let best: LanguageCount | undefined
  for (const [i, language] of LANGUAGES.entries()) {
    const hits = counts[i] ?? 0
    const enough = likely === undefined || likely.has(language) ? 1 : 2
    if (hits >= enough && hits > (best?.hits ?? 0)) best = { language, hits }
  }
  return best
}

/**
 * The function words of the language that a text is most likely in. `die` is an article in a German question and a verb
 * in an English one.
 */
export function stopWordsFor(
  foldedWords: readonly string[],
  likely?: ReadonlySet<string>,
): ReadonlySet<string> {
  return stopWordsAmong(foldedWords.map(functionWord), likely) ?? new Set()
}

/** The same of words that have been looked up; undefined when none of them is one. */
export function stopWordsAmong(
  words: Iterable<FunctionWord>,
  likely?: ReadonlySet<string>,
): ReadonlySet<string> | undefined {
  const found = countFunctionWords(words, likely)
  return found && STOP_WORDS.get(found.language)
}

function invert(lists: readonly ReadonlySet<string>[]): Map<string, number[]> {
  const positions = new Map<string, number[]>()
  for (const [i, words] of lists.entries()) {
    for (const word of words) positions.set(word, [...(positions.get(word) ?? []), i])
  }
  return positions
}
