import { describe, expect, test } from 'vitest'
import { hasListMark, withoutListMark } from '../../src/text/list-mark.js'

describe('the mark of a list', () => {
  test.each([
    ['- Waxing of skis', 'Waxing of skis'],
    ['  2. Waxing of skis', 'Waxing of skis'],
    ['3) 28. Juni', '28. Juni'],
  ])('%s', (line, rest) => {
    expect(hasListMark(line)).toBe(true)
    expect(withoutListMark(line)).toBe(rest)
  })

  test.each(['28. Juni 2024', '2.5 litres of wax', 'Waxing - by hand'])('is none in %s', (line) => {
    expect(hasListMark(line)).toBe(false)
    expect(withoutListMark(line)).toBe(line)
  })
})
