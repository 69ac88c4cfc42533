import type { Store, TermCount } from '../store/store.js'
import { analyze, DEFAULT_LANGUAGE, termOf } from '../text/analyze.js'
import { segmentWords } from '../text/segment-words.js'
import { editDistance } from './edit-distance.js'
import { withinReach } from './search-request.js'

const LETTERS = /^[\p{L}\p{M}]+$/u
/** Scripts in which one character is a syllable or a word: a changed one is another word. */
const SYLLABIC =
  /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Hangul}\p{sc=Thai}\p{sc=Lao}\p{sc=Khmer}\p{sc=Myanmar}]/u
const MIN_CHARS = 5
const TWO_EDITS_FROM_CHARS = 9

/** A term of the index, and how it is written in one of its passages. */
export type CorrectedWord = { readonly term: string; readonly word: string }

/**
 * The term of the index that a word was most likely meant to be: the nearest by edits (Damerau), the most frequent of
 * equally near ones. Words of fewer than five letters, and with digits, are taken as they are. Looks at terms that share
 * the first two letters, or would with those exchanged or one of them left out. None that stands in other than the given
 * collections only.
 */
export async function correctWord(
  store: Store,
  word: string,
  collections?: readonly string[],
): Promise<CorrectedWord | undefined> {
  if (!LETTERS.test(word) || SYLLABIC.test(word)) return undefined
  const wanted = termOf(word, DEFAULT_LANGUAGE)
  if (wanted.length < MIN_CHARS - 1 || word.length < MIN_CHARS) return undefined
  const most = wanted.length >= TWO_EDITS_FROM_CHARS ? 2 : 1
  let best: { term: string; distance: number; passages: number } | undefined
  for (const prefix of likelyBeginnings(wanted)) {
    for (const { term, passages } of await store.termsWithPrefix(prefix)) {
      if (Math.abs(term.length - wanted.length) > most) continue
      const distance = editDistance(wanted, term, most)
      if (distance > most) continue
      if (
        best === undefined ||
        distance < best.distance ||
        (distance === best.distance && passages > best.passages)
      )
        best = { term, distance, passages }
    }
  }
  if (best === undefined) return undefined
  const { term } = best
  const written = await writtenForm(store, best, collections)
  return written === undefined && collections !== undefined ? undefined : { term, word: written ?? term }
}

function likelyBeginnings(term: string): Set<string> {
  const [a = '', b = '', c = ''] = Array.from(term)
  return new Set([a + b, b + a, b + c, a + c])
}

/** How a term is written where it stands in some passage, of the given collections if so. */
export async function writtenForm(
  store: Store,
  { term, passages }: TermCount,
  collections?: readonly string[],
): Promise<string | undefined> {
  const filter = withinReach(collections)
  const unit = { terms: [term], passages, weight: 1, hasPlace: false, role: 'find' } as const
  const [found] = await store.searchKeywords([unit], 1, filter === undefined ? {} : { filter })
  const [chunk] = found === undefined ? [] : await store.getChunks([found.chunkId])
  if (chunk === undefined) return undefined
  for (const text of [chunk.title, ...chunk.headings, chunk.text]) {
    for (const { word } of segmentWords(text)) {
      if (analyze(word, chunk.language)[0]?.term === term) return word.toLowerCase()
    }
  }
  return undefined
}
