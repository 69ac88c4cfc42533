import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { splitPassage } from '../../src/text/split-passage.js'
import { expectNoSplitPair } from './surrogates.js'

const partsOf = (passage: string) =>
  splitPassage(passage).map(({ kind, start, end }) => `${kind}: ${passage.slice(start, end).trim()}`)

test('a day that a line begins with opens no entry of a list', () => {
  expect(partsOf('Der Bericht ist fällig bis zum\n28. Juni, und die Zahlung danach.')).toHaveLength(1)
  expect(partsOf('Noch zu tun ist\n28. Wachsen der Ski')[0]).toBe('sentence: Noch zu tun ist')
})

describe('headings', () => {
  test('marked with #', () => {
    expect(partsOf('## Two keys\nWalruses use them.')).toEqual([
      'heading: ## Two keys',
      'sentence: Walruses use them.',
    ])
  })

  test('underlined', () => {
    expect(partsOf('Two keys\n========\nText.\n\nMore\n----\nLast.')).toEqual([
      'heading: Two keys',
      'sentence: Text.',
      'heading: More',
      'sentence: Last.',
    ])
  })

  test('in capitals, alone on their line', () => {
    expect(partsOf('TWO KEYS\n\nWalruses use them.')).toEqual([
      'heading: TWO KEYS',
      'sentence: Walruses use them.',
    ])
    expect(partsOf('ÜBER UNS\n\nText.')[0]).toBe('heading: ÜBER UNS')
  })

  test.each([
    ['capitals within a paragraph', 'Text before\nNASA AND ESA\nand after.'],
    ['digits alone', '2024\n\nText.'],
    ['# without a blank', '#tag is here'],
    ['seven #', '####### no'],
    ['capitals as long as a paragraph', `${'LOUD WORDS '.repeat(8)}\n\nText.`],
    ['Chinese', '海象\n\nText.'],
  ])('not %s', (_, passage) => {
    expect(partsOf(passage).filter((part) => part.startsWith('heading'))).toEqual([])
  })
})

describe('table rows', () => {
  test('are parts of their own; rules are none', () => {
    expect(partsOf('| Key | Opens |\n|---|:--:|\n| A | gate. Really |\nText after.')).toEqual([
      'row: | Key | Opens |',
      'row: | A | gate. Really |',
      'sentence: Text after.',
    ])
  })

  test('may lack the outer bars', () => {
    expect(partsOf('Key | Opens\n--- | ---\nA | gate')).toEqual(['row: Key | Opens', 'row: A | gate'])
  })
})

describe('code', () => {
  const fenced = '```sh\n# install\ncat a | wc\n```\nText | more\n'

  test('has no headings and rows', () => {
    expect(partsOf(fenced)).toEqual(['code: # install\ncat a | wc', 'row: Text | more'])
  })

  test('that a passage begins in ends at its first fence', () => {
    const rest = fenced.slice(fenced.indexOf('cat'))
    expect(partsOf(rest)).toEqual(['code: cat a | wc', 'row: Text | more'])
    expect(partsOf(`One.\n${fenced.replace('\n```\n', '\n')}`).map((part) => part.split(':')[0])).toEqual([
      'sentence',
      'code',
    ])
  })

  test.each([
    ['a sentence', 'Prose before.\n```\nx = 1\ny = 2'],
    ['what announces it, with code', 'Set `a=1` as in:\n~~~\nx = 1\ny = 2'],
    ['Chinese', '如下：\n```\nx = 1\ny = 2'],
    ['a heading', '## Set up\n```\nx = 1\ny = 2'],
    ['a blank line', 'as said before\n\n```\nx = 1\ny = 2'],
    ['other code', 'Prose before.\n\n```\nz\n```\n\nMore:\n```\nx = 1\ny = 2'],
  ])('that a passage ends in begins behind %s', (_, passage) => {
    const parts = partsOf(passage)
    expect(parts.at(-1)).toBe('code: x = 1\ny = 2')
    expect(parts[0]).toMatch(/^(?:sentence|heading): /)
  })

  test('may be all of a passage, which ends in it', () => {
    expect(partsOf('\n```\nx = 1\ny = 2')).toEqual(['code: x = 1\ny = 2'])
  })

  test.each(['x = 1', '  run(a, b);', 'Read 3 of 3 files.'])(
    'that a passage begins in, up to %j, ends before a blank line',
    (last) => {
      expect(partsOf(`# all\n${last}\n\`\`\`\n\n# Heating\nProse | behind.`)).toEqual([
        expect.stringMatching(/^code: # all/),
        'heading: # Heating',
        'row: Prose | behind.',
      ])
    },
  )

  test('within a line that begins with three backticks opens no fence', () => {
    expect(partsOf('```npm ci``` sets it up.\n\n# Heating\n\nThe boiler | is | old.')).toEqual([
      'sentence: ```npm ci``` sets it up.',
      'heading: # Heating',
      'row: The boiler | is | old.',
    ])
  })

  test('within a line makes no row of it', () => {
    expect(partsOf('It is `string | number` here')).toEqual(['sentence: It is `string | number` here'])
    expect(partsOf('It is `string` | number')).toEqual(['row: It is `string` | number'])
    expect(partsOf('| `string | number` | x |')).toEqual(['row: | `string | number` | x |'])
  })
})

describe('sentences', () => {
  test('run over the lines of a paragraph', () => {
    const passage = 'Walruses use\ntwo keys. One\nis spare.'
    expect(partsOf(passage)).toEqual(['sentence: Walruses use\ntwo keys.', 'sentence: One\nis spare.'])
  })

  test('do not run over a blank line, a rule or a fence', () => {
    expect(partsOf('One\n\ntwo\n***\nthree\n```\nfour\n```\nfive')).toEqual([
      ...['One', 'two', 'three'].map((word) => `sentence: ${word}`),
      'code: four',
      'sentence: five',
    ])
  })

  test.each(['-', '*', '+', '•', '1.', '23)', '>'])('begin anew at a list item marked %s', (marker) => {
    expect(partsOf(`Bring:\n${marker} one key\n  that fits\n${marker} a coat`)).toEqual([
      'sentence: Bring:',
      `sentence: ${marker} one key\n  that fits`,
      `sentence: ${marker} a coat`,
    ])
  })

  test.each([
    'The decorated [Fastify\nserver](./Server.md) is passed.',
    'Call `read(). Then` or open ../Server.md, ./Foo, .NET and list[0].First.',
    'See https://example.org/Some.Page?X=Y for <a title="One. Two">more</a>.',
    'So it was said.[^1]',
    '**Lantern.**',
    '> quoted over\n> two lines.',
  ])('end within no link, code, address, name, tag or mark: %j', (sentence) => {
    expect(partsOf(`${sentence} Next one.`)).toEqual([`sentence: ${sentence}`, 'sentence: Next one.'])
  })

  test('of a passage of blank lines and rules are none', () => {
    expect(splitPassage('')).toEqual([])
    expect(splitPassage('\n \n---\n\n=====\n')).toEqual([])
  })
})

describe('any passage', () => {
  const line = fc.oneof(
    fc.constantFrom(
      '# Head',
      'HEAD',
      '===',
      '---',
      '| a | b |',
      '|---|---|',
      'a | b',
      '- item',
      '2. item',
      '```',
      '```npm ci``` sets it up.',
      '',
    ),
    fc.constantFrom('A sentence. Another one', 'that goes on', '  indented 🦭🦭.', '海象。它们', '\t'),
    fc.string({ unit: 'binary', maxLength: 30 }).map((text) => text.replaceAll('\n', ' ')),
  )
  const passage = fc.array(line, { maxLength: 20 }).map((lines) => lines.join('\n'))

  test('has parts in order and apart, not blank, none of which cuts a pair', () => {
    fc.assert(
      fc.property(passage, (text) => {
        let at = 0
        for (const { start, end } of splitPassage(text)) {
          expect(start).toBeGreaterThanOrEqual(at)
          expect(text.slice(start, end).trim()).not.toBe('')
          expectNoSplitPair(text, start)
          expectNoSplitPair(text, end)
          at = end
        }
        expect(at).toBeLessThanOrEqual(text.length)
      }),
      { numRuns: 150 },
    )
  })

  test('loses no letter outside fences', () => {
    fc.assert(
      fc.property(passage, (text) => {
        const isFence = (one: string) => /^\s*(?:`{3,}[^`]*$|~{3,})/.test(one)
        const letters = (from: string) => from.replace(/[^\p{L}\p{N}]/gu, '')
        const kept = splitPassage(text).map(({ start, end }) => text.slice(start, end))
        const wanted = text.split('\n').filter((one) => !isFence(one))
        expect(letters(kept.join(''))).toBe(letters(wanted.join('')))
      }),
      { numRuns: 150 },
    )
  })

  test('has headings and rows that are whole lines', () => {
    fc.assert(
      fc.property(passage, (text) => {
        const lines = new Set(text.split('\n'))
        for (const { kind, start, end } of splitPassage(text)) {
          if (kind === 'heading' || kind === 'row') expect(lines).toContain(text.slice(start, end))
        }
      }),
    )
  })

  test('may be one line of 200,000 blanks', () => {
    // A backtracking pattern takes the square of that: more than half a minute.
    expect(partsOf(`${' '.repeat(200_000)}x`)).toEqual(['sentence: x'])
  })
})
