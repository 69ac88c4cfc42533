import { expect, it } from 'vitest'
import { plainSnippet } from '../../src/web/shared/snippet.js'

it.each([
  ['## Annual leave The leave is C# #1', 'Annual leave The leave is C# #1'],
  ['5. Equipment ### 5.1 Winter leave', '5. Equipment 5.1 Winter leave'],
  ['no leave at all', 'no leave at all'],
])('%s: signs of headings go, marks stay on their words', (snippet, expected) => {
  const at = [...snippet.matchAll(/leave/g)].map(({ index }) => [index, index + 5] as [number, number])
  const { text, ranges } = plainSnippet({ snippet, highlights: at })
  expect(text).toBe(expected)
  expect(ranges.map(([start, end]) => text.slice(start, end))).toEqual(at.map(() => 'leave'))
})
