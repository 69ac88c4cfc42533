import { GemdexError } from '../errors.js'
import type { Store } from '../store/store.js'
import { DEFAULT_LANGUAGE, termOf } from '../text/analyze.js'
import { foldWord } from '../text/fold-word.js'
import { segmentWords } from '../text/segment-words.js'
import type { Suggestion } from '../types.js'
import { writtenForm } from './correct-word.js'
import { withinReach } from './search-request.js'

const MAX_PREFIX_CHARS = 200
/** A single letter begins too many words to be worth looking at; not so where it is a word or syllable by itself. */
const ENOUGH = /..|[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Hangul}]/u
const TITLES_READ = 200
const WORDS_READ = 5

export type SuggestOptions = { readonly limit?: number; readonly collections?: readonly string[] }

/**
 * How a query may go on: titles and headings that hold its words, the last of which may be unfinished, then words of the
 * index that complete the last one, the commonest first. Throws BAD_INPUT for a text of more than 200 characters or a limit
 * outside 1..50. What stands in other than the given collections is not there.
 */
export async function suggest(
  store: Store,
  typed: string,
  { limit = 10, collections }: SuggestOptions = {},
): Promise<Suggestion[]> {
  if (typed.length > MAX_PREFIX_CHARS)
    throw new GemdexError(
      'BAD_INPUT',
      `The text has ${typed.length} characters; at most ${MAX_PREFIX_CHARS} are completed`,
      {
        field: 'q',
      },
    )
  if (!Number.isInteger(limit) || limit < 1 || limit > 50)
    throw new GemdexError('BAD_INPUT', `limit must be a whole number from 1 to 50, not ${limit}`, {
      field: 'limit',
    })
  const words = segmentWords(typed)
  const last = words.at(-1)
  if (last === undefined) return []
  // A blank behind the last word finishes it.
  const isFinished = last.end < typed.length
  const begun = isFinished ? '' : foldWord(last.word)
  const whole = (isFinished ? words : words.slice(0, -1)).map(({ word }) => word)
  const titles = await matchingTitles(store, whole, begun, collections)
  const completions = ENOUGH.test(begun) ? await completeWord(store, begun, collections) : []
  const before = typed.slice(0, last.start)
  const suggestions: Suggestion[] = [
    ...titles,
    ...completions.map((word) => ({ text: `${before}${word}`, kind: 'word' as const })),
  ]
  const seen = new Set<string>()
  const isNew = ({ text }: Suggestion) => seen.size < seen.add(text.toLowerCase()).size
  return suggestions.filter(isNew).slice(0, limit)
}

/** Titles and headings that hold all the words, those that begin with what was typed first, then short ones. */
async function matchingTitles(
  store: Store,
  whole: readonly string[],
  begun: string,
  collections: readonly string[] | undefined,
): Promise<Suggestion[]> {
  if (whole.length === 0 && !ENOUGH.test(begun)) return []
  const terms = whole.map((word) => termOf(word, DEFAULT_LANGUAGE)).filter((term) => term !== '')
  const filter = withinReach(collections)
  const scope = filter === undefined ? {} : { filter }
  const chunks = await store.getChunks(await store.searchTitles(terms, begun, TITLES_READ, scope))
  const found = new Map<string, Suggestion & { readonly isStart: boolean }>()
  for (const { title, headings } of chunks) {
    for (const [i, text] of [title, ...headings].entries()) {
      const folded = Array.from(segmentWords(text), ({ word }) => foldWord(word))
      const holdsAll =
        whole.every((word) => folded.some((one) => one.startsWith(foldWord(word)))) &&
        (begun === '' || folded.some((word) => word.startsWith(begun)))
      const isStart = folded.join(' ').startsWith([...whole.map(foldWord), begun].join(' ').trim())
      if (holdsAll) found.set(text, { text, kind: i === 0 ? 'title' : 'heading', isStart })
    }
  }
  return [...found.values()]
    .sort(
      (a, b) =>
        Number(b.isStart) - Number(a.isStart) || a.text.length - b.text.length || (a.text < b.text ? -1 : 1),
    )
    .map(({ text, kind }) => ({ text, kind }))
}

async function completeWord(
  store: Store,
  begun: string,
  collections: readonly string[] | undefined,
): Promise<string[]> {
  const terms = (await store.termsWithPrefix(begun)).toSorted((a, b) => b.passages - a.passages)
  const words = await Promise.all(
    terms.slice(0, WORDS_READ).map((term) => writtenForm(store, term, collections)),
  )
  return words.filter((word) => word?.startsWith(begun)) as string[]
}
