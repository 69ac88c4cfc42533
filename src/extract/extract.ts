import { GemdexError, throwIfAborted } from '../errors.js'
import { looksLikeSecret, looksLikeSecretName } from '../files/looks-like-secret.js'
import type { Notice } from '../types.js'
import { sourceCodeExtractor } from './code/source-code.js'
import { csvExtractor } from './data/csv.js'
import { jsonExtractor } from './data/json.js'
import { notebookExtractor } from './data/notebook.js'
import { settingsExtractor } from './data/settings.js'
import { xmlExtractor } from './data/xml-document.js'
import { yamlExtractor } from './data/yaml.js'
import { decodeText } from './encoding/encoding.js'
import { epubExtractor } from './epub/epub.js'
import {
  type Attachment,
  type DocumentPart,
  type ExtractedFile,
  type Extraction,
  type ExtractOptions,
  type Extractor,
  isSkipped,
  SkipError,
  type Skipped,
} from './extractor.js'
import { baseName, endingOf } from './file-name.js'
import { htmlExtractor } from './html/html.js'
import { limitText } from './limit-text.js'
import { emlExtractor } from './mail/eml.js'
import { mboxExtractor } from './mail/mbox.js'
import { msgExtractor } from './mail/msg.js'
import { markdownExtractor } from './markdown/markdown.js'
import { docxExtractor } from './office/docx.js'
import { odpExtractor } from './office/odp.js'
import { odsExtractor } from './office/ods.js'
import { odtExtractor } from './office/odt.js'
import { pptxExtractor } from './office/pptx.js'
import { xlsExtractor } from './office/xls.js'
import { xlsxExtractor } from './office/xlsx.js'
import { pdfExtractor } from './pdf/pdf.js'
import { pictureExtractor } from './picture/picture.js'
import { plainTextExtractor } from './plain/plain-text.js'
import { subtitlesExtractor } from './plain/subtitles.js'
import { rtfExtractor } from './rtf/rtf.js'
import { sniffFormat } from './sniff.js'
import { isKnownEnding, nameOfEnding } from './unsupported.js'

/** One per format; the first that accepts a file reads it. */
export const extractors: readonly Extractor[] = [
  htmlExtractor,
  docxExtractor,
  pptxExtractor,
  xlsxExtractor,
  xlsExtractor,
  odtExtractor,
  odpExtractor,
  odsExtractor,
  epubExtractor,
  rtfExtractor,
  pdfExtractor,
  pictureExtractor,
  emlExtractor,
  mboxExtractor,
  msgExtractor,
  markdownExtractor,
  csvExtractor,
  jsonExtractor,
  notebookExtractor,
  subtitlesExtractor,
  yamlExtractor,
  settingsExtractor,
  xmlExtractor,
  sourceCodeExtractor,
  plainTextExtractor,
]

const headBytes = 4096
const maxMessageChars = 200
const UNSEEN = 'A picture without a description of its own; pictures are read with --images and Gemini'

/** The extractor that reads a file of this name and content, if there is one. */
export function chooseExtractor(bytes: Uint8Array, name: string): Extractor | undefined {
  const sample = { name, head: bytes.subarray(0, headBytes) }
  return extractors.find((candidate) => candidate.accepts(sample))
}

/**
 * The documents of a file (its own text, then what is attached, in order), or why there are none. Content decides before the
 * name does: a page named `.pdf` is read as HTML, a PDF named `.md` as PDF. `name` is a file name or URI. Never throws but
 * CANCELLED.
 */
export async function extractFile(
  bytes: Uint8Array,
  options: ExtractOptions,
): Promise<ExtractedFile | Skipped> {
  const own = await extractOne(bytes, options)
  if (isSkipped(own)) return own
  const found: Found = { documents: [], notices: [], unseenPictures: 0 }
  await collect(own, undefined, 0, options, found)
  return found.documents.length > 0 ? found : explainNothing(found.notices)
}

type Found = {
  readonly documents: DocumentPart[]
  readonly notices: Notice[]
  unseenPictures: number
}

function explainNothing([first]: readonly Notice[]): Skipped {
  if (first === undefined || first.code === 'TRUNCATED')
    return { skipped: 'NO_TEXT', message: 'The file holds no text' }
  const message =
    first.part === undefined
      ? first.message
      : shorten(`Nothing in it could be read: ${first.part}: ${first.message}`)
  return { skipped: first.code, message }
}

/** Adds a file's own document and those of its attachments, each named by its path within the file. */
async function collect(
  extraction: Extraction,
  part: string | undefined,
  depth: number,
  options: ExtractOptions,
  found: Found,
): Promise<void> {
  const { attachments = [], notices: own = [], picture, ...whole } = extraction
  const { documents, notices } = found
  const about = part === undefined ? {} : { part }
  const extracted = limitText(whole, options.limits)
  const shown = picture === undefined || !options.pictures ? {} : { picture }
  if (extracted.blocks.length > 0 || 'picture' in shown) documents.push({ ...extracted, ...shown, ...about })
  else if (picture !== undefined) notices.push({ code: 'NO_TEXT', message: UNSEEN, ...about })
  if (picture !== undefined && !options.pictures) found.unseenPictures++
  if (extracted.truncated !== undefined)
    notices.push({ code: 'TRUNCATED', message: shorten(extracted.truncated), ...about })
  notices.push(...own.map((notice) => ({ ...notice, message: shorten(notice.message), ...about })))
  const taken = new Set<string>()
  for (const attachment of attachments) {
    throwIfAborted(options.signal)
    const name = uniqueName(attachment.name, taken)
    const path = part === undefined ? name : `${part}/${name}`
    const inner = await extractAttachment(attachment, depth + 1, options)
    if (isSkipped(inner)) notices.push({ code: inner.skipped, message: shorten(inner.message), part: path })
    else await collect(inner, path, depth + 1, options, found)
  }
}

async function extractAttachment(
  { name, bytes, metadata = {} }: Attachment,
  depth: number,
  options: ExtractOptions,
): Promise<Extraction | Skipped> {
  const { maxNesting } = options.limits
  if (depth > maxNesting)
    return { skipped: 'TOO_DEEP', message: `It lies more than ${maxNesting} files deep within the file` }
  const secret = looksLikeSecretName(name) ?? looksLikeSecret(bytes)
  if (secret !== undefined) return { skipped: 'SECRET', message: secret }
  const inner = await extractOne(bytes, { ...options, name })
  return isSkipped(inner) ? inner : { ...inner, metadata: { ...metadata, ...inner.metadata } }
}

async function extractOne(bytes: Uint8Array, options: ExtractOptions): Promise<Extraction | Skipped> {
  throwIfAborted(options.signal)
  if (bytes.length === 0) return { skipped: 'EMPTY', message: 'The file is empty' }
  if (isOnlySpace(bytes)) return { skipped: 'EMPTY', message: 'The file holds nothing but white space' }
  const extractor = chooseExtractor(bytes, options.name)
  if (extractor === undefined) return explainUnsupported(bytes, options.name)
  try {
    const result = await extractor.extract(bytes, options)
    return isSkipped(result) ? { ...result, message: shorten(result.message) } : result
  } catch (thrown) {
    return skipOf(thrown, extractor.format)
  }
}

/** What made a parser give up, as a reason. Throws CANCELLED again. */
function skipOf(thrown: unknown, format: string): Skipped {
  if (thrown instanceof GemdexError && thrown.code === 'CANCELLED') throw thrown
  if (thrown instanceof SkipError) return { skipped: thrown.reason, message: shorten(thrown.message) }
  const message = thrown instanceof Error ? thrown.message : 'unknown reason'
  if (thrown instanceof RangeError) {
    // V8's words for a stack that is too deep and for what does not fit a string or buffer.
    if (/call stack/i.test(message))
      return { skipped: 'TOO_DEEP', message: `Its parts lie too deep within one another for ${format}` }
    if (/string length|allocation|array length/i.test(message))
      return { skipped: 'TOO_LARGE', message: `It needs more memory than one file may take as ${format}` }
  }
  return { skipped: 'PARSE_ERROR', message: shorten(`The file could not be read as ${format}: ${message}`) }
}

function explainUnsupported(bytes: Uint8Array, name: string): Skipped {
  const format = sniffFormat(bytes.subarray(0, headBytes))
  if (format !== undefined) {
    return {
      skipped: 'UNSUPPORTED',
      message: `The content is of a format that is not read: ${format.label}`,
    }
  }
  const ending = endingOf(name)
  if (ending === undefined || !isKnownEnding(ending)) {
    const decoded = decodeText(bytes.subarray(0, headBytes * 4))
    if (isSkipped(decoded)) return decoded
  }
  return {
    skipped: 'UNSUPPORTED',
    message:
      ending === undefined
        ? 'Hidden files without an ending are not read'
        : `${nameOfEnding(ending)} are not read`,
  }
}

/** White space and invisible characters, NULs of UTF-16 white space, byte order marks. */
function isOnlySpace(bytes: Uint8Array): boolean {
  // As a stream: a character that the head cuts in two is left out.
  const text = new TextDecoder('utf-8').decode(bytes.subarray(0, headBytes), { stream: true })
  if (bytes.length > headBytes) return isBlank(text) && isBlank(new TextDecoder('utf-8').decode(bytes))
  const isUtf16 = (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff)
  return isBlank(text) || (isUtf16 && isBlank(new TextDecoder('utf-16le').decode(bytes)))
}

function isBlank(text: string): boolean {
  return !/[^\s\u200b-\u200f\u2060\ufeff]/u.test(text)
}

/** Names of attachments are other people's: kept readable, without path, and told apart. */
function uniqueName(given: string, taken: Set<string>): string {
  const plain = baseName(given)
    .replace(/[\p{Cc}\p{Cf}]+/gu, ' ')
    .trim()
  const name = plain === '' || /^\.+$/.test(plain) ? 'unnamed' : plain.slice(0, 200)
  let unique = name
  for (let n = 2; taken.has(unique); n++) unique = name.replace(/(\.[^.]*)?$/, ` (${n})$1`)
  taken.add(unique)
  return unique
}

function shorten(message: string): string {
  const line = message.replace(/[\s\p{Cc}]+/gu, ' ').trim()
  return line.length <= maxMessageChars ? line : `${line.slice(0, maxMessageChars - 2)} …`
}
