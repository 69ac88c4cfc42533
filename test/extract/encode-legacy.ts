import { decodeBytes } from '../../src/extract/encoding/decode-bytes.js'

/** Encodes text in a legacy encoding by inverting the decoder over one byte and over pairs of bytes. */
export function encodeLegacy(text: string, encoding: string): Uint8Array {
  const table = tableOf(encoding)
  const bytes: number[] = []
  for (const character of text) {
    const known = table.get(character)
    if (known === undefined) throw new Error(`${encoding} has no ${character}`)
    bytes.push(...known)
  }
  return Uint8Array.from(bytes)
}

/** UTF-16 without byte order mark, which `TextEncoder` cannot make. */
export function encodeUtf16(text: string, endian: 'le' | 'be'): Uint8Array {
  const bytes = Buffer.from(text, 'utf16le')
  return Uint8Array.from(endian === 'le' ? bytes : bytes.swap16())
}

const tables = new Map<string, ReadonlyMap<string, readonly number[]>>()

function tableOf(encoding: string): ReadonlyMap<string, readonly number[]> {
  const known = tables.get(encoding)
  if (known !== undefined) return known
  const table = new Map<string, readonly number[]>()
  const add = (...bytes: number[]) => {
    const text = decodeBytes(encoding, Uint8Array.from(bytes))
    if ([...text].length === 1 && text !== '\ufffd' && !table.has(text)) table.set(text, bytes)
  }
  for (let byte = 0; byte < 256; byte++) add(byte)
  const multiByte = ['gb18030', 'big5', 'shift_jis', 'euc-jp', 'euc-kr'].includes(encoding)
  for (let lead = 0x81; multiByte && lead < 0xff; lead++) {
    for (let trail = 0x40; trail < 0xff; trail++) add(lead, trail)
  }
  tables.set(encoding, table)
  return table
}
