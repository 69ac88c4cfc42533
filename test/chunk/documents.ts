import fc from 'fast-check'
import type { ChunkOptions } from '../../src/chunk/chunk-document.js'
import { markdownExtractor } from '../../src/extract/markdown/markdown.js'
import type { Block, BlockKind, Extracted, Location } from '../../src/types.js'
import { bytesOf, extractedOf, limits } from '../extract/expect-sound.js'

/** What the Markdown extractor makes of a source; its text is the source. */
export async function readMarkdown(source: string): Promise<Extracted> {
  return extractedOf(await markdownExtractor.extract(bytesOf(source), { name: 'a.md', limits }))
}

/** A hand-made block: what it holds, and what it is. Blocks are set apart by a blank line. */
export type Piece = Partial<Pick<Block, 'kind' | 'location' | 'level' | 'heading'>> & {
  readonly text: string
}

/** A document of these pieces; locations are the lines they stand on unless they are given. */
export function documentOf(pieces: readonly Piece[]): Extracted {
  let text = ''
  const blocks = pieces.map(({ text: piece, kind = 'text', location, level, heading }) => {
    const start = text.length
    const block = {
      kind,
      start,
      end: start + piece.length,
      location: location ?? linesOf(text, piece),
      ...(level === undefined ? {} : { level }),
      ...(heading === undefined ? {} : { heading }),
    }
    text += `${piece}\n\n`
    return block
  })
  return { text, blocks, metadata: {}, type: 'text/plain' }
}

function linesOf(before: string, piece: string): Location {
  const start = countNewlines(before) + 1
  return { kind: 'lines', start, end: start + countNewlines(piece) }
}

export function countNewlines(text: string): number {
  return text.split('\n').length - 1
}

export function blockOf(text: string, kind: BlockKind): Block {
  return { kind, start: 0, end: text.length, location: linesOf('', text) }
}

const word = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom('walrus', 'keys', 'the', 'of', 'gate', 'Dr.', 'e.g.', 'x', '42%') },
  { weight: 1, arbitrary: fc.constantFrom('Straße', 'договор', 'مدرسة', '海象吃蛤蜊', 'นโยบาย', '한국어') },
  { weight: 1, arbitrary: fc.constantFrom('🦭', '👩‍👩‍👧‍👦', '𐌰𐌱𐌲', 'e\u0301', '\u00a0') },
)
const words = (min: number, max: number) =>
  fc.array(word, { minLength: min, maxLength: max }).map((all) => all.join(' '))
const sentence = fc
  .tuple(words(1, 15), fc.constantFrom('.', '!', '?', '。', ''))
  .map(([text, stop]) => `So ${text}${stop}`)
const paragraph = fc
  .tuple(fc.array(sentence, { minLength: 1, maxLength: 12 }), fc.constantFrom(' ', '\n', '  '))
  .map(([sentences, between]) => sentences.join(between))
const list = fc
  .tuple(fc.array(words(1, 12), { minLength: 1, maxLength: 12 }), fc.constantFrom('- ', '1. ', '* '))
  .map(([items, marker]) => items.map((item) => `${marker}an ${item}`).join('\n'))
const table = fc
  .array(fc.tuple(words(1, 4), words(1, 4)), { minLength: 1, maxLength: 15 })
  .map((rows) => ['| a | b |', '|---|---|', ...rows.map(([a, b]) => `| ${a} | ${b} |`)].join('\n'))
const code = fc
  .array(fc.oneof(words(0, 8), fc.constant(''), fc.constant('# no heading')), { maxLength: 15 })
  .map((lines) => ['```js', ...lines.map((line) => `  ${line}`), 'last()', '```'].join('\n'))
const giantLine = fc
  .tuple(fc.constantFrom('x', 'ab,', '🦭', '漢字', 'ก', 'é'), fc.integer({ min: 50, max: 600 }))
  .map(([text, times]) => text.repeat(times))
const leftOut = fc
  .tuple(fc.constantFrom('<!-- %s -->', '[link]: https://example.com/%s'), fc.integer({ min: 1, max: 80 }))
  .map(([pattern, times]) => pattern.replace('%s', 'omitted'.repeat(times)))
const heading = fc
  .tuple(fc.integer({ min: 1, max: 6 }), fc.constantFrom('Keys', 'Gate', 'The 🦭', 'Über uns', '規則'))
  .map(([level, text]) => `${'#'.repeat(level)} ${text}`)
const body = fc.oneof(paragraph, list, table, code, giantLine)

/** Markdown of every kind of block in any order. It begins with a word, so that there is something to read. */
export const anyMarkdown: fc.Arbitrary<string> = fc
  .array(fc.oneof({ weight: 3, arbitrary: body }, heading, leftOut), { minLength: 1, maxLength: 14 })
  .map((pieces) => ['Start.', ...pieces].join('\n\n'))

/** Markdown in which some text follows every heading. */
export const sectionedMarkdown: fc.Arbitrary<string> = fc
  .array(fc.tuple(heading, fc.array(body, { minLength: 1, maxLength: 5 })), { minLength: 1, maxLength: 6 })
  .map((sections) => sections.map(([title, bodies]) => [title, ...bodies].join('\n\n')).join('\n\n'))

export const anyOptions: fc.Arbitrary<ChunkOptions> = fc
  .tuple(fc.integer({ min: 8, max: 200 }), fc.integer({ min: 0, max: 40 }), fc.integer({ min: 0, max: 60 }))
  .map(([maxTokens, overlapTokens, minTokens]) => ({
    targetTokens: Math.ceil(maxTokens * 0.6),
    maxTokens,
    overlapTokens,
    minTokens,
  }))
