import { hasRtl, toReadingOrder } from './pdf-bidi.js'
import { plainLetters } from './pdf-characters.js'
import { median } from './pdf-measures.js'
import { type Word, wordGap } from './pdf-words.js'

const minSpacedLetters = 5
/** Ideographs are set without spaces, but apart in justified lines. */
const ideographGap = 0.6
const ideograph = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\u3000-\u303f\uff00-\uff65]/u
/** Letters that are looked at on both sides of a mark. */
const maxMarkContext = 10
const noteMark = /^(?:\d{1,3}|[*†‡§]+)$/

/** The text of words that stand side by side, sorted by their places, in the order in which it is read. */
export function lineText(words: readonly Word[], isRtlPage: boolean): string {
  const units: string[] = []
  const letterGap = spacedLetterGap(words)
  for (const [i, word] of words.entries()) {
    const before = words[i - 1]
    if (before !== undefined && word.x0 - before.x1 >= letterGap && isApart(before, word)) units.push(' ')
    for (const unit of word.units) units.push(unit)
  }
  const drawn = units.join('')
  return tidy(plainLetters(hasRtl(drawn) ? toReadingOrder(units, isRtlPage || isMostlyRtl(drawn)) : drawn))
}

/** Whether most letters are of scripts that are written from right to left. */
export function isMostlyRtl(text: string): boolean {
  const letters = text.match(/\p{L}/gu) ?? []
  return letters.filter(hasRtl).length > letters.length / 2
}

/** A gap that is still one between letters set apart for emphasis, as in `A B S T R A C T`; -Infinity where there are none. */
function spacedLetterGap(words: readonly Word[]): number {
  const areLetters = words.every(
    ({ units: [unit = '', ...rest] }) => rest.length === 0 && /^\p{Lu}$/u.test(unit),
  )
  if (words.length < minSpacedLetters || !areLetters) return Number.NEGATIVE_INFINITY
  // Those between words are about twice as wide.
  return 1.5 * median(words.slice(1).map(({ x0 }, i) => x0 - (words[i]?.x1 ?? x0)))
}

/** Whether a space belongs between two words that stand side by side. */
function isApart(before: Word, word: Word): boolean {
  const gap = word.x0 - before.x1
  const size = Math.max(before.size, word.size)
  const [left, right] = [before.units.at(-1) ?? '', word.units[0] ?? '']
  if (ideograph.test(left.slice(-1)) && ideograph.test(right.slice(0, 1))) return gap > ideographGap * size
  if (gap > wordGap * size || isNoteMark(before, word)) return true
  // Words of another script read as words of their own, though nothing but a change of direction parts them.
  if (hasRtl(left) !== hasRtl(right) && /\p{L}/u.test(left) && /\p{L}/u.test(right)) return true
  const later = word.order > before.order ? word : before
  if (Math.abs(word.order - before.order) === 1) return later.hasSpaceBefore
  // What was not drawn one after the other is not one word, but for scripts that programs draw from the other end.
  return gap > 0 && !hasRtl(left) && !hasRtl(right)
}

/** The raised number of a note behind a word (`tides 3`), or in front of its text; not an exponent as in `m2`. */
function isNoteMark(before: Word, word: Word): boolean {
  const [left, right] = [
    before.units.slice(-maxMarkContext).join(''),
    word.units.slice(0, maxMarkContext).join(''),
  ]
  if (isRaised(word, before)) return noteMark.test(right) && /\p{L}{3}[.,;:!?)\]”"’']*$/u.test(left)
  return isRaised(before, word) && noteMark.test(left) && /^[\p{L}“"(]/u.test(right)
}

function isRaised(mark: Word, text: Word): boolean {
  return mark.size < 0.85 * text.size && text.y - mark.y > 0.15 * text.size
}

/** Leaders of tables of contents become one mark, white space one space. */
function tidy(text: string): string {
  return text
    .replace(/(?:[.·•_]\s?){5,}/g, ' … ')
    .replace(/\s+/g, ' ')
    .trim()
}
