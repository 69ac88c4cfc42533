import { termOf } from '#dist/text/analyze.js'
import { createRandom } from './bench-data.js'

/** The commonest words of English, commonest first: what questions consist of to a half. */
const FUNCTION_WORDS =
  'the of and to in a is that for it as was with be by on not he his but at are this have from or had an they which you were her all she there would their we him been has when who will more no if out so said what up its about into than them can only other new some could time these two may then do first any my now such like our over me even most made after also did many before must through'.split(
    ' ',
  )
const VOCABULARY = 200_000
/** Zipf's law as Mandelbrot corrected it (1953): a word's share falls with 1 / (rank + 2.7). */
const RANK_OFFSET = 2.7
const CONSONANTS = 'bcdfghklmnprstvz'
const VOWELS = 'aeiou'

/** Running text, as written and as analysed terms. */
export type Words = { readonly text: string; readonly terms: string }

/** Gives so many words in a row, with the frequencies that words of natural language have. */
export function createWordSource(seed = 1): (number: number) => Words {
  const next = createRandom(seed)
  const words = Array.from(
    { length: VOCABULARY },
    (_, rank) => FUNCTION_WORDS[rank] ?? spell(rank - FUNCTION_WORDS.length),
  )
  const terms = words.map((word) => termOf(word, 'en'))
  const limits = new Float64Array(VOCABULARY)
  let sum = 0
  for (let rank = 0; rank < VOCABULARY; rank++) {
    sum += 1 / (rank + RANK_OFFSET)
    limits[rank] = sum
  }
  const pick = () => {
    const wanted = (next() / 2 ** 32) * sum
    let from = 0
    let to = VOCABULARY - 1
    while (from < to) {
      const middle = (from + to) >>> 1
      if ((limits[middle] ?? 0) <= wanted) from = middle + 1
      else to = middle
    }
    return from
  }
  return (number) => {
    const picked = Array.from({ length: number }, pick)
    return {
      text: picked.map((rank) => words[rank]).join(' '),
      terms: picked.map((rank) => terms[rank]).join(' '),
    }
  }
}

/** A word of syllables that no other number has. */
function spell(number: number): string {
  let word = ''
  let rest = number + CONSONANTS.length * VOWELS.length
  while (rest > 0) {
    word += CONSONANTS.charAt(rest % CONSONANTS.length)
    rest = Math.floor(rest / CONSONANTS.length)
    word += VOWELS.charAt(rest % VOWELS.length)
    rest = Math.floor(rest / VOWELS.length)
  }
  return `${word}k`
}
