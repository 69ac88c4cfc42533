import { foldWord } from './analyze.js'
import { baseOfVerb } from './english-verbs.js'

/** A word as analysed and as written, folded. */
export type FoldedTerm = { readonly term: string; readonly folded: string }

/** Everyday words that one may put for another. */
const SYNONYMS =
  'day daily täglich diario|week weekly wöchentlich semanal|month monthly monatlich mensual|year yearly annual annually jährlich anual|' +
  'keep kept store stored save saved retain retained hold|pay refund refunded reimburse reimbursed compensate compensated|' +
  'cost costs price charge charges charged fee rate|allow allowed permit permitted|forbid prohibit prohibited ban banned|' +
  'need needed require required necessary|receive received obtain obtained|give provide provided offer offered supply supplied|' +
  'begin start starts started|end finish finished|replace replaced exchange exchanged swap swapped change changed|' +
  'repair repaired fix fixed mend mended|check checked inspect inspected examine examined test tested|buy purchase purchased|' +
  'holiday holidays vacation leave|next following subsequent|previous earlier former|whole entire full complete|employee employees staff|sick ill illness sickness|picture pictures image images photo photos photograph photographs|' +
  'erhalten erhält bekommen bekommt|kosten kostet preis gebühr|wechseln tauschen austauschen ersetzen|' +
  'coste costo precio cuesta|empezar comenzar|recibir obtener'
const GROUP_OF: ReadonlyMap<string, number> = new Map(
  SYNONYMS.split('|').flatMap((group, i) => group.split(' ').map((word) => [foldWord(word), i] as const)),
)
const MIN_COMPOUND_PART_CHARS = 5
const MIN_STEM_CHARS = 4
const MIN_STEM_SHARE = 0.7

/**
 * Whether one word may stand for another: the same stem, an inflected form, an everyday synonym, or one a compound of the
 * other (`Schnee`, `Schneehöhe`).
 */
export function areAkin(a: FoldedTerm, b: FoldedTerm): boolean {
  if (a.term === b.term) return true
  const [baseA, baseB] = [baseOfVerb(a.folded), baseOfVerb(b.folded)]
  if (baseA === baseB) return true
  const group = GROUP_OF.get(baseA)
  if (group !== undefined && group === GROUP_OF.get(baseB)) return true
  const [short, long] = a.folded.length <= b.folded.length ? [a.folded, b.folded] : [b.folded, a.folded]
  if (isInflected(short, long)) return true
  if (short.length >= MIN_COMPOUND_PART_CHARS) {
    if (long.startsWith(short)) return true
    // Three letters before it make a compound; two, such as `un`, may make the contrary.
    if (long.endsWith(short) && long.length >= short.length + 3) return true
  }
  return short.length >= MIN_STEM_CHARS && commonPrefix(short, long) >= MIN_STEM_SHARE * long.length
}

/** German and Romance endings of nouns and adjectives. */
const ENDING = /(?:e[nmrs]?|n|[oa]?s|[oa])$/

function isInflected(a: string, b: string): boolean {
  const stem = a.replace(ENDING, '')
  return stem.length >= MIN_STEM_CHARS && stem === b.replace(ENDING, '')
}

function commonPrefix(a: string, b: string): number {
  let i = 0
  while (i < a.length && a[i] === b[i]) i++
  return i
}
