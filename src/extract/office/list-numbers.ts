/** How the number of a list's item is written. */
export type NumberFormat = 'decimal' | 'upperRoman' | 'lowerRoman' | 'upperLetter' | 'lowerLetter' | 'none'

const romanDigits: readonly (readonly [number, string])[] = [
  [1000, 'm'],
  [900, 'cm'],
  [500, 'd'],
  [400, 'cd'],
  [100, 'c'],
  [90, 'xc'],
  [50, 'l'],
  [40, 'xl'],
  [10, 'x'],
  [9, 'ix'],
  [5, 'v'],
  [4, 'iv'],
  [1, 'i'],
]
/** Above it numbers are written in digits, whatever the format. */
const maxWrittenOut = 3999

/** The number as it stands before an item; formats of numbers in words and other scripts are written in digits. */
export function formatNumber(value: number, format: NumberFormat): string {
  if (format === 'none') return ''
  if (value < 1 || value > maxWrittenOut || format === 'decimal') return String(value)
  const small = format === 'lowerRoman' || format === 'upperRoman' ? roman(value) : letters(value)
  return format.startsWith('upper') ? small.toUpperCase() : small
}

function roman(value: number): string {
  let rest = value
  let text = ''
  for (const [amount, digits] of romanDigits) {
    text += digits.repeat(Math.floor(rest / amount))
    rest %= amount
  }
  return text
}

/** a to z, then aa, bb, as word processors count. */
function letters(value: number): string {
  const letter = String.fromCharCode(97 + ((value - 1) % 26))
  return letter.repeat(Math.min(20, Math.ceil(value / 26)))
}
