import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type ChunkOptions, chunkDocument, defaultChunkOptions } from '../../src/chunk/chunk-document.js'
import { estimateTokens } from '../../src/text/estimate-tokens.js'
import type { Block, Chunk, Extracted, Location } from '../../src/types.js'
import { expectNoSplitPair } from '../text/surrogates.js'
import {
  anyMarkdown,
  anyOptions,
  countNewlines,
  documentOf,
  readMarkdown,
  sectionedMarkdown,
} from './documents.js'

/** Checks a property of the chunks of many documents, cut in many ways. */
async function forAny(
  markdown: fc.Arbitrary<string>,
  check: (document: Extracted, chunks: readonly Chunk[], options: ChunkOptions) => void,
  options: fc.Arbitrary<ChunkOptions> = anyOptions,
): Promise<void> {
  await fc.assert(
    fc.asyncProperty(markdown, options, async (source, chosen) => {
      const document = await readMarkdown(source)
      check(document, chunkDocument(document, chosen), chosen)
    }),
    { numRuns: 70 },
  )
}

const noJoining = anyOptions.map((options) => ({ ...options, minTokens: 0 }))
const isTouchedBy = (chunk: Chunk) => (block: Block) => block.start < chunk.end && block.end > chunk.start
const textsOf = (chunks: readonly Chunk[]) => chunks.map((chunk) => chunk.text)

/** The headings above each block, the block's own included, worked out anew. */
function headingPaths({ blocks }: Extracted): Map<Block, string[]> {
  const open: (string | undefined)[] = []
  return new Map(
    blocks.map((block) => {
      if (block.level !== undefined) {
        open.length = block.level - 1
        open[block.level - 1] = block.heading
      }
      return [block, open.flatMap((heading) => heading ?? [])]
    }),
  )
}

/** A block's place without white space around it, as a passage would hold it. */
function trimmed({ text }: Extracted, block: Block): { start: number; end: number } {
  const slice = text.slice(block.start, block.end)
  const start = block.start + slice.length - slice.trimStart().length
  return { start, end: start + slice.trim().length }
}

describe('the passages of any document', () => {
  test('are slices of its text, numbered from 0, in order, with nothing blank around them', async () => {
    await forAny(anyMarkdown, ({ text }, chunks) => {
      chunks.forEach((chunk, i) => {
        expect(chunk.ordinal).toBe(i)
        expect(chunk.text).toBe(text.slice(chunk.start, chunk.end))
        expect(chunk.text).toBe(chunk.text.trim())
        expect(chunk.text).not.toBe('')
        expect(chunk.tokens).toBe(estimateTokens(chunk.text))
        expect(chunk.start).toBeGreaterThan(chunks[i - 1]?.start ?? -1)
        expect(chunk.end).toBeGreaterThan(chunks[i - 1]?.end ?? 0)
      })
    })
  })

  test('hold every word of every block', async () => {
    await forAny(anyMarkdown, ({ text, blocks }, chunks) => {
      const isHeld = new Uint8Array(text.length)
      for (const { start, end } of chunks) isHeld.fill(1, start, end)
      for (const { start, end } of blocks) {
        for (let at = start; at < end; at++) {
          if (isHeld[at] === 0 && text.charAt(at).trim() !== '')
            expect.fail(`character ${at} is in no passage`)
        }
      }
    })
  })

  test('are never longer than they may be', async () => {
    await forAny(anyMarkdown, (_, chunks, { maxTokens }) => {
      for (const { tokens } of chunks) expect(tokens).toBeLessThanOrEqual(maxTokens)
    })
  })

  test('neither begin nor end within a surrogate pair', async () => {
    await forAny(anyMarkdown, ({ text }, chunks) => {
      for (const { start, end } of chunks) {
        expectNoSplitPair(text, start)
        expectNoSplitPair(text, end)
      }
    })
  })

  test('hold a code fence or table that fits whole or not at all', async () => {
    await forAny(anyMarkdown, (document, chunks, { maxTokens }) => {
      const fitting = document.blocks
        .filter(({ kind }) => kind === 'code' || kind === 'table')
        .map((block) => trimmed(document, block))
        .filter(({ start, end }) => estimateTokens(document.text.slice(start, end)) < maxTokens)
      for (const { start, end } of fitting) {
        for (const chunk of chunks.filter((one) => one.start < end && one.end > start)) {
          expect(chunk.start).toBeLessThanOrEqual(start)
          expect(chunk.end).toBeGreaterThanOrEqual(end)
        }
      }
    })
  })

  test('are located at the very lines of the file they come from', async () => {
    await forAny(anyMarkdown, ({ text }, chunks) => {
      for (const { start, end, location } of chunks) {
        expect(location).toMatchObject({
          kind: 'lines',
          start: countNewlines(text.slice(0, start)) + 1,
          end: countNewlines(text.slice(0, end)) + 1,
        })
      }
    })
  })

  test('stand under headings that all their text stands under', async () => {
    await forAny(anyMarkdown, (document, chunks) => {
      const paths = headingPaths(document)
      for (const chunk of chunks) {
        for (const block of document.blocks
          .filter(isTouchedBy(chunk))
          .filter((one) => one.kind !== 'heading'))
          expect(paths.get(block)?.slice(0, chunk.headings.length)).toEqual(chunk.headings)
        expect(chunk.location.heading).toBe(chunk.headings.at(-1))
      }
    })
  })

  test('have their exact heading path and share nothing across sections when none are joined', async () => {
    await forAny(
      sectionedMarkdown,
      (document, chunks) => {
        const paths = headingPaths(document)
        chunks.forEach((chunk, i) => {
          const touched = document.blocks.filter(isTouchedBy(chunk))
          for (const block of touched) expect(paths.get(block)).toEqual(chunk.headings)
          // A heading begins a passage or is in none: it is never repeated from the passage before.
          for (const block of touched.filter(({ kind }) => kind === 'heading')) {
            expect(block.start).toBe(chunk.start)
            expect(chunks[i - 1]?.end ?? 0).toBeLessThanOrEqual(block.start)
          }
        })
      },
      noJoining,
    )
  })

  test('repeat at most the overlap', async () => {
    await forAny(anyMarkdown, ({ text }, chunks, { overlapTokens }) => {
      chunks.forEach((chunk, i) => {
        const repeated = text.slice(chunk.start, Math.max(chunk.start, chunks[i - 1]?.end ?? 0))
        expect(estimateTokens(repeated)).toBeLessThanOrEqual(overlapTokens)
      })
    })
  })
})

describe('overlap', () => {
  // 15 tokens each: two make up to half of the overlap's 40, the third would pass it.
  const sentences = Array.from(
    { length: 60 },
    (_, i) => `Sentence ${i + 100} tells of a walrus and its many keys.`,
  )
  const options = { targetTokens: 100, maxTokens: 150, overlapTokens: 40, minTokens: 20 }

  test('each passage of a long section begins with the last sentences of the one before', async () => {
    const chunks = chunkDocument(await readMarkdown(`# Keys\n\n${sentences.join(' ')}`), options)
    expect(chunks.length).toBeGreaterThan(5)
    for (const [i, { text }] of chunks.slice(1).entries()) {
      const beginning = text.slice(0, text.indexOf('.') + 1)
      expect(sentences).toContain(beginning)
      const previous = chunks[i]?.text ?? ''
      const repeated = previous.slice(previous.indexOf(beginning))
      expect(previous).toContain(beginning)
      expect(text.startsWith(repeated)).toBe(true)
      expect(estimateTokens(repeated)).toBeGreaterThan(20)
    }
  })

  test('is absent when it is 0', async () => {
    const chunks = chunkDocument(await readMarkdown(sentences.join(' ')), { ...options, overlapTokens: 0 })
    expect(textsOf(chunks).join(' ')).toBe(sentences.join(' '))
  })

  test('is absent between sections', async () => {
    const source = ['One', 'Two', 'Three'].map((name) => `# ${name}\n\n${sentences.join(' ')}`).join('\n\n')
    const chunks = chunkDocument(await readMarkdown(source), options)
    for (const name of ['One', 'Two', 'Three']) {
      const [first, ...others] = chunks.filter(({ headings }) => headings[0] === name)
      expect(first?.text.startsWith(`# ${name}\n\nSentence 100 tells`)).toBe(true)
      expect(others.filter(({ text }) => text.includes('#'))).toEqual([])
    }
  })

  test('yields to a unit that needs the room', () => {
    const row = `| ${'cell '.repeat(130)}|`
    const document = documentOf([
      { text: 'A short word first. And one more.' },
      { text: row, kind: 'table' },
      { text: 'A short word last.' },
    ])
    const maxTokens = estimateTokens(row) + 2
    const chunks = chunkDocument(document, {
      targetTokens: 20,
      maxTokens,
      overlapTokens: 40,
      minTokens: 0,
    })
    expect(textsOf(chunks)).toEqual(['A short word first. And one more.', row, 'A short word last.'])
  })
})

describe('small sections', () => {
  const long = 'Walruses use two keys for the gate. '.repeat(20).trim()

  test('are joined with the following ones under the headings they share', async () => {
    const source = '# Book\n\n## A\n\nShort.\n\n### Deep\n\nShorter.\n\n## B\n\nShort too.'
    const [chunk, ...others] = chunkDocument(await readMarkdown(source))
    expect(others).toEqual([])
    expect(chunk?.text).toBe(source)
    expect(chunk?.headings).toEqual(['Book'])
    expect(chunk?.location).toEqual({ kind: 'lines', start: 1, end: 13, heading: 'Book' })
  })

  test.each<[string, (n: number) => Location]>([
    ['slides', (n) => ({ kind: 'slide', n })],
    ['cells', (n) => ({ kind: 'cell', n })],
    ['sheets', (n) => ({ kind: 'sheet', name: `S${n}`, rows: [1, 1] })],
  ])('are not joined across %s, with or without headings', (_, place) => {
    const heading = { kind: 'heading', level: 1 } as const
    const document = documentOf([
      { text: 'Only a title', ...heading, heading: 'Only a title', location: place(1) },
      { text: 'Two', ...heading, heading: 'Two', location: place(2) },
      { text: 'short', location: place(2) },
      { text: 'of its own', location: place(3) },
      { text: 'and more', location: place(3) },
    ])
    expect(chunkDocument(document).map(({ text, location }) => [text, { ...location, heading: '' }])).toEqual(
      [
        ['Only a title', { ...place(1), heading: '' }],
        ['Two\n\nshort', { ...place(2), heading: '' }],
        ['of its own\n\nand more', { ...place(3), heading: '' }],
      ],
    )
  })

  test('have no heading in common across top-level sections', async () => {
    const [chunk] = chunkDocument(await readMarkdown('# A\n\nShort.\n\n# B\n\nShort too.'))
    expect(chunk?.headings).toEqual([])
    expect(chunk?.location).toEqual({ kind: 'lines', start: 1, end: 7 })
  })

  test('stay alone when the next one does not fit', async () => {
    const chunks = chunkDocument(await readMarkdown(`# A\n\nShort.\n\n# B\n\n${long}`), {
      targetTokens: 205,
      maxTokens: 205,
      overlapTokens: 0,
      minTokens: 50,
    })
    expect(chunks.map(({ headings }) => headings)).toEqual([['A'], ['B']])
  })

  test('of at least the least size stay alone', async () => {
    const source = `# A\n\n${long}\n\n# B\n\n${long}`
    const chunks = chunkDocument(await readMarkdown(source))
    expect(chunks.map(({ headings }) => headings)).toEqual([['A'], ['B']])
  })

  test('a heading without text belongs to the section below it', async () => {
    const source = `# Book\n\n## Chapter\n\n${long}`
    const [chunk, ...others] = chunkDocument(await readMarkdown(source), {
      ...defaultChunkOptions,
      minTokens: 0,
    })
    expect(others).toEqual([])
    expect(chunk?.headings).toEqual(['Book', 'Chapter'])
    expect(chunk?.text.startsWith('# Book\n\n## Chapter')).toBe(true)
  })
})

describe('headings', () => {
  const text = 'Some words about the gate.'
  const options = { targetTokens: 100, maxTokens: 100, overlapTokens: 0, minTokens: 0 }

  test('a deeper one is added, one of the same or a higher level ends those below', async () => {
    const titles = ['# A', '## B', '### C', '## D', '#### E', '### F', '# G']
    const source = titles.map((title) => `${title}\n\n${text}`).join('\n\n')
    expect(
      chunkDocument(await readMarkdown(source), options).map(({ headings }) => headings.join('/')),
    ).toEqual(['A', 'A/B', 'A/B/C', 'A/D', 'A/D/E', 'A/D/F', 'G'])
  })

  test('text before the first one stands under none', async () => {
    const [chunk] = chunkDocument(await readMarkdown(`${text}\n\n# A\n\n${text}`), options)
    expect(chunk?.headings).toEqual([])
    expect(chunk?.location).toEqual({ kind: 'lines', start: 1, end: 1 })
  })

  test('carry their words without markup; without words of their own, the block’s text', () => {
    const document = documentOf([
      { kind: 'heading', text: '# *The* gate', level: 1, heading: 'The gate' },
      { text },
      { kind: 'heading', text: 'Unnamed ' },
      { text },
    ])
    expect(chunkDocument(document, options).map(({ headings }) => headings)).toEqual([
      ['The gate'],
      ['Unnamed'],
    ])
  })
})

describe('code and tables', () => {
  const options = { targetTokens: 60, maxTokens: 60, overlapTokens: 10, minTokens: 0 }

  test('that do not fit are cut between lines', async () => {
    const lines = Array.from({ length: 40 }, (_, i) => `const key${i} = openTheGate(${i})`)
    const chunks = chunkDocument(await readMarkdown(['```', ...lines, '```'].join('\n')), options)
    expect(chunks.length).toBeGreaterThan(3)
    const cut = textsOf(chunks).flatMap((text) => text.split('\n'))
    expect(cut.filter((line) => line !== '```' && !lines.includes(line))).toEqual([])
  })

  test('rows longer than a passage are cut within', async () => {
    const row = `| ${'cell and more '.repeat(60)} |`
    const chunks = chunkDocument(await readMarkdown(`| a |\n|---|\n${row}`), options)
    expect(chunks.length).toBeGreaterThan(3)
    for (const { tokens } of chunks) expect(tokens).toBeLessThanOrEqual(60)
  })
})

describe('what no block holds', () => {
  test('is counted, so that a long comment does not swell the passage', async () => {
    const comment = `<!-- ${'left out '.repeat(2_000)} -->`
    const chunks = chunkDocument(await readMarkdown(`First words.\n\n${comment}\n\nLast words.`))
    expect(textsOf(chunks)).toEqual(['First words.', 'Last words.'])
  })

  test('counts with the blank lines between many small blocks', () => {
    const document = documentOf(Array.from({ length: 100 }, () => ({ text: 'x'.repeat(38) })))
    const chunks = chunkDocument(document)
    expect(Math.max(...chunks.map(({ tokens }) => tokens))).toBeLessThanOrEqual(defaultChunkOptions.maxTokens)
    expect(chunks).toHaveLength(6)
  })
})

describe('a document without words', () => {
  test('has no passages', () => {
    expect(chunkDocument({ text: '', blocks: [], metadata: {}, type: 'text/plain' })).toEqual([])
    expect(chunkDocument(documentOf([{ text: ' \n\t' }]))).toEqual([])
  })
})

describe('the work for a large document', () => {
  /** Reads of blocks and steps through text while an action runs; the clock has no part in it. */
  function countSteps(action: () => void): number {
    const { charCodeAt, indexOf } = String.prototype
    let steps = 0
    String.prototype.charCodeAt = function (at) {
      steps++
      return charCodeAt.call(this, at)
    }
    String.prototype.indexOf = function (...search) {
      steps++
      return indexOf.apply(this, search)
    }
    try {
      action()
    } finally {
      Object.assign(String.prototype, { charCodeAt, indexOf })
    }
    return steps
  }

  function stepsFor(document: Extracted): number {
    let reads = 0
    const blocks = document.blocks.map(
      (block) =>
        new Proxy(block, {
          get: (target, name) => {
            reads++
            return Reflect.get(target, name)
          },
        }),
    )
    return countSteps(() => chunkDocument({ ...document, blocks })) + reads
  }

  const repeat = (piece: string, times: number) => Array.from({ length: times }, () => piece)
  const kinds: readonly (readonly [string, (size: number) => Extracted])[] = [
    [
      'paragraphs',
      (size) => documentOf(repeat('A walrus came by and opened it.', size).map((text) => ({ text }))),
    ],
    [
      'one list',
      (size) => documentOf([{ kind: 'list', text: repeat('- a walrus with a key', size).join('\n') }]),
    ],
    [
      'one code fence',
      (size) => documentOf([{ kind: 'code', text: repeat('open(gate, key)', size).join('\n') }]),
    ],
    [
      'sections',
      (size) => documentOf(repeat('Gate', size).map((text) => ({ kind: 'heading', text, level: 1 }))),
    ],
    ['one sentence', (size) => documentOf([{ text: repeat('and a walrus', size).join(' ') }])],
    ['one line without blanks', (size) => documentOf([{ text: repeat('walrus🦭', size).join('') }])],
    ['abbreviations', (size) => documentOf([{ text: repeat('Dr. Prof. Mr.', size).join(' ') }])],
  ]

  test.each(kinds)('doubles with the document: %s', (_, make) => {
    const single = stepsFor(make(1_000))
    const double = stepsFor(make(2_000))
    expect(double / single).toBeGreaterThan(1.8)
    expect(double / single).toBeLessThan(2.3)
  })

  test.each(['x', '漢', '🦭', 'а'])(
    'a megabyte of %s without a blank ends, and nothing is lost',
    (letter) => {
      const text = letter.repeat(1_000_000 / letter.length)
      const chunks = chunkDocument(documentOf([{ text }]))
      expect(chunks.length).toBeGreaterThan(500)
      expect(textsOf(chunks).join('')).toBe(text)
    },
  )
})
