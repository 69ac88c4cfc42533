import { throwIfAborted } from '../../errors.js'
import type { Notice } from '../../types.js'
import type { Attachment, Extraction, ExtractOptions, Extractor, FileSample, Skipped } from '../extractor.js'
import { endingOf, hasEnding, isDotFile, isText } from '../file-name.js'
import { mailFileName } from './mail-attachments.js'
import { readSubject } from './mail-subject.js'

const ENDINGS = ['mbox', 'mbx'] as const
/** `From anna@example.org Thu Mar 14 09:26:53 2024`, or `From - Thu ...` as Thunderbird writes it; headers follow. */
const SEPARATOR = /^From \S[^\r\n]*(?:\d{4}|\d\d:\d\d)[^\r\n]*\r?\n(?:>?[A-Za-z][\w-]*:|\r?\n)/
const SEPARATOR_PROBE_BYTES = 1024

/**
 * Mailboxes (RFC 4155). Each message is a document of its own, named by its number and subject. Lines `>From` that were quoted
 * to tell them from the separators are put right (as mboxrd has it, see
 * https://www.loc.gov/preservation/digital/formats/fdd/fdd000385.shtml). Thunderbird's files have no ending and are told by
 * their first line.
 */
export const mboxExtractor: Extractor = {
  format: 'mailbox',
  isIsolated: true,
  accepts(file: FileSample): boolean {
    if (!isText(file.head)) return false
    if (hasEnding(file.name, ENDINGS)) return true
    return endingOf(file.name) === undefined && !isDotFile(file.name) && isSeparator(bufferOf(file.head), 0)
  },
  async extract(bytes: Uint8Array, options: ExtractOptions): Promise<Extraction | Skipped> {
    throwIfAborted(options.signal)
    const { decodeWords } = await import('postal-mime')
    const buffer = bufferOf(bytes)
    const starts = findMessages(buffer)
    if (starts.length === 0)
      return { skipped: 'TYPE_MISMATCH', message: 'It is named as a mailbox, but holds no messages' }
    const { maxParts } = options.limits
    const attachments: Attachment[] = []
    for (const [i, start] of starts.slice(0, maxParts).entries()) {
      throwIfAborted(options.signal)
      const message = messageAt(buffer, start, starts[i + 1] ?? buffer.length)
      const number = String(i + 1).padStart(4, '0')
      attachments.push({
        name: `${number} ${mailFileName(readSubject(message, decodeWords), 'eml')}`,
        bytes: message,
      })
    }
    return {
      text: '',
      blocks: [],
      metadata: {},
      type: 'application/mbox',
      attachments,
      notices: tooMany(starts.length, maxParts),
    }
  },
}

function tooMany(messages: number, maxParts: number): Notice[] {
  if (messages <= maxParts) return []
  const count = (n: number) => n.toLocaleString('en')
  return [
    {
      code: 'TRUNCATED',
      message: `Only the first ${count(maxParts)} of ${count(messages)} messages were read`,
    },
  ]
}

/** Where messages begin: at lines `From ...` behind a blank line, with a header below. */
function findMessages(buffer: Buffer): number[] {
  const starts = isSeparator(buffer, 0) ? [0] : []
  for (let at = buffer.indexOf('\nFrom '); at >= 0; at = buffer.indexOf('\nFrom ', at + 1)) {
    const before = buffer[at - 1] === 0x0d ? buffer[at - 2] : buffer[at - 1]
    if (before === 0x0a && isSeparator(buffer, at + 1)) starts.push(at + 1)
  }
  return starts
}

function isSeparator(buffer: Buffer, at: number): boolean {
  return SEPARATOR.test(buffer.toString('latin1', at, Math.min(buffer.length, at + SEPARATOR_PROBE_BYTES)))
}

function messageAt(buffer: Buffer, start: number, end: number): Uint8Array {
  const body = buffer.subarray(buffer.indexOf('\n', start) + 1, end)
  if (!/\n>+From /.test(body.includes('\n>') ? body.toString('latin1') : '')) return body
  return Buffer.from(body.toString('latin1').replace(/\n>(>*From )/g, '\n$1'), 'latin1')
}

function bufferOf(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}
