import stringWidth from 'string-width'

/** A stretch of a line that is not broken: a word, or a wide character with what must stay beside it. */
export type Unit = {
  readonly text: string
  /** Columns of a terminal. */
  readonly width: number
}

/** Written without blanks: a line may break between any two of them. */
const WIDE = /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Hangul}\u3000-\u303f\uff00-\uffef]/u
/** No line begins with one of these (JIS X 4051, GB/T 15834). */
const CLOSING = /^[、。，．・：；？！）］｝〉》」』】〕ーぁぃぅぇぉっゃゅょァィゥェォッャュョ”’)\]},.;:!?%]/u
/** No line ends with one of these. */
const OPENING = /[（［｛〈《「『【〔“‘([{]$/u

/** Columns that a text takes on a terminal: two for wide characters and emoji, none for what combines or colours. */
export function displayWidth(text: string): number {
  return stringWidth(text)
}

/** The units of a word, which has no blanks. */
export function splitUnits(word: string): Unit[] {
  if (!WIDE.test(word)) return [{ text: word, width: displayWidth(word) }]
  const units: string[] = []
  for (const character of word) {
    const last = units.at(-1)
    const staysWith =
      last !== undefined &&
      (CLOSING.test(character) || OPENING.test(last) || (!WIDE.test(character) && !WIDE.test(last.slice(-1))))
    if (staysWith) units[units.length - 1] = last + character
    else units.push(character)
  }
  return units.map((text) => ({ text, width: displayWidth(text) }))
}

/** The unit in pieces of at most so many columns. */
export function breakUnit({ text, width }: Unit, columns: number): Unit[] {
  if (width <= columns) return [{ text, width }]
  const pieces: Unit[] = []
  let piece = ''
  for (const character of text) {
    if (piece !== '' && displayWidth(piece + character) > columns) {
      pieces.push({ text: piece, width: displayWidth(piece) })
      piece = ''
    }
    piece += character
  }
  return [...pieces, { text: piece, width: displayWidth(piece) }]
}
