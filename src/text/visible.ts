/**
 * Characters that a reader does not see but a model does: zero-width, direction marks, tag characters, variation
 * selectors, fillers, controls, annotation marks.
 */
const INVISIBLE = /[\p{Cc}\p{Default_Ignorable_Code_Point}\ufff9-\ufffb]/gu

/** Printable ASCII and line breaks, as most texts are: a look that takes a tenth of the time. */
const PLAIN = /^[\n\t\x20-\x7e]*$/

/** The text without them. Line breaks and tabs stay. */
export function visible(text: string): string {
  if (PLAIN.test(text)) return text
  return text.replace(INVISIBLE, (character) => (character === '\n' || character === '\t' ? character : ''))
}
