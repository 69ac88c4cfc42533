import { createRequire } from 'node:module'
import type { FieldsData } from '@kenjiuno/msgreader'
import { throwIfAborted } from '../../errors.js'
import { codePageLabel } from '../code/code-page.js'
import { checkCompoundFile } from '../compound-file.js'
import { declaredCharset } from '../encoding/declared-charset.js'
import { decodeText } from '../encoding/encoding.js'
import type { Extraction, ExtractOptions, Extractor, FileSample, Skipped } from '../extractor.js'
import { hasEnding } from '../file-name.js'
import { readRtfBody } from '../rtf/rtf-body.js'
import { sniffFormat } from '../sniff.js'
import { type MailFile, mailFileName, readAttachments } from './mail-attachments.js'
import { type MailMessage, writeMail } from './mail-message.js'

/** Code pages in which the library reads by itself: UTF-8 and the ASCII that all share. */
const PLAIN_CODE_PAGES = [65001, 20127]

/**
 * Outlook's messages ([MS-OXMSG]). Read as other mails are; a body that there is only as RTF is brought back to the text or
 * HTML from which Outlook made it, and becomes a document of its own where it was written as RTF.
 */
export const msgExtractor: Extractor = {
  format: 'Outlook message',
  isIsolated: true,
  accepts(file: FileSample): boolean {
    return hasEnding(file.name, ['msg']) && [undefined, 'ole'].includes(sniffFormat(file.head)?.id)
  },
  async extract(bytes: Uint8Array, options: ExtractOptions): Promise<Extraction | Skipped> {
    throwIfAborted(options.signal)
    if (sniffFormat(bytes.subarray(0, 16))?.id !== 'ole')
      return { skipped: 'TYPE_MISMATCH', message: 'It is named as an Outlook message, but is none' }
    checkCompoundFile(bytes)
    const message = readOrNothing(bytes)
    throwIfAborted(options.signal)
    if (message === undefined || message.fields.error !== undefined || message.fields.dataType !== 'msg')
      return { skipped: 'PARSE_ERROR', message: 'It is no sound Outlook message' }
    const { fields, files } = message
    const body = bodyOf(fields)
    const limited = files.slice(0, options.limits.maxParts)
    const mail = {
      ...headerOf(fields),
      ...body,
      attachments: readAttachments(body.rtf === undefined ? limited : [...limited, rtfFile(body.rtf)]),
    }
    const extraction = writeMail(mail, 'application/vnd.ms-outlook')
    const left = files.length - limited.length
    return left === 0
      ? extraction
      : { ...extraction, notices: [{ code: 'TRUNCATED', message: `${left} more attachments were not read` }] }
  },
}

type Message = { readonly fields: FieldsData; readonly files: readonly MailFile[] }

/** The library stumbles over what it does not expect. */
function readOrNothing(bytes: Uint8Array): Message | undefined {
  try {
    return readMessage(bytes)
  } catch {
    return undefined
  }
}

function readMessage(bytes: Uint8Array): Message {
  // Required, as its default export is a property of that of a CommonJS module, which loaders see each in their own way.
  const { default: MsgReader }: typeof import('@kenjiuno/msgreader') = createRequire(import.meta.url)(
    '@kenjiuno/msgreader',
  )
  // A copy, as the library reads the buffer from its start.
  const { buffer } = Uint8Array.from(bytes)
  let reader = new MsgReader(buffer)
  let fields = reader.getFileData()
  const codePage = fields.messageCodepage ?? fields.internetCodepage
  const label =
    codePage === undefined || PLAIN_CODE_PAGES.includes(codePage) ? undefined : codePageLabel(codePage)
  if (label !== undefined) {
    // Old messages keep their texts in a code page, which is known only once they were read.
    reader = new MsgReader(buffer)
    reader.parserConfig = { ansiEncoding: label }
    fields = reader.getFileData()
  }
  const files = (fields.attachments ?? []).map((attachment) => {
    const { fileName, content } = reader.getAttachment(attachment)
    const isMessage = attachment.innerMsgContent === true
    return {
      name: isMessage
        ? mailFileName(attachment.innerMsgContentFields?.subject ?? attachment.name, 'msg')
        : fileName,
      type: attachment.attachMimeTag?.toLowerCase(),
      isInline: attachment.attachmentHidden === true || attachment.pidContentId !== undefined,
      bytes: content,
    }
  })
  return { fields, files }
}

function headerOf(fields: FieldsData): Omit<MailMessage, 'attachments'> {
  const recipients = (type: string) =>
    (fields.recipients ?? [])
      .filter(({ recipType }) => recipType === type)
      .flatMap((each) => personOf(each.name, each.smtpAddress ?? each.email) ?? [])
  return {
    subject: fields.subject ?? fields.conversationTopic,
    from: personOf(
      fields.senderName,
      fields.senderSmtpAddress ?? fields.creatorSMTPAddress ?? fields.senderEmail,
    ),
    to: recipients('to'),
    cc: recipients('cc'),
    sent: isoDate(fields.clientSubmitTime ?? fields.messageDeliveryTime ?? fields.creationTime),
    details: [
      ['Begins', isoDate(fields.apptStartWhole)],
      ['Ends', isoDate(fields.apptEndWhole)],
      ['Place', fields.apptLocation],
    ],
  }
}

/** `Name <address>`; Exchange's own addresses (`/O=...`) say nothing outside it. */
function personOf(name: string | undefined, address: string | undefined): string | undefined {
  const words = name?.trim() ?? ''
  const mail = address?.includes('@') === true ? address.trim() : ''
  if (mail === '' || mail === words) return words === '' ? undefined : words
  return words === '' ? mail : `${words} <${mail}>`
}

function isoDate(date: string | undefined): string | undefined {
  const ms = Date.parse(date ?? '')
  return Number.isNaN(ms) ? undefined : new Date(ms).toISOString()
}

type Body = Pick<MailMessage, 'plain' | 'html'> & { readonly rtf?: Uint8Array }

/** The body in the forms that there are; RTF only where there is no other. */
function bodyOf({ body, bodyHtml, html, compressedRtf, internetCodepage }: FieldsData): Body {
  const plain = body?.replace(/\r\n?/g, '\n')
  const page = bodyHtml ?? (html === undefined ? undefined : decodeHtml(html, internetCodepage))
  const hasBody = (plain ?? '').trim() !== '' || (page ?? '').trim() !== ''
  if (hasBody || compressedRtf === undefined) return { plain, html: page }
  return readRtfBody(compressedRtf)
}

function decodeHtml(html: Uint8Array, codePage: number | undefined): string | undefined {
  const decoded = decodeText(html, declaredCharset(html) ?? codePageLabel(codePage ?? 65001))
  return 'skipped' in decoded ? undefined : decoded.text
}

function rtfFile(bytes: Uint8Array): MailFile {
  return { name: 'message.rtf', isInline: false, bytes }
}
