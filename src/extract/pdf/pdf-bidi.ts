const rtlLetter = /[\u05be-\u08ff\ufb1d-\ufdfd\ufe70-\ufefc]/u
const digit = /\p{Nd}/u
const letter = /\p{L}/u
const mark = /^\p{M}+$/u

/** Whether a text has letters that are written from right to left. */
export function hasRtl(text: string): boolean {
  return rtlLetter.test(text)
}

type Direction = 'rtl' | 'ltr' | 'number' | 'neutral'

/**
 * The text of a line whose characters are given as they stand from left to right, in the order in which it is read: the
 * inverse of the reordering of Unicode's bidirectional algorithm (UAX 9), for lines without explicit marks. A unit is what
 * one glyph stands for, and is kept as it is: a ligature of two letters holds them in reading order.
 */
export function toReadingOrder(units: readonly string[], isRtlLine: boolean): string {
  const directions = units.map(directionOf)
  if (!isRtlLine) return reversedRuns(units, directions, isRtl, isRtlOrNumber).join('')
  const mirrored = reversedRuns(
    units.toReversed(),
    directions.toReversed(),
    (direction) => direction === 'ltr' || direction === 'number',
    (direction) => direction === 'ltr' || direction === 'number',
  )
  return marksAfterLetters(mirrored).join('')
}

function isRtl(direction: Direction): boolean {
  return direction === 'rtl'
}

function isRtlOrNumber(direction: Direction): boolean {
  return direction === 'rtl' || direction === 'number'
}

function directionOf(unit: string): Direction {
  if (digit.test(unit)) return 'number'
  if (rtlLetter.test(unit)) return 'rtl'
  return letter.test(unit) ? 'ltr' : 'neutral'
}

/**
 * The units with each run turned around that begins with a unit which `opens`, goes on over units which `continues` and
 * what is neutral between them, and ends with one which `opens`. Numbers within a run that was turned read forwards again.
 */
function reversedRuns(
  units: readonly string[],
  directions: readonly Direction[],
  opens: (direction: Direction) => boolean,
  continues: (direction: Direction) => boolean,
): string[] {
  const result: string[] = []
  let at = 0
  while (at < units.length) {
    if (!opens(directions[at] ?? 'neutral')) {
      result.push(units[at] ?? '')
      at++
      continue
    }
    let last = at
    for (let i = at + 1; i < units.length; i++) {
      const direction = directions[i] ?? 'neutral'
      if (opens(direction)) last = i
      else if (!continues(direction) && direction !== 'neutral') break
    }
    const run = units.slice(at, last + 1).reverse()
    const isForeign = opens('rtl')
    for (const unit of isForeign ? marksAfterLetters(numbersForward(run)) : run) result.push(unit)
    at = last + 1
  }
  return result
}

/** Turns numbers around, with points, commas and the like within them. */
function numbersForward(units: readonly string[]): string[] {
  const result: string[] = []
  let number: string[] = []
  for (const [i, unit] of units.entries()) {
    const isWithin = number.length > 0 && /^[.,:/]$/.test(unit) && digit.test(units[i + 1] ?? '')
    if (digit.test(unit) || isWithin) {
      number.push(unit)
      continue
    }
    for (const part of number.reverse()) result.push(part)
    result.push(unit)
    number = []
  }
  for (const part of number.reverse()) result.push(part)
  return result
}

/** Marks stand behind their letter in text, whichever of the two a program draws first. */
function marksAfterLetters(units: readonly string[]): string[] {
  const result = [...units]
  for (let i = 0; i + 1 < result.length; i++) {
    const [unit = '', next = ''] = [result[i], result[i + 1]]
    const isLeading = mark.test(unit) && (i === 0 || /\s$/.test(result[i - 1] ?? ''))
    if (isLeading && !mark.test(next)) [result[i], result[i + 1]] = [next, unit]
  }
  return result
}
