import { foldWord } from './fold-word.js'
import { readNumberWord } from './number-words.js'
import { type Quantity, TO_WORDS } from './quantity.js'
import { readBound } from './read-bounds.js'
import { readDates, readTimes } from './read-dates.js'
import { readRates } from './read-rates.js'
import { segmentWords, type Word } from './segment-words.js'
import { CURRENCIES, type Unit, unitOf } from './units.js'

/** Digits of names and codes touch letters, in scripts that have blanks, or a sign that touches one: `E17`, `TS-2070`. */
const NOT_OF_A_NAME = String.raw`(?<![\p{N}_]|[^\P{L}\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}])(?<![\p{L}\p{N}][-./:])`
const BLANK_GROUPED = String.raw`\d{1,3}(?:[ \u00a0\u202f’']\d{3})+(?![\p{L}\p{N}])(?:[.,]\d+)?`
const DIGITS = new RegExp(String.raw`${NOT_OF_A_NAME}(?:${BLANK_GROUPED}|\d+(?:[.,]\d+)*)`, 'gu')
/** Not that of `plus or minus` or `al menos`. */
const SPELLED_SIGN = /(?<!\b(?:or|oder|o|ou|al|lo|au) )(?<!\p{L})(?:minus|menos|moins|マイナス)\s*$/iu
const SIGN = /(?:^|[\s(|])[-−–‒]\s?$/u
const ORDINAL = /^(?:st|nd|rd|th)(?!\p{L})/u
const UNIT_AFTER = /^(?:\s|-|\u00a0|\u202f)?(km\/h|m\/s|°\s?C|℃|°|%|€|\$|£|¥|Ω|[\p{L}\p{N}]+)/u
/** `27 working days`, `zwei volle Stunden`. */
const UNIT_AFTER_WORD =
  /^ (?!(?:of|for|in|per|and|to|or|times|von|für|pro|und|bis|oder|mal|de|por|y|a|o|veces)\b)\p{Ll}{3,} (\p{L}{3,})/u
const UNIT_BEFORE = /([€$£¥])\s?$/u
const SCALE: Readonly<Record<string, number>> = { 万: 10_000, 萬: 10_000, 億: 100_000_000, 亿: 100_000_000 }

/** The quantities of a text in order; none overlaps another. Digits of names such as `TS-2070` or `E17` are none. */
export function readQuantities(text: string, words: readonly Word[] = segmentWords(text)): Quantity[] {
  const found: Quantity[] = [...readDates(text, words), ...readTimes(text)]
  const isFree = (start: number, end: number) =>
    found.every((other) => end <= other.start || start >= other.end)
  for (const quantity of [
    ...joinRanges(text, readNumerals(text)),
    ...readSpelled(text, words),
    ...readRates(text),
    ...readFree(text),
  ])
    if (isFree(quantity.start, quantity.end)) found.push(quantity)
  return found
    .sort((a, b) => a.start - b.start)
    .map((quantity) => {
      const bound = readBound(text, quantity.start, quantity.end)
      return bound === undefined ? quantity : { ...quantity, bound }
    })
}

/** Between numbers that share the unit of the second. */
const RANGE = new RegExp(`^\\s*(?:${TO_WORDS}|and|und|y|or|oder|o|et|ou)\\s*[-−+€$]?$`, 'u')
const DIGITS_AT_START = /^\d[\d.,\u00a0\u202f ’']*(?<=\d)/u
const FREE =
  /(?<!\p{L})(?:free of charge|(?<=\b(?:is|are|be|was|were) )free(?=\s*[.,;]| for | from [€$£\d])|gratis|kostenlos(?:e[nmrs]?)?|unentgeltlich|gratuit(?:[oa]s?|e?s?|ement)?)(?!\p{L})/giu

/** What costs nothing costs 0. */
function readFree(text: string): Quantity[] {
  return [...text.matchAll(FREE)].map(({ index, 0: whole }) => ({
    start: index,
    end: index + whole.length,
    values: [0],
    dimension: 'euro',
  }))
}

function readNumerals(text: string): Quantity[] {
  if (!/\d/.test(text)) return []
  return [...text.matchAll(DIGITS)].flatMap((match) => {
    const start = match.index
    const end = start + match[0].length
    const following = text.slice(end, end + 24)
    // `4x` is a name; `5kg` and `10万` are not.
    if (/^[\p{L}_]/u.test(following) && unitRun(following) === undefined && !ORDINAL.test(following))
      return []
    const before = text.slice(Math.max(0, start - 16), start)
    const sign = SIGN.test(before) || SPELLED_SIGN.test(before) ? -1 : 1
    const values = readingsOf(match[0]).map((value) => value * sign)
    return values.length === 0 ? [] : [withUnit(text, { start, end, values })]
  })
}

/** Of `14 to 30 days`, both are days. */
function joinRanges(text: string, numerals: readonly Quantity[]): Quantity[] {
  return numerals.map((quantity, i) => {
    const next = numerals[i + 1]
    const isRange =
      next !== undefined &&
      quantity.dimension === undefined &&
      RANGE.test(text.slice(quantity.end, next.start))
    const factor = isRange ? factorOf(text, next) : undefined
    return factor === undefined || next?.dimension === undefined
      ? quantity
      : { ...quantity, values: quantity.values.map((value) => value * factor), dimension: next.dimension }
  })
}

/** What the unit of a quantity makes of its digits. */
function factorOf(text: string, { start, end, values: [value] }: Quantity): number | undefined {
  const digits = DIGITS_AT_START.exec(text.slice(start, end))?.[0]
  const plain = digits === undefined ? undefined : readingsOf(digits)[0]
  return plain === undefined || value === undefined || plain === 0 ? undefined : Math.abs(value / plain)
}

/** The letters right behind digits when they are a unit (`5kg`, `10万`). */
function unitRun(following: string): string | undefined {
  const run = /^[\p{L}/]+/u.exec(following)?.[0] ?? ''
  const han = run.charAt(0)
  if (unitOf(run) !== undefined) return run
  return SCALE[han] !== undefined || /^[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}]/u.test(run)
    ? han
    : undefined
}

/** Every number that a run of digits and separators may stand for. */
function readingsOf(digits: string): number[] {
  const plain = digits.replace(/[\u00a0\u202f ’']/g, '')
  const separators = plain.match(/[.,]/g) ?? []
  const [first] = separators
  if (first === undefined) return [Number(plain)]
  const grouped = /^\d{1,3}(?:([.,])\d{3})(?:\1\d{3})*$/.test(plain)
  const whole = Number(plain.replace(/[.,]/g, ''))
  if (separators.length === 1) {
    const decimal = Number(plain.replace(',', '.'))
    return grouped && !plain.startsWith('0') ? [whole, decimal] : [decimal]
  }
  if (grouped) return [whole]
  const last = separators.at(-1) ?? ''
  // One kind of separator before another one, once: `1,290.00`. Anything else, such as `4.3.1`, is no number.
  if (!separators.slice(0, -1).every((separator) => separator !== last)) return []
  const at = plain.lastIndexOf(last)
  return [Number(`${plain.slice(0, at).replace(/[.,]/g, '')}.${plain.slice(at + 1)}`)]
}

/** Reads what stands around a number: a scale (`million`, `万`), a unit behind it, a currency before it. */
function withUnit(text: string, number: Quantity): Quantity {
  const scale = scaleAfter(text, number.end)
  const end = scale?.end ?? number.end
  const values = number.values.map((value) => value * (scale?.factor ?? 1))
  const following = text.slice(end, end + 32)
  const adjacent = UNIT_AFTER.exec(following)
  const after = adjacent !== null && unitNamed(adjacent[1] ?? '') ? adjacent : UNIT_AFTER_WORD.exec(following)
  const named = after === null ? undefined : unitNamed(after[1] ?? '')
  const before = UNIT_BEFORE.exec(text.slice(Math.max(0, number.start - 3), number.start))
  const unit = (before?.[1] === undefined ? undefined : unitOf(before[1])) ?? named
  if (unit === undefined) return { ...number, end, values }
  const unitEnd = named === unit && after !== null ? end + after[0].length : end
  const small = CURRENCIES.has(unit.dimension) ? smallChangeAfter(text, unitEnd) : undefined
  const amounts = values.map((value) => value + (small?.value ?? 0))
  return { ...number, end: small?.end ?? unitEnd, ...inBaseUnit(amounts, unit) }
}

/** `85 euros 40`. */
function smallChangeAfter(text: string, end: number): { value: number; end: number } | undefined {
  const match = /^ (\d{2})(?![\p{L}\p{N}]|[.,]\d| ?[%°€])/u.exec(text.slice(end, end + 8))
  return match === null ? undefined : { value: Number(match[1]) / 100, end: end + match[0].length }
}

function unitNamed(name: string): Unit | undefined {
  const symbol = name.replace(/\s/g, '')
  return (
    unitOf(symbol) ??
    (/^[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}]/u.test(symbol) ? hanUnit(symbol) : undefined)
  )
}

/** Scripts without blanks: the longest beginning that is a unit. */
function hanUnit(run: string): Unit | undefined {
  for (let length = Math.min(7, run.length); length > 0; length--) {
    const unit = unitOf(run.slice(0, length))
    if (unit !== undefined) return unit
  }
  return undefined
}

function scaleAfter(text: string, end: number): { factor: number; end: number } | undefined {
  const han = SCALE[text.charAt(end)]
  if (han !== undefined) return { factor: han, end: end + 1 }
  const word = /^[ \u00a0](\p{L}+)/u.exec(text.slice(end, end + 16))
  const factor = word === null ? undefined : readNumberWord(foldWord(word[1] ?? ''))
  if (word === null || factor === undefined || !('factor' in factor) || factor.factor < 1000) return undefined
  return { factor: factor.factor, end: end + word[0].length }
}

function inBaseUnit(values: readonly number[], { dimension, factor }: Unit) {
  return { values: values.map((value) => value * factor), dimension }
}

/** Numbers in words: `forty-one`, `two hundred and five`, `treinta y uno`, `einundachtzig`. */
function readSpelled(text: string, words: readonly Word[]): Quantity[] {
  const numbers: Quantity[] = []
  for (let i = 0; i < words.length; ) {
    const number = spelledAt(words, i, text)
    if (number === undefined) i++
    else {
      const [first, last] = [words[i], words[number.next - 1]]
      i = number.next
      if (first === undefined || last === undefined) continue
      const sign = SPELLED_SIGN.test(text.slice(Math.max(0, first.start - 16), first.start)) ? -1 : 1
      const quantity = { start: first.start, end: last.end, values: [number.value * sign] }
      numbers.push({ ...withUnit(text, quantity), spelled: true })
    }
  }
  return numbers
}

const JOINERS = new Set(['and', 'y', 'und', 'et'])

function spelledAt(
  words: readonly Word[],
  from: number,
  text: string,
): { value: number; next: number } | undefined {
  let total = 0
  let current: number | undefined
  let next = from
  for (let i = from; i < words.length; i++) {
    const word = words[i]
    const previous = words[i - 1]
    if (word === undefined) break
    if (i > from && previous !== undefined && !/^[ -]$/.test(text.slice(previous.end, word.start))) break
    const folded = foldWord(word.word)
    const read = readNumberWord(folded)
    if (read === undefined) {
      const follows = words[i + 1]
      const joins = JOINERS.has(folded) && i > from && follows !== undefined
      if (joins && canAdd(current, readNumberWord(foldWord(follows.word)))) continue
      break
    }
    if ('factor' in read) {
      if (i === from && read.factor >= 1000) break
      const factored = (current ?? 1) * read.factor
      if (read.factor === 100) current = factored
      else {
        total += factored
        current = undefined
      }
    } else if (current === undefined || canAdd(current, read)) current = (current ?? 0) + read.value
    else break
    next = i + 1
  }
  return next === from ? undefined : { value: total + (current ?? 0), next }
}

/** A unit goes behind tens, anything below a hundred behind hundreds. */
function canAdd(current: number | undefined, read: ReturnType<typeof readNumberWord>): boolean {
  if (current === undefined || read === undefined || !('value' in read)) return false
  if (current >= 100 && current % 100 === 0) return read.value < 100
  return current >= 20 && current < 100 && current % 10 === 0 && read.value > 0 && read.value < 10
}
