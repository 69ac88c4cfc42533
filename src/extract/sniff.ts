/** What the first bytes of a file say it is. */
export type SniffedFormat = {
  /** Short id, such as `pdf`, `docx`, `png`. */
  readonly id: string
  /** For messages: `PDF document`. */
  readonly label: string
}

type Signature = SniffedFormat & {
  /** Bytes as Latin-1 text, so that signatures stay readable. */
  readonly magic: string
  readonly offset?: number
}

/** Values from the file(1) database and https://www.iana.org/assignments/media-types. */
const signatures: readonly Signature[] = [
  { magic: '%PDF-', id: 'pdf', label: 'PDF document' },
  { magic: '\x89PNG\r\n\x1a\n', id: 'png', label: 'PNG image' },
  { magic: '\xff\xd8\xff', id: 'jpeg', label: 'JPEG image' },
  { magic: 'GIF87a', id: 'gif', label: 'GIF image' },
  { magic: 'GIF89a', id: 'gif', label: 'GIF image' },
  { magic: 'WEBP', offset: 8, id: 'webp', label: 'WebP image' },
  { magic: 'WAVE', offset: 8, id: 'wav', label: 'WAV audio' },
  { magic: 'AVI ', offset: 8, id: 'avi', label: 'AVI video' },
  { magic: 'II*\0', id: 'tiff', label: 'TIFF image' },
  { magic: 'MM\0*', id: 'tiff', label: 'TIFF image' },
  { magic: '\0\0\x01\0', id: 'ico', label: 'icon' },
  { magic: '8BPS', id: 'psd', label: 'Photoshop image' },
  { magic: 'ftyp', offset: 4, id: 'mp4', label: 'MP4, HEIC or QuickTime media' },
  { magic: '\x1a\x45\xdf\xa3', id: 'mkv', label: 'Matroska or WebM video' },
  { magic: 'ID3', id: 'mp3', label: 'MP3 audio' },
  { magic: 'OggS', id: 'ogg', label: 'Ogg media' },
  { magic: 'fLaC', id: 'flac', label: 'FLAC audio' },
  { magic: 'PK\x03\x04', id: 'zip', label: 'ZIP archive' },
  { magic: 'PK\x05\x06', id: 'zip', label: 'ZIP archive' },
  { magic: '\x1f\x8b', id: 'gzip', label: 'gzip archive' },
  { magic: 'BZh', id: 'bzip2', label: 'bzip2 archive' },
  { magic: '7z\xbc\xaf\x27\x1c', id: '7z', label: '7-Zip archive' },
  { magic: '\xfd7zXZ\0', id: 'xz', label: 'XZ archive' },
  { magic: '\x28\xb5\x2f\xfd', id: 'zstd', label: 'Zstandard archive' },
  { magic: 'Rar!\x1a\x07', id: 'rar', label: 'RAR archive' },
  { magic: 'ustar', offset: 257, id: 'tar', label: 'tar archive' },
  { magic: '\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1', id: 'ole', label: 'old Microsoft Office or Outlook file' },
  { magic: '\x78\x9f\x3e\x22', id: 'tnef', label: "Outlook's container for mails (winmail.dat)" },
  { magic: '{\\rtf', id: 'rtf', label: 'RTF document' },
  { magic: '%!PS', id: 'ps', label: 'PostScript document' },
  { magic: 'SQLite format 3\0', id: 'sqlite', label: 'SQLite database' },
  { magic: '\x7fELF', id: 'elf', label: 'program' },
  { magic: '\xcf\xfa\xed\xfe', id: 'macho', label: 'program' },
  { magic: '\xca\xfe\xba\xbe', id: 'class', label: 'compiled Java class or program' },
  { magic: '\0asm', id: 'wasm', label: 'WebAssembly module' },
  { magic: 'wOF2', id: 'woff2', label: 'font' },
  { magic: 'wOFF', id: 'woff', label: 'font' },
  { magic: '\0\x01\0\0\0', id: 'ttf', label: 'font' },
  { magic: 'OTTO', id: 'otf', label: 'font' },
]

/** Types that a ZIP file names in its first part, without compression. */
const zipTypes: readonly (SniffedFormat & { readonly mark: string })[] = [
  { mark: 'mimetypeapplication/epub+zip', id: 'epub', label: 'EPUB book' },
  { mark: 'opendocument.text', id: 'odt', label: 'OpenDocument text' },
  { mark: 'opendocument.spreadsheet', id: 'ods', label: 'OpenDocument spreadsheet' },
  { mark: 'opendocument.presentation', id: 'odp', label: 'OpenDocument presentation' },
]

/** Folders and files near the start of a ZIP file that tell what it holds. */
const zipParts: readonly (SniffedFormat & { readonly start: string })[] = [
  { start: 'word/', id: 'docx', label: 'Word document' },
  { start: 'xl/', id: 'xlsx', label: 'Excel workbook' },
  { start: 'ppt/', id: 'pptx', label: 'PowerPoint presentation' },
  { start: 'META-INF/MANIFEST.MF', id: 'jar', label: 'Java archive' },
]

const zipProbeBytes = 4096
const htmlProbeBytes = 2048

/** The binary format that the first bytes announce, whatever the file's name; undefined for text and the unknown. */
export function sniffFormat(head: Uint8Array): SniffedFormat | undefined {
  const found = signatures.find(({ magic, offset = 0 }) => startsWith(head, magic, offset))
  if (found === undefined) return undefined
  // "BZh", "ID3", "OTTO" and the like also begin English words; a signature made of text must be followed by more.
  if (isWordLike(found.magic) && isAscii(head)) return undefined
  return found.id === 'zip' ? sniffZip(head) : { id: found.id, label: found.label }
}

/**
 * Whether the content begins like an HTML page: a doctype or `<html`, after a byte order mark, white space, comments or an
 * XML declaration. Works for UTF-16 too.
 */
export function looksLikeHtml(head: Uint8Array): boolean {
  const start = latin1(head.subarray(0, htmlProbeBytes)).replace(/^(?:\xef\xbb\xbf|\xff\xfe|\xfe\xff)/, '')
  const text = skipPrologue(start.replaceAll('\0', '').toLowerCase())
  return /^(?:<!doctype\s+html|<html)[\s>/]/.test(text)
}

function skipPrologue(text: string): string {
  let rest = text.trimStart()
  for (;;) {
    const close = rest.startsWith('<!--') ? '-->' : rest.startsWith('<?xml') ? '?>' : undefined
    const end = close === undefined ? -1 : rest.indexOf(close)
    if (close === undefined || end < 0) return rest
    rest = rest.slice(end + close.length).trimStart()
  }
}

function sniffZip(head: Uint8Array): SniffedFormat {
  const start = latin1(head.subarray(0, zipProbeBytes))
  const names = zipNames(start)
  const found =
    zipTypes.find(({ mark }) => start.includes(mark)) ??
    zipParts.find((part) => names.some((name) => name.startsWith(part.start)))
  return found === undefined
    ? { id: 'zip', label: 'ZIP archive or Office document' }
    : { id: found.id, label: found.label }
}

/** The names in the headers of the parts (APPNOTE 4.3.7): their length stands at 26, they themselves from 30 on. */
function zipNames(start: string): string[] {
  const names: string[] = []
  for (let at = start.indexOf('PK\x03\x04'); at >= 0; at = start.indexOf('PK\x03\x04', at + 4)) {
    const length = start.charCodeAt(at + 26) + start.charCodeAt(at + 27) * 256
    names.push(start.slice(at + 30, at + 30 + length))
  }
  return names
}

function startsWith(bytes: Uint8Array, magic: string, offset: number): boolean {
  if (bytes.length < offset + magic.length) return false
  for (let i = 0; i < magic.length; i++) if (bytes[offset + i] !== magic.charCodeAt(i)) return false
  return true
}

function isWordLike(magic: string): boolean {
  return /^[\w ]+$/.test(magic)
}

function isAscii(bytes: Uint8Array): boolean {
  return bytes.every((byte) => byte < 0x80 && byte !== 0)
}

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1')
}
