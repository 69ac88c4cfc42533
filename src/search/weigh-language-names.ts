import type { TermStatistics } from '../store/store.js'
import { foldWord } from '../text/fold-word.js'
import { FUNCTION_WORD_WEIGHT, type QueryUnit } from './query-units.js'

/** Stands in most functions of most programming languages, and in less than a tenth of other passages. */
export const CODE_TERM = 'return'
/** Of eight collections, the one of functions has it in 76 % of its passages, the others in 0 to 9 %. */
const MIN_SHARE_IN_CODE = 1 / 3

const LANGUAGE_NAMES: ReadonlySet<string> = new Set(
  'python java javascript js typescript ts golang rust ruby php perl kotlin swift scala matlab haskell lua dart elixir erlang'.split(
    ' ',
  ),
)

/**
 * In an index that is mostly source code, the name of a programming language in a query says what kind of thing is looked for.
 * Few functions name their language, so that its rarity would weigh more than what the function is to do: there it counts as
 * a function word does. `statistics` must hold those of `CODE_TERM`. Measured on code search: 0.012 nDCG@10.
 */
export function weighLanguageNames(
  units: readonly QueryUnit[],
  { passages, frequencies }: TermStatistics,
): QueryUnit[] {
  const isCode = (frequencies.get(CODE_TERM) ?? 0) > passages * MIN_SHARE_IN_CODE
  const isName = ({ word }: QueryUnit) => LANGUAGE_NAMES.has(foldWord(word))
  const saysMore = units.some((unit) => unit.kind === 'word' && !isName(unit))
  if (!isCode || !saysMore) return [...units]
  return units.map((unit) =>
    unit.kind === 'word' && isName(unit)
      ? { ...unit, weight: FUNCTION_WORD_WEIGHT, kind: 'function' as const }
      : unit,
  )
}
