import { NOT_IN_PASSAGES } from './generator.js'

export type EchoGuard = {
  /** Takes whole words. */
  push(text: string): string
  end(): string
}

/** So many words of the instruction in a row are no chance: its sentences are longer. */
const MIN_ECHOED_WORDS = 8
/** Shown at once, so that an answer which begins with `The passages` is not held back. */
const SHOWN_WORDS = 3
const WORD = /[\p{L}\p{N}_]+/gu

/**
 * Takes out of a text what it repeats of an instruction: eight words or more in a row, but for the first three, and the
 * word that stands for a refusal. Blanks and punctuation do not matter.
 */
export function createEchoGuard(instruction: string): EchoGuard {
  const words = [...instruction.matchAll(WORD)].map(([word]) => word.toLowerCase())
  /** Where an echo that begins with a word goes on. */
  const following = new Map<string, number[]>()
  for (const [at, word] of words.entries()) following.set(word, [...(following.get(word) ?? []), at + 1])
  let positions: number[] = []
  let matched = 0
  let held = ''

  /** What is held is no echo after all, unless it has become one. */
  function release(): string {
    const released = matched >= MIN_ECHOED_WORDS ? '' : held
    positions = []
    matched = 0
    held = ''
    return released
  }

  function takeWord(word: string): string {
    if (word === NOT_IN_PASSAGES) return ''
    const folded = word.toLowerCase()
    const next = positions.filter((at) => words[at] === folded).map((at) => at + 1)
    let out = ''
    if (next.length > 0) {
      positions = next
      matched++
    } else {
      out = release()
      positions = following.get(folded) ?? []
      matched = positions.length > 0 ? 1 : 0
    }
    if (matched <= SHOWN_WORDS) return out + word
    held += word
    return out
  }

  function takeBetween(text: string): string {
    if (matched <= SHOWN_WORDS) return text
    held += text
    return ''
  }

  return {
    push(text) {
      let out = ''
      let at = 0
      for (const { index, 0: word } of text.matchAll(WORD)) {
        out += takeBetween(text.slice(at, index)) + takeWord(word)
        at = index + word.length
      }
      return out + takeBetween(text.slice(at))
    },
    end: release,
  }
}
