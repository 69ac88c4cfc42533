import { isSameQuantity, type Quantity } from '../text/quantity.js'
import type { Statement } from '../text/read-statement.js'

const FORMER_BEFORE =
  /(?<!\p{L})(?:formerly|previously|instead of|rather than|früher|zuvor|vorher|statt|anstatt|antes|anteriormente|en (?:vez|lugar) de)\s+[-−+€$£]?$/iu
const FROM = /(?<!\p{L})(?:from|von|de)\s+[-−+€$£]?$/iu
const TO = /^\s*(?:to|auf|a)\s+[-−+€$£]?$/iu
const CHANGE_VERB =
  /(?<!\p{L})(?:rises|rose|risen|increase[sd]|raise[sd]|grows|grew|grown|falls|fell|fallen|drops|dropped|decrease[sd]|reduce[sd]|lower(?:s|ed)|cuts|change[sd]|went (?:up|down)|steigt|stieg|erhöht|sinkt|sank|sube|subió|aumenta|aumentó|baja|bajó|pasa|pasó|reduce|redujo)(?!\p{L})/iu
/** Nouns and adjectives too, `the lower hut`, `drop-off`, unless they stand beside the amount or behind such a verb. */
const AMBIGUOUS = '(?:rise|increase|raise|grow|fall|drop|decrease|reduce|lower|cut|change)'
const CHANGE_BY_PLACE = new RegExp(
  `(?<!\\p{L})(?:${AMBIGUOUS}\\s*$|(?:will|shall|would|may|can|could|should|must|to)\\s+${AMBIGUOUS}(?!\\p{L}))`,
  'iu',
)
/** German puts it behind both amounts: `wurde von 7 auf 9 Euro erhöht`. */
const CHANGED_BEHIND = /(?<!\p{L})(?:gestiegen|erhöht|angehoben|gesunken|gesenkt|geändert)(?!\p{L})/iu
const ABOUT_BEFORE =
  /(?<!\p{L})(?:former(?:ly)?|previous(?:ly)?|before|earlier|used to|instead|rather|bisher\p{L}*|früher\p{L}*|vorher|zuvor|statt|antes|anterior(?:es|mente)?|from(?=\s*\?)|from (?:what|which|how)|wovon|von (?:was|wie|welch\p{L}*)|de (?:qué|cuánto))(?!\p{L})/iu
const LOOK_BACK_CHARS = 24
const MAX_CHARS_FROM_CHANGE = 40

/**
 * Whether a claim states as it is what the source says to have been: `rises from 7.20 to 9.10 euros`, `9 euros, formerly 7`.
 * Not when the claim tells both, `from 7.20 to 9.10`, or when it, or the question it is read with, speaks of before.
 */
export function statesFormerAmount(claim: Statement, { text, quantities }: Statement): boolean {
  if (quantities.length < 2 || ABOUT_BEFORE.test(claim.text)) return false
  return claim.quantities.some((claimed) => {
    const same = quantities.filter((amount) => isSameQuantity(claimed, amount))
    return (
      same.length > 0 &&
      endOfRange(claimed, claim.text, claim.quantities) === undefined &&
      same.every((amount) => isFormer(amount, text, quantities))
    )
  })
}

function isFormer(amount: Quantity, text: string, all: readonly Quantity[]): boolean {
  if (FORMER_BEFORE.test(textBefore(amount, text))) return true
  // `from 8:00 to 10:00`, `from 3 to 21 June` are times that something lasts.
  const to = isTime(amount) ? undefined : endOfRange(amount, text, all)
  if (to === undefined) return false
  const before = text.slice(0, amount.start).replace(FROM, '').slice(-MAX_CHARS_FROM_CHANGE)
  const behind = text.slice(to.end, to.end + MAX_CHARS_FROM_CHANGE)
  return CHANGE_VERB.test(before) || CHANGE_BY_PLACE.test(before) || CHANGED_BEHIND.test(behind)
}

function isTime({ date, dimension }: Quantity): boolean {
  return date !== undefined || dimension === 'clock'
}

/** The 9.10 of `from 7.20 to 9.10`, for the 7.20. */
function endOfRange(amount: Quantity, text: string, all: readonly Quantity[]): Quantity | undefined {
  if (!FROM.test(textBefore(amount, text))) return undefined
  return all.find(({ start }) => start > amount.end && TO.test(text.slice(amount.end, start)))
}

function textBefore({ start }: Quantity, text: string): string {
  return text.slice(Math.max(0, start - LOOK_BACK_CHARS), start)
}
