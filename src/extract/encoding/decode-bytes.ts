/** Windows-1252 where it differs from ISO-8859-1, the bytes 0x80 to 0x9f; the five that it leaves free stay controls. */
const windows1252 = '€\x81‚ƒ„…†‡ˆ‰Š‹Œ\x8dŽ\x8f\x90‘’“”•–—˜™š›œ\x9džŸ'

/**
 * Decodes bytes by a WHATWG label; bad bytes become U+FFFD. Throws RangeError for an unknown label.
 *
 * Node from 20.18.3 on reads `windows-1252` as ISO-8859-1 (https://github.com/nodejs/node/issues/56542), so curly quotation marks and
 * dashes come out as control characters; they are put right here.
 */
export function decodeBytes(encoding: string, bytes: Uint8Array): string {
  const decoder = new TextDecoder(encoding)
  const text = decoder.decode(bytes)
  return decoder.encoding === 'windows-1252' ? mendWindows1252(text) : text
}

/** Text that was decoded as ISO-8859-1 as if it had been decoded as Windows-1252: no text holds the control characters. */
export function mendWindows1252(text: string): string {
  return text.replace(/[\x80-\x9f]/g, (control) => windows1252.charAt(control.charCodeAt(0) - 0x80))
}
