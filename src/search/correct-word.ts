import type { Store, TermCount } from '../store/store.js'
import { termOf } from '../text/analyze.js'
import { foldWord } from '../text/fold-word.js'
import { segmentWords } from '../text/segment-words.js'
import { editDistance } from './edit-distance.js'
import { withinReach } from './search-request.js'

const LETTERS = /^[\p{L}\p{M}]+$/u
/** Scripts in which one character is a syllable or a word: a changed one is another word. */
const SYLLABIC =
  /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Hangul}\p{sc=Thai}\p{sc=Lao}\p{sc=Khmer}\p{sc=Myanmar}]/u
const MIN_CHARS = 5
const TWO_EDITS_FROM_CHARS = 9
/** Each costs a look at a passage that holds it. */
const MAX_CANDIDATES = 8
/** The best may hold a term only as a part of an identifier, and the word in another form than the one that was meant. */
const PASSAGES_READ = 5
/** What stemmers take off the word that was meant, but not always off one that is misspelt. */
const SILENT_ENDING = /(?:es?|s)$/

/** A term of the index, and how it is written in one of its passages. */
export type CorrectedWord = { readonly term: string; readonly word: string }

/**
 * The term of the index that a word was most likely meant to be: the nearest by edits (Damerau) to one of `terms`, the forms
 * that the word is looked for in. What is misspelt is often stemmed otherwise than what was meant, so of the nearest terms that
 * one is taken whose word is nearest as it is written, and the most frequent of equally near ones. Words of fewer than five
 * letters, and with digits, are taken as they are. Looks at terms that share the first two letters, or would with those
 * exchanged or one of them left out. None that stands in other than the given collections only.
 */
export async function correctWord(
  store: Store,
  { word, terms }: { readonly word: string; readonly terms: readonly string[] },
  collections?: readonly string[],
): Promise<CorrectedWord | undefined> {
  if (word.length < MIN_CHARS || !LETTERS.test(word) || SYLLABIC.test(word)) return undefined
  const typed = foldWord(word)
  const nearest = await nearestTerms(store, typed, terms)
  const candidates = await Promise.all(
    nearest.map(async (candidate) => {
      const forms = await writtenForms(store, candidate, collections)
      const [written] = forms.sort((a, b) => editsTo(typed, a) - editsTo(typed, b))
      return { ...candidate, written, edits: written === undefined ? typed.length : editsTo(typed, written) }
    }),
  )
  const reachable = candidates.filter(({ written }) => written !== undefined || collections === undefined)
  const [best] = reachable.sort((a, b) => a.edits - b.edits || b.passages - a.passages)
  return best === undefined ? undefined : { term: best.term, word: best.written ?? best.term }
}

function editsTo(typed: string, written: string): number {
  return editDistance(typed, foldWord(written), typed.length)
}

type NearTerm = TermCount & { readonly distance: number }

/** The nearest terms to any of the forms of a word, the most frequent first. */
async function nearestTerms(store: Store, typed: string, terms: readonly string[]): Promise<NearTerm[]> {
  const forms = [...new Set([...terms, typed, typed.replace(SILENT_ENDING, '')])].filter(
    (form) => form.length >= MIN_CHARS - 1,
  )
  const near = new Map<string, NearTerm>()
  for (const prefix of new Set(forms.flatMap(likelyBeginnings))) {
    for (const counted of await store.termsWithPrefix(prefix)) {
      const distance = Math.min(...forms.map((form) => distanceOf(form, counted.term)))
      if (distance < Number.POSITIVE_INFINITY) near.set(counted.term, { ...counted, distance })
    }
  }
  return [...near.values()]
    .sort((a, b) => a.distance - b.distance || b.passages - a.passages)
    .slice(0, MAX_CANDIDATES)
}

/** Infinite when there are more edits than are likely in a word of this length. */
function distanceOf(form: string, term: string): number {
  const most = form.length >= TWO_EDITS_FROM_CHARS ? 2 : 1
  if (Math.abs(term.length - form.length) > most) return Number.POSITIVE_INFINITY
  const distance = editDistance(form, term, most)
  return distance > most ? Number.POSITIVE_INFINITY : distance
}

function likelyBeginnings(term: string): string[] {
  const [a = '', b = '', c = ''] = Array.from(term)
  return [a + b, b + a, b + c, a + c]
}

/** How a term is written where it stands in some passage, of the given collections if so. */
export async function writtenForm(
  store: Store,
  counted: TermCount,
  collections?: readonly string[],
): Promise<string | undefined> {
  return (await writtenForms(store, counted, collections, 1))[0]
}

/** The same in a few passages: `change`, `changes`. In lower case, each once. */
async function writtenForms(
  store: Store,
  { term, passages }: TermCount,
  collections?: readonly string[],
  limit = PASSAGES_READ,
): Promise<string[]> {
  const filter = withinReach(collections)
  const unit = { terms: [term], passages, weight: 1, hasPlace: false, role: 'find' } as const
  const found = await store.searchKeywords([unit], limit, filter === undefined ? {} : { filter })
  const forms = new Set<string>()
  for (const { title, headings, text, language } of await store.getChunks(
    found.map(({ chunkId }) => chunkId),
  )) {
    for (const { word } of segmentWords([title, ...headings, text].join('\n'))) {
      if (termOf(word, language) === term) forms.add(word.toLowerCase())
    }
  }
  return [...forms]
}
