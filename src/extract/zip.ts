import { type Entry, fromBuffer, type ZipFile } from 'yauzl'
import { throwIfAborted } from '../errors.js'
import { type ExtractLimits, SkipError } from './extractor.js'

/** From this size on the ratio of a part counts: real parts of 1 MB with 20,000 like paragraphs pass 200 and do no harm. */
const RATIO_FROM_BYTES = 4 << 20

type ZipLimits = Pick<ExtractLimits, 'maxInflatedBytes' | 'maxInflateRatio' | 'maxArchiveEntries'>

/** The parts of an archive by name. What is read is counted over the archive's life. */
export interface ZipArchive {
  readonly names: readonly string[]
  /** The bytes of a part; undefined when there is none of that name. */
  read(name: string): Promise<Uint8Array | undefined>
  /** The same as UTF-8 (or UTF-16 with a byte order mark) text. */
  readText(name: string): Promise<string | undefined>
}

/**
 * Opens a ZIP archive that lies in memory. Inflated bytes are counted as they come, whatever sizes the directory tells, and
 * nothing is unpacked before it is asked for.
 *
 * Throws SkipError: ARCHIVE_BOMB when a part passes `maxInflateRatio` or all of them `maxInflatedBytes`, or the directory
 * holds more than `maxArchiveEntries`; ENCRYPTED for a part with a password; PARSE_ERROR for a broken archive.
 */
export async function openZip(
  bytes: Uint8Array,
  limits: ZipLimits,
  signal?: AbortSignal,
): Promise<ZipArchive> {
  const file = await openFile(bytes)
  const entries = await readDirectory(file, limits.maxArchiveEntries)
  let inflated = 0

  async function read(name: string): Promise<Uint8Array | undefined> {
    throwIfAborted(signal)
    const entry = entries.get(name)
    if (entry === undefined) return undefined
    if (entry.isEncrypted()) throw new SkipError('ENCRYPTED', 'It is protected by a password')
    // A size that is declared honestly saves the work of inflating.
    checkSize(entry, entry.uncompressedSize, inflated, limits)
    const chunks: Buffer[] = []
    let size = 0
    try {
      for await (const chunk of (await openPart(file, entry)) as AsyncIterable<Buffer>) {
        size += chunk.length
        checkSize(entry, size, inflated, limits)
        chunks.push(chunk)
      }
    } catch (thrown) {
      throw thrown instanceof SkipError ? thrown : broken(thrown)
    }
    inflated += size
    return Buffer.concat(chunks, size)
  }

  return {
    names: [...entries.keys()],
    read,
    async readText(name) {
      const part = await read(name)
      return part === undefined ? undefined : decodePart(part)
    },
  }
}

function checkSize(entry: Entry, size: number, before: number, limits: ZipLimits): void {
  if (before + size > limits.maxInflatedBytes) {
    throw new SkipError(
      'ARCHIVE_BOMB',
      `Unpacked it has more than ${limits.maxInflatedBytes.toLocaleString('en')} bytes`,
    )
  }
  if (size > RATIO_FROM_BYTES && size > Math.max(1, entry.compressedSize) * limits.maxInflateRatio) {
    throw new SkipError(
      'ARCHIVE_BOMB',
      `A part of it unpacks to more than ${limits.maxInflateRatio} times its size`,
    )
  }
}

function openFile(bytes: Uint8Array): Promise<ZipFile> {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  return new Promise((resolve, reject) => {
    fromBuffer(buffer, { lazyEntries: true, autoClose: false }, (error, file) => {
      if (error) reject(broken(error))
      else resolve(file)
    })
  })
}

/** Files only; of several with one name the first, as yauzl refuses names that leave the archive. */
function readDirectory(file: ZipFile, maxEntries: number): Promise<Map<string, Entry>> {
  if (file.entryCount > maxEntries) {
    throw new SkipError('ARCHIVE_BOMB', `It has ${file.entryCount} entries; the limit is ${maxEntries}`)
  }
  return new Promise((resolve, reject) => {
    const entries = new Map<string, Entry>()
    file.on('entry', (entry: Entry) => {
      if (!entry.fileName.endsWith('/') && !entries.has(entry.fileName)) entries.set(entry.fileName, entry)
      file.readEntry()
    })
    file.on('end', () => resolve(entries))
    file.on('error', (error: unknown) => reject(broken(error)))
    file.readEntry()
  })
}

function openPart(file: ZipFile, entry: Entry): Promise<AsyncIterable<unknown>> {
  return new Promise((resolve, reject) => {
    file.openReadStream(entry, (error, stream) => {
      if (error) reject(error)
      else resolve(stream)
    })
  })
}

function decodePart(part: Uint8Array): string {
  const isUtf16 = (part[0] === 0xff && part[1] === 0xfe) || (part[0] === 0xfe && part[1] === 0xff)
  return new TextDecoder(isUtf16 ? (part[0] === 0xff ? 'utf-16le' : 'utf-16be') : 'utf-8').decode(part)
}

function broken(thrown: unknown): SkipError {
  const why = thrown instanceof Error ? thrown.message : 'unknown reason'
  return new SkipError('PARSE_ERROR', `It is not a sound ZIP archive: ${why}`)
}
