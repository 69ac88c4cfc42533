import type { Address, Email, Attachment as MimePart } from 'postal-mime'
import { throwIfAborted } from '../../errors.js'
import type { Notice } from '../../types.js'
import { mendWindows1252 } from '../encoding/decode-bytes.js'
import { decodeText } from '../encoding/encoding.js'
import type { Extraction, ExtractOptions, Extractor, FileSample, Skipped } from '../extractor.js'
import { hasEnding, isText } from '../file-name.js'
import { type MailFile, mailFileName, readAttachments } from './mail-attachments.js'
import { writeMail } from './mail-message.js'
import { readSubject } from './mail-subject.js'

const MAIL_HEADERS = new Set('from to date subject received message-id mime-version content-type'.split(' '))
/** Containers of what only its receiver can read (RFC 3156, RFC 8551). */
const ENCRYPTED = new Set(['application/pgp-encrypted', 'application/pkcs7-mime', 'application/x-pkcs7-mime'])

/**
 * Mails (RFC 5322 and MIME). Of a body in two forms the plain one is read, unless it only says that there is another. Files
 * attached to it, mails among them, become documents of their own.
 */
export const emlExtractor: Extractor = {
  format: 'e-mail',
  isIsolated: true,
  accepts(file: FileSample): boolean {
    return hasEnding(file.name, ['eml']) && isText(file.head)
  },
  async extract(bytes: Uint8Array, options: ExtractOptions): Promise<Extraction | Skipped> {
    throwIfAborted(options.signal)
    const { default: PostalMime, decodeWords } = await import('postal-mime')
    const mail = await PostalMime.parse(bytes, { forceRfc822Attachments: true })
    throwIfAborted(options.signal)
    if (!isMail(mail))
      return { skipped: 'TYPE_MISMATCH', message: 'It is named as an e-mail, but has no header of one' }
    const parts = mail.attachments.filter(({ mimeType }) => !ENCRYPTED.has(mimeType))
    const limited = parts.slice(0, options.limits.maxParts)
    const extraction = writeMail(
      {
        subject: mend(mail.subject),
        from: mail.from === undefined ? undefined : people([mail.from])[0],
        to: people(mail.to ?? []),
        cc: people(mail.cc ?? []),
        sent: mail.date,
        plain: plainBody(mail, bytes),
        html: mend(mail.html),
        attachments: readAttachments(limited.map((part) => fileOf(part, decodeWords))),
      },
      'message/rfc822',
    )
    return { ...extraction, notices: noticesOf(mail, parts.length, limited.length) }
  },
}

/** A mail says who wrote it, to whom, when or what about; else it is a text of another kind. */
function isMail({ headers }: Email): boolean {
  return headers.some(({ key }) => MAIL_HEADERS.has(key))
}

function people(addresses: readonly Address[]): string[] {
  return addresses
    .flatMap((address) => address.group ?? [address])
    .flatMap(({ name, address }) => {
      const words = mend(name)?.trim() ?? ''
      if (words === '' || words === address) return address ?? []
      return address === undefined || address === '' ? words : `${words} <${address}>`
    })
}

/**
 * The plain form. Old programs send letters of other alphabets without saying in which encoding: what was then decoded as
 * UTF-8 with errors is decoded once more from the bytes, where the mail has no other parts.
 */
function plainBody({ text, headers }: Email, bytes: Uint8Array): string | undefined {
  if (text?.includes('\ufffd') !== true) return mend(text)
  const header = (name: string) => headers.find(({ key }) => key === name)?.value.toLowerCase() ?? ''
  const isEncoded = /base64|quoted-printable/.test(header('content-transfer-encoding'))
  const isDeclared = /multipart|charset/.test(header('content-type'))
  const end = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    .toString('latin1')
    .search(/\r?\n\r?\n/)
  const decoded = isEncoded || isDeclared || end < 0 ? undefined : decodeText(bytes.subarray(end))
  return decoded === undefined || 'skipped' in decoded ? mend(text) : decoded.text
}

function fileOf(
  { filename, mimeType, disposition, related, content }: MimePart,
  decodeWords: (text: string) => string,
): MailFile {
  const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : new Uint8Array(content)
  const isMessage = mimeType === 'message/rfc822'
  const name = filename ?? (isMessage ? mailFileName(readSubject(bytes, decodeWords), 'eml') : undefined)
  return { name, type: mimeType, isInline: related === true || disposition === 'inline', bytes }
}

function noticesOf({ attachments }: Email, parts: number, read: number): Notice[] {
  const notices: Notice[] = []
  if (attachments.length > parts)
    notices.push({ code: 'ENCRYPTED', message: 'The message is encrypted, or signed as a whole' })
  if (parts > read)
    notices.push({ code: 'TRUNCATED', message: `Only the first ${read} of ${parts} attachments were read` })
  return notices
}

/** Line ends, and what Node's decoder leaves of Windows-1252. */
function mend(text: string | undefined): string | undefined {
  return text === undefined ? undefined : mendWindows1252(text).replace(/\r\n?/g, '\n')
}
