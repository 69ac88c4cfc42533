/** The words of a document, to tell hyphens that part a word at the end of a line from those that belong to it. */
export type Vocabulary = ReadonlySet<string>

const hyphenAtEnd = /(?<=\p{L})[-\u2010\u00ad]$/u
/** They only say where a word may be parted. */
const softHyphens = /\u00ad/g
/** Longer words are none. */
const maxWordChars = 60
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
 * What stands between a line of a paragraph and the next one, and how many letters of the first are taken away for it: a
 * hyphen at its end goes where it parts a word, that is where the document has the whole word elsewhere, or neither the word
 * with the hyphen nor both its parts. Other lines are parted by a space, those of Chinese and Japanese by nothing.
 */
function joint(
  line: string,
  next: string,
  vocabulary: Vocabulary,
): { readonly cut: number; readonly space: string } {
  const end = line.slice(-maxWordChars)
  if (hyphenAtEnd.test(end)) {
    const head = /[\p{L}\p{M}]+$/u.exec(end.slice(0, -1))?.[0] ?? ''
    const tail = /^\p{Ll}[\p{L}\p{M}]*/u.exec(next.slice(0, maxWordChars))?.[0]
    const isParted = tail !== undefined && (end.endsWith('\u00ad') || isOneWord(head, tail, vocabulary))
    return { cut: isParted ? 1 : 0, space: '' }
  }
  const isUnspaced = unspaced.test(end.slice(-1)) && unspaced.test(next.slice(0, 1))
  return { cut: 0, space: isUnspaced || /[\p{L}\p{N}][–—/]$/u.test(end) ? '' : ' ' }
}

/** Lines of a paragraph as one text, see `joint`; those before which `isForced` says so stay lines of their own. */
export function joinLines(
  lines: readonly string[],
  vocabulary: Vocabulary,
  isForced: (index: number) => boolean = () => false,
): string {
  const parts: string[] = []
  for (const [i, line] of lines.entries()) {
    const next = lines[i + 1]
    if (next === undefined) parts.push(line)
    else if (isForced(i + 1)) parts.push(line, '\n')
    else {
      const { cut, space } = joint(line, next, vocabulary)
      parts.push(line.slice(0, line.length - cut), space)
    }
  }
  return parts.join('').replace(softHyphens, '')
}

function isOneWord(head: string, tail: string, vocabulary: Vocabulary): boolean {
  const [first, second] = [head.toLowerCase(), tail.toLowerCase()]
  if (vocabulary.has(first + second)) return true
  if (vocabulary.has(`${first}-${second}`)) return false
  return !(vocabulary.has(first) && vocabulary.has(second) && first.length > 2 && second.length > 2)
}
