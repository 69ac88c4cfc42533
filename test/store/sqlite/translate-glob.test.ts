import Database from 'better-sqlite3'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { translateGlob } from '../../../src/store/sqlite/translate-glob.js'
import { compileGlob } from '../../../src/text/match-glob.js'

const database = new Database(':memory:')
let matches: (text: string) => boolean = () => false
let asked = 0
database.function('match_glob', (text) => {
  asked++
  return matches(String(text)) ? 1 : 0
})

/** Which texts match by the condition, and how often it had to ask. */
function evaluate(pattern: string, texts: readonly string[]): { matching: string[]; asked: number } {
  const { sql, values } = translateGlob(pattern)
  const holds = database.prepare(`SELECT ${sql} FROM (SELECT ? AS value)`).pluck()
  matches = compileGlob(pattern)
  asked = 0
  const matching = texts.filter((text) => {
    const bound = [...values, text]
    return holds.get(...bound) === 1
  })
  return { matching, asked }
}

const CHARACTERS = ['a', 'b', '/', '.', '-', 'é', '🦭', '\0', '\n', '\ufffd', '\ufffe', '\uffff']
const WILDCARDS = [
  '*',
  '?',
  '**',
  '**/',
  '/**',
  '[a-b]',
  '[!a]',
  '[',
  ']',
  '{',
  '}',
  ',',
  '{a,/}',
  '\\',
  '!',
  '^',
]
const text = fc.string({ unit: fc.constantFrom(...CHARACTERS, '*', '?', '['), maxLength: 8 })
const pattern = fc
  .array(fc.constantFrom(...CHARACTERS, ...WILDCARDS, ...WILDCARDS), { maxLength: 8 })
  .map((parts) => parts.join(''))

describe('translateGlob', () => {
  test('its condition holds for the texts that match the glob, and for no others', () => {
    fc.assert(
      fc.property(pattern, fc.array(text, { minLength: 20, maxLength: 20 }), (glob, texts) => {
        expect(evaluate(glob, texts).matching).toEqual(texts.filter(compileGlob(glob)))
      }),
      { numRuns: 3_000 },
    )
  })

  test('the same for paths, most of which match', () => {
    const paths = fc.string({ unit: fc.constantFrom('a', 'b', '/', '/'), maxLength: 8 })
    const glob = fc
      .array(fc.constantFrom('a', 'b', '/', '?', '*', '**', '**/', '/**/', '{a,b/}', '[ab]'), {
        maxLength: 7,
      })
      .map((parts) => parts.join(''))
    fc.assert(
      fc.property(glob, fc.array(paths, { minLength: 20, maxLength: 20 }), (glob, texts) => {
        expect(evaluate(glob, texts).matching).toEqual(texts.filter(compileGlob(glob)))
      }),
      { numRuns: 3_000 },
    )
  })

  test.each([
    ['docs/**', ['docs/a.md', 'docs/b/c.md'], ['docs', 'a/docs/b']],
    ['**/*.md', ['a.md', 'x/y/a.md', '/.md'], ['a.txt']],
    ['*title*', ['a title', 'title'], ['a/title', 'other']],
    ['docs/*.{md,txt}', ['docs/a.md', 'docs/b.txt'], ['docs/b/a.md', 'a/docs/b.md', 'docs/a.pdf']],
    ['**/part/?.md', ['part/a.md', 'x/part/a.md', '/part/a.md'], ['apart/a.md', 'part/ab.md']],
    ['a\\*[', ['a*['], ['ab[', 'a']],
    ['', [''], ['a']],
  ])('%s is told by SQLite alone', (glob, matching, others) => {
    expect(evaluate(glob, [...matching, ...others])).toEqual({ matching, asked: 0 })
  })

  test('patterns that are too much for SQLite are left to the glob', () => {
    const many = [`${'*a'.repeat(600)}`, '**/a/'.repeat(50), '{a,b}'.repeat(5), 'a\ud800', 'a\0']
    for (const glob of many) expect(translateGlob(glob)).toEqual({ sql: 'match_glob(value)', values: [] })
  })
})
