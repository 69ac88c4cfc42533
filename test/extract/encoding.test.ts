import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Decoded, decodeText } from '../../src/extract/encoding/encoding.js'
import { isSkipped } from '../../src/extract/extractor.js'
import { encodeLegacy, encodeUtf16 } from './encode-legacy.js'
import { encodingSamples } from './encoding-samples.js'
import { bytesOf } from './expect-sound.js'

function decoded(bytes: Uint8Array, declared?: string): Decoded {
  const result = decodeText(bytes, declared)
  if (isSkipped(result)) throw new Error(result.message)
  return result
}

describe('Unicode', () => {
  const text = 'Grüße, 你好, мир\n'

  test('UTF-8 with and without byte order mark', () => {
    expect(decoded(bytesOf(text))).toEqual({ text, encoding: 'utf-8' })
    expect(decoded(bytesOf(`\ufeff${text}`))).toEqual({ text, encoding: 'utf-8' })
    expect(decoded(bytesOf(`\ufeff\ufeff${text}`)).text).toBe(text)
  })

  test.each(['le', 'be'] as const)('UTF-16 %s with and without byte order mark', (endian) => {
    const encoding = `utf-16${endian}`
    expect(decoded(encodeUtf16(`\ufeff${text}`, endian))).toEqual({ text, encoding })
    expect(decoded(encodeUtf16('Plain English without a mark.\n', endian))).toEqual({
      text: 'Plain English without a mark.\n',
      encoding,
    })
  })

  test('every language in UTF-16 without byte order mark, though some samples hold no NUL', () => {
    for (const { text: sample } of encodingSamples) {
      expect(decoded(encodeUtf16(sample, 'le')).text).toBe(sample)
      expect(decoded(encodeUtf16(sample, 'be')).text).toBe(sample)
    }
  })

  test('a few bad bytes in UTF-8 become U+FFFD, and the rest stays', () => {
    const bytes = Buffer.concat([
      bytesOf('über die Brücke – größer als früher'),
      Uint8Array.of(0xff),
      bytesOf(' Ende'),
    ])
    expect(decoded(bytes).text).toBe('über die Brücke – größer als früher\ufffd Ende')
  })

  test('damage in an English text is damage, not an old encoding', () => {
    const damage = Uint8Array.of(0xff, 0xfe, 0xc3, 0x28, 0xed, 0xa0, 0x80)
    const bytes = Buffer.concat([
      bytesOf('A small two-lane road lined with tall pal'),
      damage,
      bytesOf('m trees. '.repeat(100)),
    ])
    expect(decoded(bytes).encoding).toBe('utf-8')
  })

  test('normalises line ends and no letters', () => {
    expect(decoded(bytesOf('a\r\nb\rc\nd\r\n\r\ne')).text).toBe('a\nb\nc\nd\n\ne')
    const decomposed = 'Vie\u0302\u0323t'
    expect(decoded(bytesOf(decomposed)).text).toBe(decomposed)
  })
})

describe('old encodings', () => {
  test.each(encodingSamples)('$encoding: $text', ({ encoding, text }) => {
    const found = decoded(encodeLegacy(text, encoding))
    expect(found.text).toBe(text)
    // Pages that differ in a few signs only cannot be told apart by a text without those signs.
    const alike = encoding === 'windows-1253' ? ['windows-1253', 'iso-8859-7'] : [encoding]
    expect(alike).toContain(found.encoding)
  })

  test('Windows-1252 has quotation marks and dashes where ISO-8859-1 has control characters', () => {
    const bytes = Uint8Array.of(0x93, 0x6f, 0x6b, 0x94, 0x20, 0x96, 0x20, 0x80, 0x35)
    expect(decoded(bytes)).toEqual({ text: '“ok” – €5', encoding: 'windows-1252' })
    expect(decoded(bytes, 'iso-8859-1').text).toBe('“ok” – €5')
  })

  test('nine of ten pieces of 40 characters read right', () => {
    const pieces = encodingSamples.flatMap(({ encoding, text }) =>
      (text.match(/.{40}/gu) ?? []).map((piece) => ({ encoding, piece })),
    )
    const wrong = pieces.filter(
      ({ encoding, piece }) => decoded(encodeLegacy(piece, encoding)).text !== piece,
    )
    expect(pieces.length).toBeGreaterThan(50)
    expect(wrong.length / pieces.length).toBeLessThan(0.1)
  })

  test('one accented word in a long English text decides', () => {
    const text = `${'Nothing special here.\n'.repeat(4000)}We met at the café.\n`
    expect(decoded(encodeLegacy(text, 'windows-1252'))).toEqual({ text, encoding: 'windows-1252' })
  })

  test('ISO-2022-JP by its escape sequences', () => {
    const bytes = Buffer.from('\x1b$B4A;z\x1b(B and ASCII', 'latin1')
    expect(decoded(bytes)).toEqual({ text: '漢字 and ASCII', encoding: 'iso-2022-jp' })
  })

  test('a declared encoding is believed, unless the bytes are UTF-8 or it is unknown', () => {
    const bytes = Uint8Array.of(0xc0, 0xc1, 0xc2)
    expect(decoded(bytes, 'windows-1251').text).toBe('АБВ')
    expect(decoded(bytes, 'iso-8859-7').text).toBe('ΐΑΒ')
    expect(decoded(bytesOf('Grüße'), 'iso-8859-1').text).toBe('Grüße')
    expect(decoded(bytesOf('Grüße'), 'klingon').text).toBe('Grüße')
  })
})

describe('binary content', () => {
  test.each([
    ['a stray NUL', bytesOf('quarterly turnips\0second part')],
    ['numbers', Uint8Array.from({ length: 400 }, (_, i) => (i % 4 === 0 ? i / 4 : 0))],
    ['control characters', Uint8Array.from({ length: 400 }, (_, i) => 1 + (i % 8))],
  ])('%s', (_, bytes) => {
    expect(decodeText(bytes)).toMatchObject({ skipped: 'BINARY' })
  })

  test('colour codes of a log are text', () => {
    expect(decoded(bytesOf('\x1b[31merror\x1b[0m: disk full\n')).text).toContain('disk full')
  })
})

test('decodes all bytes to text without NUL, or calls them binary; never throws', () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ maxLength: 500 }),
      fc.option(fc.string(), { nil: undefined }),
      (bytes, declared) => {
        const result = decodeText(bytes, declared)
        if (isSkipped(result)) expect(result.skipped).toBe('BINARY')
        else expect(result.text).not.toMatch(/[\0\r]/)
      },
    ),
    { numRuns: 300 },
  )
})

test('all well-formed text without control characters survives UTF-8', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      expect(decoded(bytesOf(text)).text).toBe(text.replace(/^\ufeff+/, ''))
    }),
  )
})
