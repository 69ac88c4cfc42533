import { diffWordsWithSpace } from 'diff'

/** A stretch of a text that both versions have, or one of them. */
export type Change = { readonly kind: 'same' | 'added' | 'removed'; readonly text: string }

/** Texts that differ in more words than this are different texts. */
const MAX_EDITS = 2_000
const MAX_CHARS = 100_000

/**
 * What turns one text into another, word by word (Myers, Algorithmica 1986); undefined for texts that are too long, or too
 * different, for a reader to gain from it.
 */
export function describeChanges(from: string, to: string): Change[] | undefined {
  if (Math.max(from.length, to.length) > MAX_CHARS) return undefined
  const parts = diffWordsWithSpace(from, to, { maxEditLength: MAX_EDITS })
  return parts?.map(({ value, added, removed }) => ({
    kind: added ? 'added' : removed ? 'removed' : 'same',
    text: value,
  }))
}
