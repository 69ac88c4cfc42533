import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { normaliseQuestion } from '../../../src/corpus/gaps/normalise-question.js'

describe('a question as it is kept', () => {
  test.each([
    ['  When \n is\tit due? ', 'When is it due?'],
    ['Wo ist\u200b der\u00ad Schlu\u0308ssel\u{e0041}?', 'Wo ist der Schlüssel?'],
    ['Who is ines.maurer+x@example.org, really?', 'Who is [e-mail], really?'],
    ['mail to <ines@intranet>', 'mail to <[e-mail]>'],
    ['Why did +49 (0)30 901820 call?', 'Why did [number] call?'],
    ['Is 0176/123-45-67 mine?', 'Is [number] mine?'],
    ['IBAN DE89 3704 0044 0532 0130 00', 'IBAN DE[number]'],
    ['what happened on 2026-11-24 or 24.11.2026', 'what happened on 2026-11-24 or 24.11.2026'],
    ['Budget 2024-2025, 3 500 000', 'Budget 2024-2025, [number]'],
    ['Why is AIzaSyD4x-9QfEXAMPLEk3yV4lu3 refused?', 'Why is [key] refused?'],
    ['Is 9f86d081884c7d659a2feaa0c55ad015 ours?', 'Is [key] ours?'],
    [
      'rindfleischetikettierungsgesetz20, donaudampfschifffahrt',
      'rindfleischetikettierungsgesetz20, donaudampfschifffahrt',
    ],
    ['error in reduce-dimensions-of-the-document', 'error in reduce-dimensions-of-the-document'],
    ['Article 15 of regulation 2016/679', 'Article 15 of regulation [number]'],
    ['电池怎么换', '电池怎么换'],
  ])('%s', (question, kept) => {
    expect(normaliseQuestion(question)).toBe(kept)
  })

  test.each(['', '  ', '?', '123', 'x', '\u200b\u200b', 'a@example.org', '+49 30 901820'])(
    'is none of %j, which asks nothing',
    (question) => {
      expect(normaliseQuestion(question)).toBeUndefined()
    },
  )

  test('is cut to 200 characters, between characters', () => {
    const kept = normaliseQuestion(`${'a'.repeat(199)}\u{1f600} and more`)
    expect(kept).toBe('a'.repeat(199))
    expect(normaliseQuestion('ab '.repeat(100_000))).toHaveLength(200)
  })

  test('holds no address and no invisible character, whatever was asked', () => {
    const parts = fc.constantFrom(
      'a',
      '@',
      '.',
      ' ',
      '\u200b',
      '1',
      '234',
      '-',
      '+',
      'me@host.org',
      '\n',
      'X',
    )
    fc.assert(
      fc.property(fc.array(parts, { maxLength: 60 }), (all) => {
        const kept = normaliseQuestion(all.join('')) ?? ''
        expect(kept).not.toMatch(/\w@\w|\d{7}|[\u200b\n]/)
        // Kept again it stays as it is.
        expect(kept === '' || normaliseQuestion(kept) === kept).toBe(true)
      }),
      { seed: 4, numRuns: 300 },
    )
  })
})
