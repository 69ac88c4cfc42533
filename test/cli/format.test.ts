import { describe, expect, it } from 'vitest'
import { formatHit, formatLocation } from '../../src/cli/format-hit.js'
import {
  count,
  formatBytes,
  formatDuration,
  formatTable,
  oneLine,
  printable,
  printableJson,
  shellWord,
  styleFor,
} from '../../src/cli/style.js'
import type { Location } from '../../src/types.js'
import { makeHit } from '../answer/make-hit.js'

describe('printable', () => {
  it('keeps text, line breaks and tabs, and drops what moves a terminal or the reading direction', () => {
    expect(printable('Grüße\n\t東京 👍')).toBe('Grüße\n\t東京 👍')
    expect(printable('a\u001b[31mb\u0007c\u009b2Jd\re\u007ff\u0000g')).toBe('a[31mbc2Jdefg')
    expect(printable('a\u202eb\u2066c')).toBe('abc')
  })

  it('makes one line of it', () => {
    expect(oneLine('  a\r\n\tb \u001b c  ')).toBe('a b c')
  })

  it('makes a word for the shell of it, in quotes where it needs them', () => {
    expect(['a/b-1.db', '--db', 'my  docs/x', "Ida's", '', '$HOME', 'a\u001b[2J\nb'].map(shellWord)).toEqual([
      'a/b-1.db',
      '--db',
      "'my  docs/x'",
      "'Ida'\\''s'",
      "''",
      "'$HOME'",
      "'a[2J b'",
    ])
  })

  it('leaves JSON the same value', () => {
    const value = { 'k\u009b': ['\u001b[1m', '\u007f', '\u202ex', 'é\n'] }
    const json = printableJson(value)
    expect(JSON.parse(json)).toEqual(value)
    expect(json).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/)
    expect(json).toContain('é\\n')
  })
})

describe('formats', () => {
  it.each<[Location, string]>([
    [{ kind: 'lines', start: 3, end: 9 }, 'lines 3-9'],
    [{ kind: 'lines', start: 3, end: 3 }, 'line 3'],
    [{ kind: 'pages', start: 1, end: 2 }, 'pages 1-2'],
    [{ kind: 'pages', start: 2, end: 2 }, 'page 2'],
    [{ kind: 'slide', n: 4 }, 'slide 4'],
    [{ kind: 'sheet', name: 'My\nSheet', rows: [2, 9] }, 'My Sheet rows 2-9'],
    [{ kind: 'sheet', name: 'S', rows: [7, 7] }, 'S row 7'],
    [{ kind: 'cell', n: 5 }, 'cell 5'],
    [{ kind: 'section', path: ['A', 'B\u001b'] }, 'A > B'],
    [{ kind: 'section', path: [] }, ''],
  ])('%j as %s', (location, text) => {
    expect(formatLocation(location)).toBe(text)
  })

  it('sizes, times and counts', () => {
    expect([0, 1023, 1024, 1536, 1024 ** 2 * 5].map(formatBytes)).toEqual([
      '0 B',
      '1023 B',
      '1.0 kB',
      '1.5 kB',
      '5.0 MB',
    ])
    expect([0.4, 999, 1000, 59_940, 61_000].map(formatDuration)).toEqual([
      '0 ms',
      '999 ms',
      '1.0 s',
      '59.9 s',
      '1 min 1 s',
    ])
    expect([0, 1, 1234].map((number) => count(number, 'file'))).toEqual(['0 files', '1 file', '1,234 files'])
  })

  it('tables without blanks behind the last column', () => {
    expect(formatTable([['a', 'bb', 'c'], ['ddd', '', 'e'], ['f']])).toBe('a    bb  c\nddd      e\nf\n')
    expect(formatTable([])).toBe('')
  })

  it('hits whose place has no name by their path alone', () => {
    const style = styleFor({ write: () => undefined, isTerminal: false }, {})
    const hit = makeHit(1, 'text', { uri: 'a.docx', location: { kind: 'section', path: [] } })
    expect(formatHit(hit, 1, style)).toMatch(/^ {4}a\.docx · relevance/m)
  })

  it('hits with heading, marked words, passage and explanation', () => {
    const style = {
      ...styleFor({ write: () => undefined, isTerminal: false }, {}),
      mark: (text: string) => `«${text}»`,
    }
    const location = { kind: 'lines', start: 1, end: 2, heading: 'Leave' } as const
    const { text, ...hit } = makeHit(1, 'Two weeks.\nThen more.', {
      location,
      snippet: 'Two weeks',
      highlights: [[0, 3]],
    })
    expect(formatHit(hit, 10, style)).toBe(
      '10. Title 1 > Leave\n    file-1.md, lines 1-2 · relevance 0.90\n    «Two» weeks\n',
    )
    const explain = {
      keyword: { rank: 2, score: 1.5, fused: 0.0164 },
      matchedTerms: ['two'],
      idfShare: 0.504,
    }
    expect(formatHit({ ...hit, text: text ?? '', explain }, 1, style)).toBe(
      '1.  Title 1 > Leave\n    file-1.md, lines 1-2 · relevance 0.90\n    Two weeks.\n    Then more.\n' +
        "    keyword rank 2 (BM25 1.5, adds 0.01640) · not among the vector hits · words found: two (50 % of the query's weight)\n",
    )
  })
})
