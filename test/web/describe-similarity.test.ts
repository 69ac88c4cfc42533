import { expect, it } from 'vitest'
import { describeSimilarity } from '../../src/web/overview/compare/describe-similarity.js'

it.each([
  [0.99996, 1, 'They say the same.', 'All of their words are the same.'],
  [0.9, 1, 'They say nearly the same.', 'Nearly all of their words are the same.'],
  [0.7, 0.6, 'They are about the same thing.', 'Most of their words are the same.'],
  [0.6, 0.59, 'They have something to do with one another.', 'Some of their words are the same.'],
  [0.6, 0.01, 'They have little to do with one another.', 'Few of their words are the same.'],
  [-0.2, 0, 'They have nothing to do with one another.', 'They have no words in common, but by chance.'],
])(
  'a similarity of %d, %d on the scale of its model, is said in words',
  (similarity, relevance, meaning, words) => {
    expect(describeSimilarity({ similarity, relevance, by: 'vectors' })).toBe(meaning)
    expect(describeSimilarity({ similarity, relevance, by: 'terms' })).toBe(words)
  },
)
