import * as lists from 'stopword'
import { foldWord } from './analyze.js'

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

/** Function words by language, folded. The first language wins ties. */
const STOP_WORDS: readonly ReadonlySet<string>[] = [
  [...lists.eng, ...ENGLISH_EXTRA],
  lists.deu.filter((word) => !GERMAN_CONTENT.has(word)),
  [...lists.spa, ...SPANISH_EXTRA],
  [...lists.fra, ...FRENCH_EXTRA],
  lists.ita,
  lists.por,
  lists.nld,
  lists.swe,
  lists.dan,
  lists.nob,
  lists.fin,
  lists.pol,
  lists.ces,
  lists.tur,
  lists.rus,
  lists.ukr,
  lists.ell,
  lists.ara,
  lists.heb,
  lists.hin,
  lists.vie,
  lists.tha,
  lists.zho,
  lists.jpn,
].map((words) => new Set(words.map(foldWord)))

/**
 * The function words of the language that a text is most likely in: the list that holds most of its words. `die` is
 * an article in a German question and a verb in an English one.
 */
export function stopWordsFor(foldedWords: readonly string[]): ReadonlySet<string> {
  let best: ReadonlySet<string> = new Set()
  let bestCount = 0
  for (const list of STOP_WORDS) {
    const count = foldedWords.filter((word) => list.has(word)).length
    if (count > bestCount) {
      best = list
      bestCount = count
    }
  }
  return best
}
