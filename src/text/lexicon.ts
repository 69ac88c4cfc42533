import { DEFAULT_LANGUAGE, termOf } from './analyze.js'
import { type AkinKeys, akinKeys } from './are-akin.js'
import { foldWord, MAX_TERM_CHARS } from './fold-word.js'
import { partsOfWord } from './part-terms.js'
import { visitWords, type Word } from './segment-words.js'
import { type FunctionWord, functionWord } from './stop-words.js'

/** What a word is found by in texts of one language. */
export type WordForms = {
  /** Empty for a word of marks alone. */
  readonly term: string
  /** Of the parts of an identifier; none for other words. */
  readonly parts: readonly string[]
}

/** A word with what analysis makes of it. */
export interface KnownWord {
  readonly folded: string
  readonly functionWord: FunctionWord
  /** By the rules of a language (ISO 639-1). */
  formsIn(language: string): WordForms
  /** What it is compared with other words by. */
  akinKeys(): AkinKeys
}

/** A word that stands in a text and has a term. UTF-16 offsets. */
export type PlacedWord = { readonly start: number; readonly end: number; readonly keys: AkinKeys }

/**
 * Gives the words of texts, each analysed once for all places where it stands: of a thousand words of running text some fifty
 * are new after the first pages.
 */
export interface Lexicon {
  /** The words of a text in order, the first `limit` of them. */
  words(text: string, limit?: number): KnownWord[]
  /** As `termOf` gives it. */
  termOf(word: string, language: string): string
  /** The words of a text that have a term, in order and folded. */
  foldedWords(text: string): string[]
  /** Those of the words that have a term. */
  place(words: readonly Word[]): PlacedWord[]
}

/** Some 10 MB. A folder of one language has fewer, but for numbers and names. */
const MAX_WORDS = 50_000

export function createLexicon(maxWords: number = MAX_WORDS): Lexicon {
  const known = new Map<string, KnownWord>()

  function learn(word: string): KnownWord {
    // Longer ones are data and do not come again.
    if (word.length > MAX_TERM_CHARS) return new AnalyzedWord(word)
    if (known.size >= maxWords) known.clear()
    // A slice would keep the text alive that it was cut from.
    const copy = Buffer.from(word, 'utf16le').toString('utf16le')
    const analyzed = new AnalyzedWord(copy)
    known.set(copy, analyzed)
    return analyzed
  }

  const lookUp = (word: string): KnownWord => known.get(word) ?? learn(word)

  return {
    termOf: (word, language) => lookUp(word).formsIn(language).term,

    foldedWords(text) {
      const folded: string[] = []
      visitWords(text, (start, end) => {
        const keys = lookUp(text.slice(start, end)).akinKeys()
        if (keys.term !== '') folded.push(keys.folded)
        return true
      })
      return folded
    },

    place(words) {
      const placed: PlacedWord[] = []
      for (const { word, start, end } of words) {
        const keys = lookUp(word).akinKeys()
        if (keys.term !== '') placed.push({ start, end, keys })
      }
      return placed
    },

    words(text, limit = Number.POSITIVE_INFINITY) {
      const words: KnownWord[] = []
      visitWords(text, (start, end) => {
        return words.push(lookUp(text.slice(start, end))) < limit
      })
      return words
    },
  }
}

/** Keeps its forms in the language that was asked for last: neighbouring passages are in the same one. */
class AnalyzedWord implements KnownWord {
  readonly folded: string
  readonly functionWord: FunctionWord
  private readonly word: string
  private language: string | undefined
  private forms: WordForms = { term: '', parts: [] }
  private keys: AkinKeys | undefined

  constructor(word: string) {
    this.word = word
    this.folded = foldWord(word)
    this.functionWord = functionWord(this.folded)
  }

  formsIn(language: string): WordForms {
    if (language !== this.language) {
      this.forms = { term: termOf(this.word, language), parts: partsOfWord(this.word, language) }
      this.language = language
    }
    return this.forms
  }

  akinKeys(): AkinKeys {
    this.keys ??= akinKeys({ term: termOf(this.word, DEFAULT_LANGUAGE), folded: this.folded })
    return this.keys
  }
}
