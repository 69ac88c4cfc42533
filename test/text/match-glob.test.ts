import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { compileGlob } from '../../src/text/match-glob.js'

const matchGlob = (pattern: string, text: string) => compileGlob(pattern)(text)

describe('compileGlob', () => {
  test.each([
    ['docs/*.md', 'docs/a.md', true],
    ['docs/*.md', 'docs/deep/a.md', false],
    ['docs/**', 'docs/deep/a.md', true],
    ['docs/**', 'docs', false],
    ['**/a.md', 'a.md', true],
    ['**/a.md', 'x/y/a.md', true],
    ['**/a.md', 'x/ya.md', false],
    ['**/a.md', '/x/a.md', true],
    ['docs/**/a.md', 'docs/a.md', true],
    ['docs/**/a.md', 'docs/x/y/a.md', true],
    ['?.md', 'a.md', true],
    ['?.md', '/.md', false],
    ['[abc].md', 'b.md', true],
    ['[a-c].md', 'd.md', false],
    ['[!a-c].md', 'd.md', true],
    ['*.{md,txt}', 'a.txt', true],
    ['*.{md,txt}', 'a.pdf', false],
    ['{a,b{c,d}}', 'bd', true],
    ['a\\*b', 'a*b', true],
    ['a\\*b', 'axb', false],
    ['[', '[', true],
    ['{a}', '{a}', true],
    ['🦭?', '🦭🦭', true],
    ['', '', true],
    ['*', '', true],
  ])('%s against %s is %s', (pattern, text, expected) => {
    expect(matchGlob(pattern, text)).toBe(expected)
  })

  test('a text without anything special matches itself alone', () => {
    const plain = fc.string({ unit: fc.constantFrom('a', 'b', '/', '.', 'é') })
    fc.assert(fc.property(plain, plain, (a, b) => matchGlob(a, b) === (a === b)))
  })

  test('what is learnt of one text holds for the next, also when it is more than is remembered', () => {
    const matches = compileGlob('**/{a*b,c}')
    const others = Array.from({ length: 0x7000 }, (_, i) => String.fromCodePoint(0x1000 + i))
    expect(others.filter((other) => !matches(`${other}/a${other}b`))).toEqual([])
    expect(others.filter((other) => matches(`a/${other}b`))).toEqual([])
  })

  test('what is remembered stays small in any alphabet', () => {
    setFlagsFromString('--expose-gc')
    const usedBytes = () => {
      runInNewContext('gc')()
      return process.memoryUsage().heapUsed
    }
    const before = usedBytes()
    // Each way of its letters through the pattern is another state.
    const matchers = Array.from({ length: 8 }, () => compileGlob(`**α${'?'.repeat(12)}`))
    for (const matches of matchers)
      for (let bits = 0; bits < 1_500; bits++)
        matches(bits.toString(2).padStart(11, '0').replaceAll('0', 'α').replaceAll('1', 'ω'))
    expect((usedBytes() - before) / matchers.length).toBeLessThan(2_000_000)
    expect(matchers.map((matches) => matches(`ω${'α'.repeat(13)}`))).toEqual(Array(8).fill(true))
  })

  test('no pattern runs away', () => {
    expect(matchGlob(`${'*a'.repeat(200)}b`, 'a'.repeat(2_000))).toBe(false)
    expect(matchGlob('{a,b}'.repeat(40), 'a'.repeat(40))).toBe(false)
  })
})
