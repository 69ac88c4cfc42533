import fc from 'fast-check'
import { expect } from 'vitest'

/** Whether an offset lies between the halves of a surrogate pair. */
export function isInsidePair(text: string, at: number): boolean {
  return /^[\ud800-\udbff][\udc00-\udfff]$/.test(text.slice(Math.max(0, at - 1), at + 1))
}

export function expectNoSplitPair(text: string, at: number): void {
  expect(isInsidePair(text, at), `offset ${at} lies within a pair`).toBe(false)
}

/** Any code points, many of them outside the basic plane, with blanks and ends of sentences between. */
export function textWithPairs(constraints: {
  readonly minLength?: number
  readonly maxLength: number
}): fc.Arbitrary<string> {
  const unit = fc.oneof(
    fc.constantFrom(' ', '. ', '\n', 'a', 'Word', '!', '?\t'),
    fc.constantFrom('🦭', '👩‍👩‍👧', '𐌰', 'é', 'e\u0301', '海', 'ก'),
    fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
  )
  return fc.string({ unit, ...constraints })
}
