import { isSameQuantity, type Quantity } from '../text/quantity.js'
import type { Statement } from '../text/read-statement.js'

const FORMER_BEFORE =
  /(?<!\p{L})(?:formerly|previously|instead of|rather than|bisher|früher|zuvor|vorher|statt|anstatt|antes|anteriormente|en (?:vez|lugar) de)\s+[-−+€$£]?$/iu
const FROM = /(?<!\p{L})(?:from|von|de)\s+[-−+€$£]?$/iu
const TO = /^\s*(?:to|auf|a)\s+[-−+€$£]?$/iu
const CHANGES =
  /(?<!\p{L})(?:rises?|rose|risen|increase[sd]?|raise[sd]?|grow[ns]?|grew|falls?|fell|fallen|drops?|dropped|decrease[sd]?|reduce[sd]?|lower(?:s|ed)?|cuts?|change[sd]?|went (?:up|down)|steigt|stieg|gestiegen|erhöht|angehoben|sinkt|sank|gesunken|gesenkt|geändert|sube|subió|aumenta|aumentó|baja|bajó|pasa|pasó|reduce|redujo)(?!\p{L})/iu
const ABOUT_BEFORE =
  /(?<!\p{L})(?:former(?:ly)?|previous(?:ly)?|before|earlier|used to|instead|rather|bisher\p{L}*|früher\p{L}*|vorher|zuvor|statt|antes|anterior(?:es|mente)?)(?!\p{L})/iu
const LOOK_BACK_CHARS = 24

/**
 * Whether a claim states as it is what the source says to have been: `rises from 7.20 to 9.10 euros`, `15 minutes, formerly
 * 60`. Not when the claim, or the question it is read with, speaks of a change or of before.
 */
export function statesFormerAmount(claim: Statement, { text, quantities }: Statement): boolean {
  if (quantities.length < 2 || ABOUT_BEFORE.test(claim.text)) return false
  return claim.quantities.some((claimed) => {
    const same = quantities.filter((amount) => isSameQuantity(claimed, amount))
    return same.length > 0 && same.every((amount) => isFormer(amount, text, quantities))
  })
}

function isFormer(amount: Quantity, text: string, all: readonly Quantity[]): boolean {
  const before = text.slice(Math.max(0, amount.start - LOOK_BACK_CHARS), amount.start)
  if (FORMER_BEFORE.test(before)) return true
  const isFollowed = all.some(({ start }) => start > amount.end && TO.test(text.slice(amount.end, start)))
  return isFollowed && FROM.test(before) && CHANGES.test(text)
}
