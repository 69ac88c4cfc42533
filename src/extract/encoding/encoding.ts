import type { Skipped } from '../extractor.js'
import { decodeBytes } from './decode-bytes.js'
import { decodeLegacy } from './legacy-encoding.js'
import { plausibility } from './plausibility.js'

/** Text with its lines ending in `\n` and without byte order mark; `encoding` is a WHATWG label such as `utf-8`. */
export type Decoded = { readonly text: string; readonly encoding: string }

/**
 * Above this share of control characters, content is not text. Bytes that happen to be valid UTF-8 are text for sure, be it a
 * recording of a terminal; single-byte encodings make text of anything.
 */
const maxControlShare = { utf8: 0.1, other: 0.01 } as const
/** UTF-8 with errors is still UTF-8 when it holds this many times more good characters than bad ones. */
const goodPerBad = 4
const utf16ProbeBytes = 16 * 1024
const minUtf16Plausibility = 0.7

/**
 * Bytes to text, or `binary` when they are not text. Tried in turn: byte order marks, UTF-16 without one, strict UTF-8,
 * UTF-8 with a few bad bytes (each becomes U+FFFD), the `declared` encoding, and the encodings of old Windows, Unix and
 * East Asian systems, told apart by statistics. Never throws. CRLF and CR become LF, so offsets and line numbers are those
 * of the text returned, and line numbers those of an editor; nothing else is changed (no Unicode normalisation).
 *
 * @param declared an encoding that the file names itself, as HTML may; ignored when the bytes are valid UTF-8.
 */
export function decodeText(bytes: Uint8Array, declared?: string): Decoded | Skipped {
  const decoded = decodeMarked(bytes) ?? decodeUnmarked(bytes, declared)
  if (decoded === undefined) return binary('The content is not text in any known encoding')
  if (decoded.text.includes('\0')) return binary('The content holds NUL bytes')
  const most = decoded.encoding === 'utf-8' ? maxControlShare.utf8 : maxControlShare.other
  if (controlShare(decoded.text) > most) return binary('The content is mostly control characters')
  // TextDecoder removes one byte order mark; files joined by tools can have two.
  const text = decoded.text.replace(/^\ufeff+/, '')
  return { text: normaliseLineEnds(text), encoding: decoded.encoding }
}

function binary(message: string): Skipped {
  return { skipped: 'BINARY', message }
}

function decodeMarked(bytes: Uint8Array): Decoded | undefined {
  const [first, second, third] = bytes
  if (first === 0xef && second === 0xbb && third === 0xbf) return decodeAs('utf-8', bytes)
  if (first === 0xff && second === 0xfe) return decodeAs('utf-16le', bytes)
  if (first === 0xfe && second === 0xff) return decodeAs('utf-16be', bytes)
  return undefined
}

function decodeUnmarked(bytes: Uint8Array, declared: string | undefined): Decoded | undefined {
  if (bytes.includes(0)) {
    const encoding = guessUtf16(bytes.subarray(0, utf16ProbeBytes))
    return encoding === undefined ? decodeAs('utf-8', bytes) : decodeAs(encoding, bytes)
  }
  const strict = decodeStrict(bytes)
  if (strict !== undefined) return hasIso2022Japanese(strict) ? decodeAs('iso-2022-jp', bytes) : utf8(strict)
  const lenient = decodeBytes('utf-8', bytes)
  const { good, bad } = countNonAscii(lenient)
  if (good >= bad * goodPerBad) return utf8(lenient)
  const legacy = decodeDeclared(bytes, declared) ?? decodeLegacy(bytes)
  if (legacy !== undefined) return legacy
  return bad <= bytes.length * maxControlShare.other ? utf8(lenient) : undefined
}

function utf8(text: string): Decoded {
  return { text, encoding: 'utf-8' }
}

function decodeAs(encoding: string, bytes: Uint8Array): Decoded {
  return { text: decodeBytes(encoding, bytes), encoding }
}

function decodeStrict(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return undefined
  }
}

/** A declared encoding is believed unless it is unknown, is a Unicode one (those were tried), or makes bad characters. */
function decodeDeclared(bytes: Uint8Array, declared: string | undefined): Decoded | undefined {
  if (declared === undefined) return undefined
  try {
    const { encoding } = new TextDecoder(declared)
    if (encoding.startsWith('utf-')) return undefined
    const text = decodeBytes(encoding, bytes)
    const { good, bad } = countNonAscii(text)
    return good >= bad * goodPerBad ? { text, encoding } : undefined
  } catch {
    return undefined
  }
}

/** ISO-2022-JP is seven-bit, hence valid UTF-8, and announces itself by escape sequences. */
function hasIso2022Japanese(text: string): boolean {
  return /\x1b\$[@B]/.test(text) && /\x1b\([BJ]/.test(text)
}

/** Decodes a first part both ways and takes what reads like text; one-byte text with a stray NUL reads like neither. */
function guessUtf16(probe: Uint8Array): string | undefined {
  const even = probe.subarray(0, probe.length - (probe.length % 2))
  const guesses = ['utf-16le', 'utf-16be'].map((encoding) => {
    const text = decodeBytes(encoding, even)
    return { encoding, score: nonsenseShare(text) <= maxControlShare.other ? plausibility(text) : 0 }
  })
  const [best] = guesses.sort((a, b) => b.score - a.score)
  return best !== undefined && best.score >= minUtf16Plausibility ? best.encoding : undefined
}

/** Share of characters that no text has: unassigned, private, lone surrogates, controls. */
function nonsenseShare(text: string): number {
  const nonsense =
    text.match(/[\p{Cn}\p{Co}\p{Cs}\ufffd\0-\x08\x0b\x0e-\x1a\x1c-\x1f\x7f-\x9f]/gu)?.length ?? 0
  return text.length === 0 ? 1 : nonsense / text.length
}

function countNonAscii(text: string): { good: number; bad: number } {
  let good = 0
  let bad = 0
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (code === 0xfffd) bad++
    else if (code >= 0x80) good++
  }
  return { good, bad }
}

/** Tab, line feed, form feed, carriage return, backspace and ESC occur in text; other control characters do not. */
function controlShare(text: string): number {
  let controls = 0
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (code < 0x20 ? code < 0x08 || code === 0x0b || (code > 0x0d && code !== 0x1b) : code === 0x7f)
      controls++
  }
  return text.length === 0 ? 0 : controls / text.length
}

function normaliseLineEnds(text: string): string {
  return text.includes('\r') ? text.replace(/\r\n?/g, '\n') : text
}
