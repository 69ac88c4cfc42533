import { expect, it } from 'vitest'
import { keepKnownMarkers } from '../../src/answer/markers.js'

it.each([
  ['It is red [1][2].', 'It is red [1][2].'],
  ['It is red [1, 9].', 'It is red [1].'],
  ['It is red [9].', 'It is red.'],
  ['It is red [0][-1].', 'It is red.'],
  ['It is red [-12] and round.', 'It is red and round.'],
  ['The last one is list[-1], f(x)[-1] or list[ -1 ].', 'The last one is list[-1], f(x)[-1] or list[ -1 ].'],
])('keeps of %j what names a passage or no passage at all', (said, kept) => {
  expect(keepKnownMarkers(said, 2)).toBe(kept)
})
