import type { Statement } from './read-statement.js'

/** Folded (`foldWord`). Those that are articles as well, such as `la`, count as the first word only. */
const POINTING: ReadonlySet<string> = new Set(
  [
    'he she it they him her them his its their this that these those there then such both',
    'er sie es ihn ihm ihnen ihr ihre ihren dies diese dieser dieses diesem diesen das dann dort dafur dabei damit daruber darunter danach deshalb',
    'ella ellas ellos lo le les se esto este esta estos estas eso ese esa su sus alli entonces',
    'il elle ils elles ce cela ceci cette ces leur leurs',
    '他 她 它 他们 她们 它们 这 那 其 这些 那些 这个 那个 彼 彼女 これ それ この その あれ そこ ここ',
  ].flatMap((words) => words.split(' ')),
)
const ARTICLES: ReadonlySet<string> = new Set('the der die das el la los las le les'.split(' '))
const FIRST_WORDS = 6
const FEW_WORDS = 3

/** Whether a sentence speaks on about what was said before: a pronoun near its start, or hardly a word of its own. */
export function refersBack({ folded, words, quantities }: Statement): boolean {
  return (
    ARTICLES.has(folded[0] ?? '') || hasPronoun({ folded }) || words.length + quantities.length < FEW_WORDS
  )
}

/** Whether one of its first words points to what was said before. */
export function hasPronoun({ folded }: Pick<Statement, 'folded'>): boolean {
  return folded.slice(0, FIRST_WORDS).some((word) => POINTING.has(word))
}
