import { expect, test } from 'vitest'
import { createTermTable } from '../../src/corpus/features/term-table.js'
import { distinctiveTerms } from '../../src/corpus/topics/distinctive-terms.js'
import { measureClumping } from '../../src/corpus/topics/term-clumping.js'

const LENGTH = 30
const filler = (i: number) => Array.from({ length: LENGTH }, (_, at) => `zw${(7 * i + at) % 200}`).join(' ')

/** 40 texts: of the first half each has `plain` once, and six have `heavy` five times. */
function mixedTable(language: string) {
  const table = createTermTable()
  for (let i = 0; i < 40; i++) {
    const own = i < 20 ? ['plain', ...(i < 6 ? Array<string>(5).fill('heavy') : [])] : ['other']
    table.add([`${filler(i)} ${own.join(' ')}`], language)
  }
  return table
}

function numberOf(table: ReturnType<typeof createTermTable>, name: string): number {
  return (
    Array.from({ length: table.size }, (_, term) => term).find((term) => table.nameOf(term) === name) ?? -1
  )
}

test('what some texts say again and again is put before what more of them say once', () => {
  const table = mixedTable('en')
  const groups = [0, 20].map((from) => Array.from({ length: 20 }, (_, i) => from + i))
  const [first = []] = distinctiveTerms(table, groups, measureClumping(table), 1000)
  expect(first).toContain('plain')
  expect(first.indexOf('heavy')).toBeLessThan(first.indexOf('plain'))
  const [unclumped = []] = distinctiveTerms(table, groups, () => 0, 1000)
  expect(unclumped.indexOf('plain')).toBeLessThan(unclumped.indexOf('heavy'))
})

test('a term clumps by the texts of languages that have it', () => {
  const table = mixedTable('en')
  for (let i = 0; i < 200; i++) table.add([filler(i).replaceAll('zw', 'yq')], 'sv')
  const clumpingOf = measureClumping(table)
  expect(clumpingOf(numberOf(table, 'plain'))).toBe(0)
  expect(clumpingOf(numberOf(table, 'heavy'))).toBeGreaterThan(1)
  const alone = mixedTable('en')
  expect(clumpingOf(numberOf(table, 'heavy'))).toBeCloseTo(measureClumping(alone)(numberOf(alone, 'heavy')))
})
