import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { passageInContext } from '../../src/search/passage-in-context.js'
import type { Block, Passage } from '../../src/types.js'

function documentOf(...paragraphs: readonly string[]): { text: string; blocks: Block[] } {
  let text = ''
  const blocks = paragraphs.map((paragraph, i): Block => {
    const start = text.length
    text += `${paragraph}\n\n`
    const location = { kind: 'pages', start: i + 1, end: i + 1 } as const
    return { kind: 'text', start, end: start + paragraph.length, location }
  })
  return { text, blocks }
}

function passageOf(start: number, end: number): Passage {
  return { id: 'a-0', start, end, headings: [], location: { kind: 'pages', start: 1, end: 1 } }
}

const words = (n: number) => 'word '.repeat(n).trim()

describe('a passage in its context', () => {
  test('has the whole of a short document around it', () => {
    const document = documentOf('one', 'two', 'three')
    const { before, text, after } = passageInContext(document, passageOf(5, 8))
    expect([before, text, after]).toEqual(['one\n\n', 'two', '\n\nthree\n\n'])
  })

  test('begins and ends with whole blocks where they are short', () => {
    const document = documentOf(words(200), words(140), words(10), words(140), words(200))
    const { start = 0, end = 0 } = document.blocks[2] ?? {}
    const { before, after } = passageInContext(document, passageOf(start, end))
    expect(before).toBe(`${words(140)}\n\n`)
    expect(after).toBe(`\n\n${words(140)}`)
  })

  test('is cut at a word within long blocks', () => {
    const document = documentOf(words(2000), 'here', words(2000))
    const { start = 0, end = 0 } = document.blocks[1] ?? {}
    const { before, after } = passageInContext(document, passageOf(start, end))
    for (const context of [before, after]) {
      expect(context.length).toBeGreaterThan(599)
      expect(context.length).toBeLessThan(1501)
      expect(
        context
          .trim()
          .split(/\s+/)
          .every((word) => word === 'word'),
      ).toBe(true)
    }
  })

  test('is cut at a row within a long table', () => {
    const rows = Array.from({ length: 400 }, (_, i) => `id: ${i} | name: walrus`).join('\n')
    const { before, after } = passageInContext(
      documentOf(rows),
      passageOf(rows.indexOf('id: 200'), rows.indexOf('id: 205')),
    )
    expect(before).toMatch(/^id: /)
    expect(after).toMatch(/walrus$/)
  })

  test('is a stretch of the document, whatever its blocks', () => {
    const paragraph = fc.integer({ min: 1, max: 500 }).map(words)
    fc.assert(
      fc.property(fc.array(paragraph, { minLength: 1, maxLength: 8 }), fc.nat(), fc.nat(), (all, a, b) => {
        const document = documentOf(...all)
        const [start, end] = [a % document.text.length, b % document.text.length].toSorted((x, y) => x - y)
        const found = passageInContext(document, passageOf(start ?? 0, end ?? 0))
        expect(found.text).toBe(document.text.slice(start, end))
        expect(document.text).toContain(found.before + found.text + found.after)
        expect(Math.max(found.before.length, found.after.length)).toBeLessThanOrEqual(1502)
      }),
    )
  })
})
