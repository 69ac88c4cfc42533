/** Whether an amount is a least, a greatest, or one end of a range. */
export type Bound = 'at-least' | 'at-most' | 'range'

/** Before a number; a few words may stand between. `within` and `until` are limits too. */
const BEFORE: readonly (readonly [bound: Bound, pattern: RegExp])[] = [
  ['at-least', /\b(?:above|oberhalb|por encima)\s+(?:\p{L}+\s+){0,4}[-−+]?$/iu],
  ['at-most', /\b(?:below|unterhalb|por debajo)\s+(?:\p{L}+\s+){0,4}[-−+]?$/iu],
  ['range', /\b(?:between|zwischen|entre)\s+(?:\S+\s+){0,4}$/iu],
  [
    'at-least',
    /\b(?:at least|no less than|not less than|more than|over|above|exceed(?:s|ed|ing)?|beyond|minimum(?: of)?|mindestens|mehr als|über|oberhalb(?: von)?|al menos|por lo menos|más de|mayor(?:es)? de|superior(?:es)? a|por encima de|au moins|plus de)\s+(?:about |etwa |unos |the |an? |de |€|\$)?[-−+]?$/iu,
  ],
  [
    'at-most',
    /\b(?:at most|no more than|not more than|less than|fewer than|under|below|up to|within|maximum(?: of)?|höchstens|maximal|weniger als|unter|unterhalb(?: von)?|bis(?: zu)?|como máximo|a lo sumo|menos de|menor(?:es)? de|inferior(?:es)? a|por debajo de|hasta|au plus|moins de|jusqu'à)\s+(?:about |etwa |unos |the |an? |de |€|\$)?[-−+]?$/iu,
  ],
]
/** Behind a number and its unit. */
const AFTER: readonly (readonly [bound: Bound, pattern: RegExp])[] = [
  ['at-least', /^\s*(?:or|oder|o|ou)\s+(?:more|above|older|longer|higher|mehr|älter|más|mayor|plus)\b/iu],
  [
    'at-most',
    /^\s*(?:or|oder|o|ou)\s+(?:less|fewer|below|younger|shorter|lower|weniger|jünger|menos|menor|moins)\b/iu,
  ],
]
const LOOK_BACK_CHARS = 40
const LOOK_AHEAD_CHARS = 16

/** What the words around an amount make of it; undefined for a plain one. */
export function readBound(text: string, start: number, end: number): Bound | undefined {
  const before = text.slice(Math.max(0, start - LOOK_BACK_CHARS), start)
  const after = text.slice(end, end + LOOK_AHEAD_CHARS)
  return (
    AFTER.find(([, pattern]) => pattern.test(after))?.[0] ??
    BEFORE.find(([, pattern]) => pattern.test(before))?.[0]
  )
}
