import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { makeSnippet, type Snippet } from '../../src/search/make-snippet.js'
import { analyze } from '../../src/text/analyze.js'
import { isInsidePair } from '../text/surrogates.js'

const MAX_CHARS = 310
const filler = (words: number) => Array.from({ length: words }, (_, i) => `filler${i}`).join(' ')

/** Weights of the terms of these words, each 1 unless given. */
function weigh(words: Readonly<Record<string, number>> | string): Map<string, number> {
  const entries =
    typeof words === 'string' ? words.split(' ').map((word) => [word, 1] as const) : Object.entries(words)
  return new Map(entries.flatMap(([word, weight]) => analyze(word).map(({ term }) => [term, weight])))
}

const highlighted = ({ snippet, highlights }: Snippet) =>
  highlights.map(([start, end]) => snippet.slice(start, end))

describe('a short text', () => {
  test('is given whole, on one line, without ellipses', () => {
    const result = makeSnippet('  The walrus\n\n\tuses   two keys.\n', weigh('walrus key'))
    expect(result.snippet).toBe('The walrus uses two keys.')
    expect(highlighted(result)).toEqual(['walrus', 'keys'])
  })

  test('is given whole also when nothing matched', () => {
    expect(makeSnippet('Two keys.', new Map())).toEqual({ snippet: 'Two keys.', highlights: [] })
    expect(makeSnippet('', weigh('walrus'))).toEqual({ snippet: '', highlights: [] })
  })

  test('has every occurrence highlighted, in whatever form', () => {
    expect(highlighted(makeSnippet('Keys: a KEY, café keys, (Café)', weigh('key cafe')))).toEqual([
      'Keys',
      'KEY',
      'café',
      'keys',
      'Café',
    ])
  })

  test('loses control characters and what cannot be seen', () => {
    const hidden = 'a\u0000b\u001b[31mc\u0085d \u200b e\u202ef\u2066g\u{e0041}h\ufeffi'
    expect(makeSnippet(hidden, new Map()).snippet).toBe('a b [31mc d efghi')
  })
})

describe('a long text', () => {
  test('is cut around the match, at words, with ellipses', () => {
    const result = makeSnippet(`${filler(100)} the walrus came ${filler(100)}`, weigh('walrus'))
    expect(result.snippet).toMatch(/^… \S.*\bthe walrus came\b.*\S …$/)
    expect(highlighted(result)).toEqual(['walrus'])
    for (const word of result.snippet.slice(2, -2).split(' '))
      expect(word).toMatch(/^(?:filler\d+|the|walrus|came)$/)
  })

  test('begins where it begins when nothing matched', () => {
    const result = makeSnippet(filler(200), weigh('walrus'))
    expect(result.snippet).toMatch(/^filler0 .* …$/)
    expect(result.highlights).toEqual([])
  })

  test('has no ellipsis behind its own end', () => {
    const result = makeSnippet(`${filler(200)} the walrus came.`, weigh('walrus'))
    expect(result.snippet).toMatch(/^… .* the walrus came\.$/)
  })

  test('is shown where most weight lies, not where most words match', () => {
    const text = `key key key ${filler(80)} a walrus ${filler(80)} key key`
    expect(highlighted(makeSnippet(text, weigh({ key: 1, walrus: 5 })))).toEqual(['walrus'])
    expect(highlighted(makeSnippet(text, weigh({ key: 5, walrus: 1 })))).toEqual(['key', 'key', 'key'])
  })

  test('is shown where different terms meet, not where one is repeated', () => {
    const text = `key key key key ${filler(80)} walrus key ${filler(80)}`
    expect(highlighted(makeSnippet(text, weigh('walrus key')))).toEqual(['walrus', 'key'])
  })

  test('is shown at the earliest of equal places', () => {
    const result = makeSnippet(
      `${filler(60)} walrus one ${filler(80)} walrus two ${filler(60)}`,
      weigh('walrus'),
    )
    expect(result.snippet).toContain('walrus one')
  })

  test('begins at the start of a sentence when one is near', () => {
    const result = makeSnippet(`${filler(80)} ends. Then a walrus came. ${filler(80)}`, weigh('walrus'))
    expect(result.snippet.startsWith('… Then a walrus came.')).toBe(true)
  })

  test('is cut anywhere when it has no blanks, but not within a pair', () => {
    const { snippet } = makeSnippet(`a${'🦭'.repeat(400)}`, new Map())
    expect(snippet).toBe(`a${'🦭'.repeat(149)} …`)
  })

  test('may have its match far behind 60 characters without a blank', () => {
    const result = makeSnippet(`${'🦭'.repeat(301)}walrus ${filler(90)}`, weigh('walrus'))
    expect(highlighted(result)).toEqual(['walrus'])
    expect(result.snippet.startsWith('… 🦭')).toBe(true)
  })
})

describe('any text', () => {
  const piece = fc.oneof(
    fc.constantFrom(
      'walrus',
      'keys',
      'Walruses',
      'KEY',
      'ГАТЬ',
      'café',
      '. ',
      '? ',
      ' ',
      '\n',
      'x'.repeat(70),
    ),
    fc.constantFrom('🦭', '🦭'.repeat(40), 'filler words of some length ', '海象吃蛤蜊', '\u0007', '\u200b'),
    fc.string({ unit: 'binary', maxLength: 20 }),
  )
  const text = fc.array(piece, { maxLength: 80 }).map((pieces) => pieces.join(''))
  const weights = weigh({ walrus: 3, key: 1, cafe: 2, гать: 1 })

  const forAnyText = (check: (result: Snippet, text: string) => void) =>
    fc.assert(
      fc.property(text, (one) => check(makeSnippet(one, weights), one)),
      { numRuns: 150 },
    )

  test('gives at most about 300 characters on one line, with nothing unseen in it', () => {
    forAnyText(({ snippet }) => {
      expect(snippet.length).toBeLessThanOrEqual(MAX_CHARS)
      expect(snippet).not.toMatch(/[\p{Cc}\u2028\u2029\u200b\u202e]/u)
      expect(snippet).not.toMatch(/\s{2}/)
      expect(snippet).toBe(snippet.trim())
    })
  })

  test('highlights whole words that match, in order and apart', () => {
    forAnyText((result) => {
      let last = 0
      for (const [start, end] of result.highlights) {
        expect(start).toBeGreaterThanOrEqual(last)
        expect(end).toBeLessThanOrEqual(result.snippet.length)
        expect(analyze(result.snippet.slice(start, end)).some(({ term }) => weights.has(term))).toBe(true)
        last = end
      }
    })
  })

  test('never has half a pair at its edges', () => {
    forAnyText(({ snippet }) => {
      const inner = snippet.replace(/^… | …$/g, '')
      expect(inner).not.toMatch(/^[\udc00-\udfff]|[\ud800-\udbff]$/)
      expect(isInsidePair(snippet, snippet.indexOf(inner))).toBe(false)
    })
  })

  test('shows a match when a word of the text matches', () => {
    forAnyText((result, one) => {
      const shown = one.replace(
        /[\u200b\u2060\ufeff\u202a-\u202e\u2066-\u2069\u{e0001}\u{e0020}-\u{e007f}]/gu,
        '',
      )
      const matches = analyze(shown).filter(({ term }) => weights.has(term))
      // Longer words may be cut out of the window.
      if (matches.some(({ start, end }) => end - start < 20)) expect(result.highlights).not.toEqual([])
    })
  })
})
