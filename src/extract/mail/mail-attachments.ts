import type { Attachment } from '../extractor.js'
import { endingOf } from '../file-name.js'

/** A part of a mail that is not its body. */
export type MailFile = {
  readonly name?: string | undefined
  /** MIME type in small letters. */
  readonly type?: string | undefined
  /** Whether the body shows it, as it does logos and the like. */
  readonly isInline: boolean
  readonly bytes: Uint8Array
}

/** Pictures in a body are screenshots, which say something, or logos, which are smaller. */
const MAX_LOGO_BYTES = 20_000

/** Signatures of mails hold nothing to read. */
const SIGNATURES = new Set([
  'application/pgp-signature',
  'application/pkcs7-signature',
  'application/x-pkcs7-signature',
])

const endings: ReadonlyMap<string, string> = new Map([
  ['message/rfc822', 'eml'],
  ['text/plain', 'txt'],
  ['message/delivery-status', 'txt'],
  ['text/html', 'html'],
  ['text/csv', 'csv'],
  ['text/calendar', 'ics'],
  ['application/json', 'json'],
  ['application/xml', 'xml'],
  ['application/pdf', 'pdf'],
  ['application/rtf', 'rtf'],
  ['image/jpeg', 'jpg'],
  ['image/png', 'png'],
  ['image/gif', 'gif'],
  ['image/webp', 'webp'],
])

/** What is attached to a mail, each under a name with an ending; signatures, and small pictures of the body, are left out. */
export function readAttachments(files: readonly MailFile[]): Attachment[] {
  return files.flatMap((file, i) => {
    const { type = '', isInline, bytes } = file
    const isLogo = isInline && type.startsWith('image/') && bytes.length <= MAX_LOGO_BYTES
    return isLogo || SIGNATURES.has(type) || bytes.length === 0 ? [] : [{ name: nameOf(file, i + 1), bytes }]
  })
}

/** A mail's subject as a file name: slashes part folders. */
export function mailFileName(subject: string | undefined, ending: string): string {
  const words = (subject ?? '')
    .replace(/[/\\]/g, '-')
    .replace(/[\s\p{Cc}\p{Cf}]+/gu, ' ')
    .trim()
  return `${words.slice(0, 120).trim() || 'message'}.${ending}`
}

function nameOf({ name, type = '' }: MailFile, number: number): string {
  const given = name?.trim() ?? ''
  const ending = endings.get(type)
  if (given === '') return `attachment ${number}${ending === undefined ? '' : `.${ending}`}`
  return endingOf(given) === undefined && ending !== undefined ? `${given}.${ending}` : given
}
