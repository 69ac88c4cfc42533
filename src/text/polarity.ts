import type { FoldedWord } from './analyze.js'
import type { Span } from './split-sentences.js'

/** What a negation denies; its whole clause when nothing of weight stands in that scope (`he was not there`). */
export type Negation = { readonly scope: Span; readonly clause: Span }

const sets = (words: string): ReadonlySet<string> => new Set(words.split(' '))

/** Deny the word that follows, and hardly more: `no key`, `without a key`. */
const DENY_NOUN = sets(
  'no without kein keine keinen keinem keiner keines ohne ningun ninguna sin aucun aucune sans nessun nessuno nessuna senza nenhum nenhuma sem',
)
/** Deny what follows, up to the end of the clause. */
const DENY_VERB = sets(
  'not never cannot nobody none nothing neither nor nowhere nicht nie niemals niemand niemandem niemanden nichts weder nirgends keinesfalls nunca jamas nadie nada tampoco ni ne pas jamais rien non niente nao ninguem',
)
/** Begin what is no part of the noun: `without deduction by 28 June`. */
const OF_TIME = sets('by until till since before after bis ab seit vor nach hasta desde antes despues')
const HAN_NEGATION = /[不没沒無无未非]|(?:ない|ません|ませ|なく|ず)(?=$|[。、,\s])/u
/** Where `no` and `not` deny nothing, or only a bound: `not only`, `no later than`, `no. 5`, `no more than`. */
const NO_NEGATION =
  /\b(?:not|nicht|no|non) (?:only|nur|solo|sólo|solamente|seulement|solo)\b|\bno(?:t)? (?:more|less|later|earlier|fewer|sooner|longer) than\b|\bno matter\b|\bno objections?\b|\bno\. ?\d/giu
const CONTRACTED = sets(
  'don doesn didn isn aren wasn weren can couldn won wouldn shouldn hasn haven hadn mustn',
)
const CLAUSE_END =
  /[;!?()|\n。；：！？（）–—]|[,.:](?!\d)|[，、]|\b(?:but|however|although|though|while|whereas|because|unless|aber|sondern|obwohl|weil|wenn|dass|pero|sino|aunque|porque|mais|parce)\b/giu
const NOUN_SCOPE_WORDS = 3
const VERB_SCOPE_WORDS = 8

/**
 * What of a text stands under a negation, in about ten languages. A rule of thumb over words and commas: enough to tell
 * `is tested` from `is not tested`, not a parser. Clauses are parted by punctuation and conjunctions.
 */
export function findNegations(text: string, words: readonly FoldedWord[]): Negation[] {
  const hasCue = words.some(({ folded }) => DENY_NOUN.has(folded) || DENY_VERB.has(folded) || folded === 't')
  if (!hasCue && !HAN_NEGATION.test(text)) return []
  const exempt = [...text.matchAll(NO_NEGATION)].map(({ index, 0: whole }) => ({
    start: index,
    end: index + whole.length,
  }))
  return clausesOf(text).flatMap((clause) => {
    if (HAN_NEGATION.test(text.slice(clause.start, clause.end))) return [{ scope: clause, clause }]
    const own = words.filter(({ start, end }) => start >= clause.start && end <= clause.end)
    return own.flatMap((word, i) => {
      if (exempt.some(({ start, end }) => word.start < end && word.end > start)) return []
      const scope = scopeOf(own, i, clause)
      return scope === undefined ? [] : [{ scope, clause }]
    })
  })
}

function clausesOf(text: string): Span[] {
  const spans: Span[] = []
  let start = 0
  for (const { index } of text.matchAll(CLAUSE_END)) {
    if (index > start) spans.push({ start, end: index })
    start = index
  }
  if (start < text.length) spans.push({ start, end: text.length })
  return spans
}

function scopeOf(words: readonly FoldedWord[], i: number, clause: Span): Span | undefined {
  const word = words[i]
  if (word === undefined) return undefined
  const reach = (count: number): Span => ({ start: word.end, end: words[i + count]?.end ?? clause.end })
  if (DENY_NOUN.has(word.folded)) {
    const { start, end } = reach(NOUN_SCOPE_WORDS)
    const time = words.slice(i + 1, i + 1 + NOUN_SCOPE_WORDS).find(({ folded }) => OF_TIME.has(folded))
    return { start, end: Math.min(end, time?.start ?? end) }
  }
  const isContraction = word.folded === 't' && CONTRACTED.has(words[i - 1]?.folded ?? '')
  return DENY_VERB.has(word.folded) || isContraction ? reach(VERB_SCOPE_WORDS) : undefined
}

const OPPOSITES = [
  ['above over exceeds exceed oberhalb uber encima', 'below under beneath unterhalb unter debajo'],
  ['before earlier vor antes', 'after later nach despues'],
  [
    'maximum most highest largest longest hochste grosste meiste maximo mayor',
    'minimum least lowest smallest shortest niedrigste kleinste wenigste minimo menor',
  ],
  ['oldest alteste altester', 'youngest jungste jungster'],
  ['first erste ersten primero primera', 'last letzte letzten ultimo ultima'],
  [
    'increase increased rise rises rose raised steigt stieg erhoht sube subio aumenta aumento',
    'decrease decreased fall falls fell lowered sinkt sank gesenkt baja bajo disminuye disminuyo',
  ],
  ['open opened geoffnet offen abierto abierta', 'closed shut geschlossen cerrado cerrada'],
  [
    'allowed permitted may erlaubt gestattet permitido permitida',
    'forbidden prohibited banned verboten untersagt prohibido prohibida',
  ],
  ['accepted angenommen aceptado', 'refused rejected abgelehnt rechazado'],
  ['all every everyone everybody alle jeder jede todos todas', 'only nur solo solamente'],
  ['always immer siempre', 'never nie nunca'],
  ['always immer siempre all alle', 'if unless wenn falls si sometimes manchmal'],
  ['even sogar incluso', 'unless except ausser salvo excepto'],
  ['seriously severely badly heavily schwer gravemente', 'slightly lightly leicht levemente'],
  ['open opens opened offnen abrir', 'close closes shut schliessen cerrar'],
  ['with mit con', 'without ohne sin'],
  ['left links izquierda', 'right rechts derecha'],
  ['forwards forward vorwarts adelante', 'backwards backward ruckwarts atras'],
  ['best beste bester besten mejor', 'worst schlechteste schlechtester schlechtesten peor'],
  ['north nord norden norte', 'south sud suden sur'],
  ['east ost osten este', 'west westen oeste'],
  ['winter invierno', 'summer sommer verano'],
  ['returned refunded zuruckgezahlt devuelve devuelto', 'lost forfeited kept verfallt pierde perdido'],
  ['upper oben arriba', 'lower unten abajo'],
  ['inside innen dentro', 'outside aussen fuera'],
]
/** Each word's pair and side. */
const SIDE_OF: ReadonlyMap<string, { readonly pair: number; readonly side: number }> = new Map(
  OPPOSITES.flatMap((pair, i) =>
    pair.flatMap((words, side) => words.split(' ').map((word) => [word, { pair: i, side }] as const)),
  ),
)

/**
 * Whether a claim says a word and its source, in its place, the contrary. Words in order, folded (`foldWord`). Where the
 * source has both, the one nearer to the claim's other words counts.
 */
export function areOpposed(claim: readonly string[], source: readonly string[]): boolean {
  return claim.some((word) => {
    const said = SIDE_OF.get(word)
    if (said === undefined || sideIn(claim, said.pair, 1 - said.side)) return false
    const shared = source.flatMap((other, i) =>
      other.length > 3 && SIDE_OF.get(other)?.pair !== said.pair && claim.includes(other) ? [i] : [],
    )
    const distanceTo = (side: number) =>
      Math.min(
        ...source.flatMap((other, i) =>
          isOnSide(other, said.pair, side) ? shared.map((at) => Math.abs(at - i)) : [],
        ),
      )
    return sideIn(source, said.pair, 1 - said.side) && distanceTo(1 - said.side) < distanceTo(said.side)
  })
}

function sideIn(words: readonly string[], pair: number, side: number): boolean {
  return words.some((word) => isOnSide(word, pair, side))
}

function isOnSide(word: string, pair: number, side: number): boolean {
  const found = SIDE_OF.get(word)
  return found?.pair === pair && found.side === side
}
