import { crc32 } from 'node:zlib'

/**
 * CRC-32 of the parts one after the other, texts as UTF-8. Kept beside what an index cannot make again, since pages of SQLite
 * have no checksum of their own. It finds every flip of up to 32 bits in a row and all but one in 4,000 million other changes;
 * against whoever changes the sum along with the data it is no help. A microsecond for a passage.
 */
export function checksumOf(...parts: readonly (string | Uint8Array | null)[]): number {
  let sum = 0
  for (const part of parts) if (part !== null) sum = crc32(part, sum)
  return sum
}

/** What the sum of a passage is made of; texts may come as the bytes that the file has. */
export type ChecksummedPassage = {
  readonly ordinal: number
  readonly start: number
  readonly end: number
  readonly headings: string | Uint8Array
  readonly location: string | Uint8Array
  readonly text: string | Uint8Array
}

export function passageChecksum({
  ordinal,
  start,
  end,
  headings,
  location,
  text,
}: ChecksummedPassage): number {
  return checksumOf(`${ordinal} ${start} ${end} `, headings, location, text)
}

export type ChecksummedDocument = {
  readonly uri: string | Uint8Array
  readonly title: string | Uint8Array
  readonly metadata: string | Uint8Array
  readonly text: string | Uint8Array
  readonly blocks: Uint8Array | null
}

export function documentChecksum({ uri, title, metadata, text, blocks }: ChecksummedDocument): number {
  return checksumOf(uri, title, metadata, text, blocks)
}
