import { inflateRawSync, inflateSync } from 'node:zlib'
import { type ExtractLimits, SkipError } from '../extractor.js'

export type StreamSizes = {
  /** Bytes that the largest stream unpacks to which is neither picture nor font, as far as that can be told. */
  readonly largest: number
}

/** A dictionary in front of a stream is shorter than this. */
const dictionaryBytes = 2048
/** Deflate makes no more than 1,032 bytes of one. */
const maxDeflateRatio = 1032
/** Nothing is unpacked to see whether it is larger than this when it cannot be. */
const interesting = 1 << 20
/** Filters put one behind the other. */
const maxFilters = 8

/**
 * Looks for streams that unpack to more than a file may, before a parser meets them: pdf.js unpacks a stream whole. Streams
 * of encrypted files and of other filters than Flate are not looked into.
 *
 * Throws SkipError: TOO_LARGE.
 */
export function measureStreams(
  bytes: Uint8Array,
  { maxInflatedBytes }: Pick<ExtractLimits, 'maxInflatedBytes'>,
): StreamSizes {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  let largest = 0
  let at = file.indexOf('stream')
  while (at >= 0) {
    const start = streamStart(file, at)
    if (start === undefined) {
      at = file.indexOf('stream', at + 6)
      continue
    }
    const found = file.indexOf('endstream', start)
    const end = found < 0 ? file.length : found
    const size = streamSize(file, at, start, end, maxInflatedBytes)
    if (size > maxInflatedBytes)
      throw new SkipError(
        'TOO_LARGE',
        `A part of it unpacks to more than ${Math.floor(maxInflatedBytes / 1e6)} MB`,
      )
    largest = Math.max(largest, size)
    at = file.indexOf('stream', end + 9)
  }
  return { largest }
}

/** Behind the keyword and its line break; undefined where the word is something else. */
function streamStart(file: Buffer, at: number): number | undefined {
  if (at >= 3 && file.toString('latin1', at - 3, at) === 'end') return undefined
  const next = at + 6
  if (file[next] === 0x0a) return next + 1
  if (file[next] === 0x0d) return file[next + 1] === 0x0a ? next + 2 : next + 1
  return undefined
}

/** Bytes that a stream unpacks to, or a little more than `max`; 0 for pictures and fonts. */
function streamSize(file: Buffer, at: number, start: number, end: number, max: number): number {
  const before = file.toString('latin1', Math.max(0, at - dictionaryBytes), at)
  const dictionary = before.slice(before.lastIndexOf(' obj') + 1)
  const isOther =
    /\/Subtype\s*\/Image|\/FontFile|\/Length1\b|\/Subtype\s*\/(?:Type1C|CIDFontType0C|OpenType)/.test(
      dictionary,
    )
  const filters = /\/(?:Filter|F)\s*(?:\[([^\]]*)\]|(\/\w+))/.exec(dictionary)
  const names = (filters?.[1] ?? filters?.[2] ?? '').match(/\/\w+/g) ?? []
  const size = unpackedSize(file.subarray(start, end), names.slice(0, maxFilters), max)
  return isOther && size <= max ? 0 : size
}

function unpackedSize(packed: Buffer, filters: readonly string[], max: number): number {
  let bytes = packed
  for (const filter of filters) {
    if (filter !== '/FlateDecode' && filter !== '/Fl') break
    const isLast = filter === filters.at(-1) && filters.length === 1
    if (isLast && bytes.length * maxDeflateRatio < interesting) break
    const inflated = inflateAtMost(bytes, max)
    if (inflated === undefined) return max + 1
    bytes = inflated
  }
  return bytes.length
}

/** What comes out of deflated bytes, as far as they are sound; undefined when it is more than `max`. */
function inflateAtMost(packed: Buffer, max: number): Buffer | undefined {
  const options = { maxOutputLength: max, finishFlush: 2 }
  try {
    return inflateSync(packed, options)
  } catch (thrown) {
    if (isTooLong(thrown)) return undefined
  }
  try {
    // pdf.js reads streams whose header is broken, too.
    return inflateRawSync(packed.subarray(2), options)
  } catch (thrown) {
    return isTooLong(thrown) ? undefined : Buffer.alloc(0)
  }
}

function isTooLong(thrown: unknown): boolean {
  return thrown instanceof RangeError && 'code' in thrown && thrown.code === 'ERR_BUFFER_TOO_LARGE'
}
