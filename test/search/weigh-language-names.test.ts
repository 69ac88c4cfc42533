import { describe, expect, test } from 'vitest'
import { queryUnits } from '../../src/search/query-units.js'
import { weighLanguageNames } from '../../src/search/weigh-language-names.js'

/** The kinds of a query's words, in an index of which that many of 100 passages return something. */
function kindsIn(returning: number, query: string): Record<string, string> {
  const statistics = { passages: 100, frequencies: new Map([['return', returning]]) }
  return Object.fromEntries(
    weighLanguageNames(queryUnits(query, []), statistics).map(({ word, kind, weight }) => [
      word,
      `${kind} ${weight}`,
    ]),
  )
}

describe('the name of a programming language in a query', () => {
  test('only helps to rank where most passages are source code', () => {
    expect(kindsIn(76, 'reverse a list Python')).toEqual({
      reverse: 'word 1',
      a: 'function 0.5',
      list: 'word 1',
      Python: 'function 0.5',
    })
  })

  test('is a word like others among texts', () => {
    expect(kindsIn(9, 'reverse list python')).toMatchObject({ python: 'word 1' })
  })

  test('is looked for when there is nothing else to look for', () => {
    expect(kindsIn(76, 'python')).toEqual({ python: 'word 1' })
    expect(kindsIn(76, 'what is python')).toMatchObject({ python: 'word 1' })
  })

  test('in an empty index changes nothing', () => {
    const units = queryUnits('reverse python', [])
    expect(weighLanguageNames(units, { passages: 0, frequencies: new Map() })).toEqual(units)
  })
})
