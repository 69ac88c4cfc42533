import { expect } from 'vitest'
import { type ExtractedFile, isSkipped, type Skipped } from '../../src/extract/extractor.js'
import { defaultExtractLimits } from '../../src/extract/limits.js'
import type { Block, Extracted, Location } from '../../src/types.js'

/** The result, when it must be one that was read. */
export function extractedOf<T extends Extracted>(result: T | Skipped): T {
  if (isSkipped(result)) throw new Error(`skipped as ${result.skipped}: ${result.message}`)
  return result
}

/** The one document of a file, which must be one that was read whole. */
export function documentOf(result: ExtractedFile | Skipped): Extracted {
  if (isSkipped(result)) throw new Error(`skipped as ${result.skipped}: ${result.message}`)
  const [document, ...others] = result.documents
  if (document === undefined || others.length > 0 || result.notices.length > 0)
    throw new Error(`not one whole document: ${JSON.stringify(result)}`)
  return document
}

/** What every extraction keeps to: blocks in order, apart, within the text, not blank, located, headings with their words. */
export function expectSound({ text, blocks }: Extracted): void {
  let end = 0
  for (const block of blocks) {
    expect(block.start).toBeGreaterThanOrEqual(end)
    expectLocated(block)
    if (block.kind === 'heading' && block.start === block.end) expectName(block)
    else {
      expect(text.slice(block.start, block.end).trim()).not.toBe('')
      if (block.kind === 'heading') expectHeading(block, text)
    }
    end = block.end
  }
  expect(end).toBeLessThanOrEqual(text.length)
}

function expectLocated({ location }: Block): void {
  const [first, last] = spanOf(location)
  expect(first).toBeGreaterThanOrEqual(1)
  expect(last).toBeGreaterThanOrEqual(first)
}

function spanOf(location: Location): readonly [number, number] {
  if (location.kind === 'lines' || location.kind === 'pages') return [location.start, location.end]
  if (location.kind === 'sheet') return location.rows
  return location.kind === 'section' ? [1, 1] : [location.n, location.n]
}

/** A heading whose words do not stand in the text. */
function expectName({ level, heading }: Block): void {
  expect(level).toBeGreaterThanOrEqual(1)
  expect(level).toBeLessThanOrEqual(6)
  expect(heading?.trim()).toBeTruthy()
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

export const limits = { ...defaultExtractLimits, maxChars: 1_000_000 }

export function bytesOf(text: string): Uint8Array {
  return new TextEncoder().encode(text)
}
