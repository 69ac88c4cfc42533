/** `[1]`, `[1, 2]`, `[1][2]` are markers; `[10:30]` is not. */
export const MARKER = /\[(\d{1,3}(?:\s*[,;]\s*\d{1,3})*)\]/g
/** The same with the blanks before it, which go when the marker goes. */
const SPACED_MARKER = new RegExp(`([ \\t]*)${MARKER.source}`, 'g')
/** Looks like one and names nothing; behind a word it is code, such as `list[-1]`. */
const NEGATIVE_MARKER = /[ \t]*(?<![\p{L}\p{N}_)])\[-\d{1,3}\]/gu
/** The beginning of a marker at the end of a text. */
export const OPEN_MARKER = /\[\d{1,3}(?:\s*[,;]\s*\d{1,3})*\s*[,;]?$/

/** The numbers that a marker names: those of `1, 2`. */
export function numbersOf(list: string): number[] {
  return list.split(/[,;]/).map((part) => Number(part.trim()))
}

/** The text without the markers that name no passage. */
export function keepKnownMarkers(text: string, passages: number): string {
  return text
    .replace(NEGATIVE_MARKER, '')
    .replace(SPACED_MARKER, (whole: string, blanks: string, list: string) => {
      const named = numbersOf(list)
      const known = named.filter((number) => number >= 1 && number <= passages)
      if (known.length === named.length) return whole
      return known.length === 0 ? '' : blanks + known.map((number) => `[${number}]`).join('')
    })
}
