import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { splitBlock } from '../../src/chunk/split-block.js'
import { estimateTokens } from '../../src/text/estimate-tokens.js'
import type { BlockKind } from '../../src/types.js'
import { expectNoSplitPair, textWithPairs } from '../text/surrogates.js'
import { blockOf } from './documents.js'

const unitsOf = (text: string, kind: BlockKind, maxTokens: number) =>
  splitBlock(text, blockOf(text, kind), maxTokens).map(({ start, end }) => text.slice(start, end))

describe('splitBlock', () => {
  test('covers any block without gaps, in units that fit, with no pair cut', () => {
    const kind = fc.constantFrom<BlockKind>('heading', 'text', 'list', 'table', 'code')
    fc.assert(
      fc.property(
        textWithPairs({ minLength: 1, maxLength: 200 }),
        kind,
        fc.integer({ min: 1, max: 30 }),
        (text, of, max) => {
          let at = 0
          for (const { start, end, tokens } of splitBlock(text, blockOf(text, of), max)) {
            expect(start).toBe(at)
            expect(end).toBeGreaterThan(start)
            expect(tokens).toBe(estimateTokens(text.slice(start, end)))
            expect(tokens).toBeLessThanOrEqual(max)
            expectNoSplitPair(text, end)
            at = end
          }
          expect(at).toBe(text.length)
        },
      ),
      { numRuns: 150 },
    )
  })

  test('gives offsets of the document, not of the block', () => {
    const text = 'Before. One here. Two here. After.'
    const block = { ...blockOf(text, 'text'), start: 8, end: 27 }
    const units = splitBlock(text, block, 100)
    expect(units.map(({ start, end }) => text.slice(start, end))).toEqual(['One here. ', 'Two here.'])
  })

  test.each<BlockKind>(['code', 'table', 'heading'])('leaves a %s that fits whole', (kind) => {
    const text = 'First. Line\nsecond. Line\n'
    expect(unitsOf(text, kind, estimateTokens(text))).toEqual([text])
    expect(unitsOf(text, kind, estimateTokens(text) - 1).length).toBeGreaterThan(1)
  })

  test.each<BlockKind>(['code', 'table', 'list'])('cuts a %s between lines, not sentences', (kind) => {
    expect(unitsOf('First. Line\nsecond. Line\nthird', kind, 4)).toEqual([
      'First. Line\n',
      'second. Line\n',
      'third',
    ])
  })

  test('cuts text between sentences, even when it would fit', () => {
    expect(unitsOf('First one. Second one.', 'text', 100)).toEqual(['First one. ', 'Second one.'])
  })

  test('cuts a sentence that does not fit at blanks or punctuation', () => {
    const units = unitsOf('walrus key,'.repeat(40), 'text', 10)
    expect(units.length).toBeGreaterThan(5)
    for (const unit of units) expect(unit).toMatch(/[ ,]$/)
  })

  test('cuts a word that does not fit anywhere, as late as possible', () => {
    const units = unitsOf('x'.repeat(100), 'text', 10)
    expect(units.map((unit) => unit.length)).toEqual([38, 38, 24])
  })

  test('keeps a code point whole even when a passage could not hold it', () => {
    expect(unitsOf('🦭🦭', 'text', 0)).toEqual(['🦭', '🦭'])
  })
})
