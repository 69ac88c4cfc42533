import { createRequire } from 'node:module'
import { lazy } from '../lazy.js'
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

/** The lists of function words, and where a word stands in them. */
type Lists = {
  /** Function words by language (ISO 639-1), folded. The first language wins ties. */
  readonly byLanguage: ReadonlyMap<string, ReadonlySet<string>>
  readonly languages: readonly string[]
  /** The languages, by position, whose function words include a word. */
  readonly languagesOfWord: ReadonlyMap<string, readonly number[]>
}

/** Read with the first text that is analysed: it takes 25 ms, which commands that analyse none go without. */
const functionWords = lazy((): Lists => {
  // An `import` would look through the whole package, all of it lists, for names that it exports: 35 ms more.
  const lists: typeof import('stopword') = createRequire(import.meta.url)('stopword')
  const byLanguage = new Map(
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
  return {
    byLanguage,
    languages: [...byLanguage.keys()],
    languagesOfWord: invert([...byLanguage.values()]),
  }
})

/** A language and how many function words of it a text holds. */
export type LanguageCount = { readonly language: string; readonly hits: number }

/** The languages whose function words a word, folded, is among; undefined for none. */
export type FunctionWord = readonly number[] | undefined

export function functionWord(folded: string): FunctionWord {
  return functionWords().languagesOfWord.get(folded)
}

/**
 * The language whose function words fill most of a text; undefined for a text without any. Where the likely languages are
 * known, another one needs two words: `data` alone does not make a query Italian.
 */
export function countFunctionWords(
  words: Iterable<FunctionWord>,
  likely?: ReadonlySet<string>,
): LanguageCount | undefined {
  const { languages } = functionWords()
  const counts = new Uint32Array(languages.length)
  for (const positions of words) {
    if (positions === undefined) continue
    for (const language of positions) counts[language] = (counts[language] ?? 0) + 1
  }
  let best: LanguageCount | undefined
  for (const [i, language] of languages.entries()) {
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
  return found && functionWords().byLanguage.get(found.language)
}

function invert(lists: readonly ReadonlySet<string>[]): Map<string, number[]> {
  const positions = new Map<string, number[]>()
  for (const [i, words] of lists.entries()) {
    for (const word of words) {
      const known = positions.get(word)
      if (known === undefined) positions.set(word, [i])
      else known.push(i)
    }
  }
  return positions
}
