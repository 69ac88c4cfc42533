import { termOf } from './analyze.js'
import { foldWord, MAX_TERM_CHARS } from './fold-word.js'
import { partsOfWord } from './part-terms.js'
import { visitWords } from './segment-words.js'
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
  readonly functionWord: FunctionWord
  /** By the rules of a language (ISO 639-1). */
  formsIn(language: string): WordForms
}

/**
 * Gives the words of texts, each analysed once for all places where it stands: of a thousand words of running text some fifty
 * are new after the first pages.
 */
export interface Lexicon {
  /** The words of a text in order, the first `limit` of them. */
  words(text: string, limit?: number): KnownWord[]
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

  return {
    words(text, limit = Number.POSITIVE_INFINITY) {
      const words: KnownWord[] = []
      visitWords(text, (start, end) => {
        const word = text.slice(start, end)
        return words.push(known.get(word) ?? learn(word)) < limit
      })
      return words
    },
  }
}

/** Keeps its forms in the language that was asked for last: neighbouring passages are in the same one. */
class AnalyzedWord implements KnownWord {
  readonly functionWord: FunctionWord
  private readonly word: string
  private language: string | undefined
  private forms: WordForms = { term: '', parts: [] }

  constructor(word: string) {
    this.word = word
    this.functionWord = functionWord(foldWord(word))
  }

  formsIn(language: string): WordForms {
    if (language !== this.language) {
      this.forms = { term: termOf(this.word, language), parts: partsOfWord(this.word, language) }
      this.language = language
    }
    return this.forms
  }
}
