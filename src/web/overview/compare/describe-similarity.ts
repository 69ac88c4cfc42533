import type { Similarity } from '../../../api/client.js'

type Compared = Pick<Similarity, 'similarity' | 'relevance' | 'by'>

/** Least places on the model's scale, and what they mean for texts whose meaning was compared, and for their words alone. */
const LEVELS: readonly (readonly [least: number, meaning: string, words: string])[] = [
  [1, 'They say nearly the same.', 'Nearly all of their words are the same.'],
  [0.6, 'They are about the same thing.', 'Most of their words are the same.'],
  [0.25, 'They have something to do with one another.', 'Some of their words are the same.'],
  [0.0001, 'They have little to do with one another.', 'Few of their words are the same.'],
  [0, 'They have nothing to do with one another.', 'They have no words in common, but by chance.'],
]
/** Vectors are rounded: equal texts may fall short of 1 by so much, and texts that are not quite equal reach it. */
const ROUNDING = 0.0005

/** What a similarity means, in plain words. */
export function describeSimilarity({ similarity, relevance, by }: Compared): string {
  if (similarity >= 1 - ROUNDING)
    return by === 'terms' ? 'All of their words are the same.' : 'They say the same.'
  const [, meaning = '', words = ''] = LEVELS.find(([least]) => relevance >= least) ?? []
  return by === 'terms' ? words : meaning
}
