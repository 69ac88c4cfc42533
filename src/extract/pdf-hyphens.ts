/** The words of a document, to tell hyphens that part a word at the end of a line from those that belong to it. */
export type Vocabulary = ReadonlySet<string>

const hyphenAtEnd = /(?<=\p{L})[-\u2010\u00ad]$/u
const softHyphen = /\u00ad/g
/** Words are written without spaces between them. */
const unspaced = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\u3000-\u303f\uff00-\uffef]/u

/** The words of some lines in small letters, with their hyphens; those at either end of a line may be parts of words. */
export function collectWords(lines: Iterable<string>): Vocabulary {
  const words = new Set<string>()
  for (const line of lines) {
    const all = line.toLowerCase().match(/[\p{L}\p{M}]+(?:[-\u2010][\p{L}\p{M}]+)*/gu) ?? []
    for (const word of all.slice(1, -1)) words.add(word.replace(/\u2010/g, '-'))
  }
  return words
}

/**
 * Two lines of a paragraph as one text. A hyphen at the end of the first is taken away where it parts a word: the document
 * has the whole word elsewhere, or neither the word with the hyphen nor both its parts. Other lines are joined by a space,
 * those of Chinese and Japanese by nothing.
 */
export function joinLines(text: string, next: string, vocabulary: Vocabulary): string {
  const tail = /^\p{Ll}[\p{L}\p{M}]*/u.exec(next)?.[0]
  if (hyphenAtEnd.test(text)) {
    const head = /[\p{L}\p{M}]+(?=[-\u2010\u00ad]$)/u.exec(text)?.[0] ?? ''
    const isParted = tail !== undefined && (text.endsWith('\u00ad') || isOneWord(head, tail, vocabulary))
    return isParted ? text.slice(0, -1) + next : text + next
  }
  const isUnspaced =
    (unspaced.test(text.slice(-1)) && unspaced.test(next.slice(0, 1))) || /[\p{L}\p{N}][–—/]$/u.test(text)
  return isUnspaced ? text + next : `${text} ${next}`
}

function isOneWord(head: string, tail: string, vocabulary: Vocabulary): boolean {
  const [first, second] = [head.toLowerCase(), tail.toLowerCase()]
  if (vocabulary.has(first + second)) return true
  if (vocabulary.has(`${first}-${second}`)) return false
  return !(vocabulary.has(first) && vocabulary.has(second) && first.length > 2 && second.length > 2)
}

/** Hyphens that only say where a word may be parted. */
export function withoutSoftHyphens(text: string): string {
  return text.replace(softHyphen, '')
}
