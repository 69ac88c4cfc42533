/** `[start, end]` of a stretch of text, in UTF-16 units. */
export type Range = readonly [number, number]
