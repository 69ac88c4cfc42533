import { expect } from 'vitest'
import { isSkipped, type Skipped } from '../../src/extract/extractor.js'
import type { Block, Extracted } from '../../src/types.js'

/** The result, when it must be one that was read. */
export function extractedOf(result: Extracted | Skipped): Extracted {
  if (isSkipped(result)) throw new Error(`skipped as ${result.skipped}: ${result.message}`)
  return result
}

/** What every extraction keeps to: blocks in order, apart, within the text, not blank, located, headings with their words. */
export function expectSound({ text, blocks }: Extracted): void {
  let end = 0
  for (const block of blocks) {
    expect(block.start).toBeGreaterThanOrEqual(end)
    expect(block.end).toBeGreaterThan(block.start)
    expect(text.slice(block.start, block.end).trim()).not.toBe('')
    expectLocated(block)
    if (block.kind === 'heading') expectHeading(block, text)
    end = block.end
  }
  expect(end).toBeLessThanOrEqual(text.length)
}

function expectLocated({ location }: Block): void {
  if (location.kind !== 'lines') return
  expect(location.start).toBeGreaterThanOrEqual(1)
  expect(location.end).toBeGreaterThanOrEqual(location.start)
}

function expectHeading(block: Block, text: string): void {
  expect(block.level).toBeGreaterThanOrEqual(1)
  expect(block.level).toBeLessThanOrEqual(6)
  expect(block.heading?.trim()).toBeTruthy()
  // Markup may stand within a word, so the letters are looked for in order and not in a row.
  const source = text.slice(block.start, block.end)
  let at = 0
  for (const letter of block.heading?.match(/[a-zA-Z]/g) ?? []) {
    at = source.indexOf(letter, at) + 1
    expect(at, `"${letter}" of heading "${block.heading}" in "${source}"`).toBeGreaterThan(0)
  }
}

/** `kind start-end` of each block, lines from 1: a page's structure at a glance. */
export function outline({ blocks }: Extracted): string[] {
  return blocks.map(({ kind, level, location }) => {
    const lines = location.kind === 'lines' ? `${location.start}-${location.end}` : location.kind
    return `${kind}${level ?? ''} ${lines}`
  })
}

export function textOf(extracted: Extracted): string[] {
  return extracted.blocks.map((block) => extracted.text.slice(block.start, block.end))
}

export const limits = { maxChars: 1_000_000 }

export function bytesOf(text: string): Uint8Array {
  return new TextEncoder().encode(text)
}
