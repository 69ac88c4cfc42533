import type { CorpusPassage } from '../../src/corpus/corpus-passage.js'
import { seededRandom } from '../helpers/seeded-random.js'

/** Gives so many invented words in a row, the same in every run. */
export function wordSource(seed: number): (count: number) => string {
  const random = seededRandom(seed)
  return (count) => Array.from({ length: count }, () => `w${Math.floor(random() * 5000)}`).join(' ')
}

/** Replaces every n-th word by a new one. */
export function editEvery(text: string, n: number): string {
  return text
    .split(' ')
    .map((word, at) => (at % n === n - 1 ? `x${at}` : word))
    .join(' ')
}

/** One passage for each document. */
export function passagesOf(texts: readonly string[]): CorpusPassage[] {
  return texts.map((text, at) => ({
    chunkId: at + 1,
    documentId: `d${at}`,
    title: `Document ${at}`,
    text,
    language: 'en',
    timeMs: at,
  }))
}
