import type { Block, Location, MetadataValue } from '../../types.js'
import { boundedList, boundedText, present } from '../bounded-metadata.js'
import type { Attachment, Extraction } from '../extractor.js'
import { readHtml } from '../html/html.js'
import { splitLines } from '../lines.js'
import { TextBuilder } from '../text-builder.js'
import { beginsHistory, splitMail } from './mail-history.js'

/** A mail as its file format gives it. */
export type MailMessage = {
  readonly subject?: string | undefined
  /** People as `Name <address>`. */
  readonly from?: string | undefined
  readonly to: readonly string[]
  readonly cc: readonly string[]
  /** ISO 8601 where the file's date could be read, else as it is written there. */
  readonly sent?: string | undefined
  /** More that stands above the words, such as when a meeting begins. */
  readonly details?: readonly (readonly [name: string, value: string | undefined])[]
  /** The two forms of the body; the better one is read. */
  readonly plain?: string | undefined
  readonly html?: string | undefined
  readonly attachments: readonly Attachment[]
}

const HISTORY = 'Earlier messages'
/** A plain form with less than this share of the words of the HTML form only says that there is one. */
const MIN_PLAIN_SHARE = 0.4
const MAX_PEOPLE_CHARS = 500

/**
 * A mail as text: who wrote to whom, when and about what, then what is new in it, and what it quotes of older mails under a
 * heading of its own. A plain body is located by the lines of this text; an HTML body has no lines that anybody sees.
 */
export function writeMail(message: MailMessage, type: string): Extraction {
  const { plain, html } = message
  const page = html === undefined || html.trim() === '' ? undefined : readHtml(html, { hasLines: false })
  const usesHtml = page !== undefined && page.blocks.length > 0 && !isRealPlain(plain, page.text)
  const builder = new TextBuilder()
  const anywhere: Location = { kind: 'section', path: [] }
  builder.add('text', headerLines(message).join('\n'), anywhere)
  if (usesHtml) writeHtmlBody(builder, page)
  else writePlainBody(builder, plain ?? '', anywhere)
  const { text, blocks } = builder.finish()
  const subject = boundedText(message.subject)
  return {
    text,
    blocks: usesHtml ? blocks : byLines(text, blocks),
    ...(subject === undefined ? {} : { title: subject }),
    metadata: mailMetadata(message),
    type,
    attachments: message.attachments.map((attachment) => ({
      ...attachment,
      metadata: present<MetadataValue>({ from: boundedText(message.from), sent: boundedText(message.sent) }),
    })),
  }
}

function mailMetadata({ subject, from, to, cc, sent }: MailMessage) {
  return present<MetadataValue>({
    subject: boundedText(subject),
    from: boundedText(from),
    to: to.length === 0 ? undefined : boundedList(to),
    cc: cc.length === 0 ? undefined : boundedList(cc),
    sent: boundedText(sent),
  })
}

function headerLines({ subject, from, to, cc, sent, details = [], attachments }: MailMessage): string[] {
  const people = (list: readonly string[]) => {
    const all = list.join(', ')
    return all.length <= MAX_PEOPLE_CHARS ? all : `${all.slice(0, MAX_PEOPLE_CHARS)} …`
  }
  const fields: (readonly [string, string | undefined])[] = [
    ['From', from],
    ['To', people(to)],
    ['Cc', people(cc)],
    ['Date', sent?.replace(/^(\d{4}-\d\d-\d\d)T(\d\d:\d\d).*Z$/, '$1 $2 UTC')],
    ['Subject', subject],
    ...details,
    ['Attachments', people(attachments.map(({ name }) => name))],
  ]
  return fields.flatMap(([name, value]) => {
    const text = boundedText(value)
    return text === undefined ? [] : [`${name}: ${text}`]
  })
}

/** Whether the plain form holds what the HTML form says, and is no HTML itself. */
function isRealPlain(plain: string | undefined, html: string): boolean {
  if (plain === undefined || plain.trim() === '' || /^\s*<(?:!doctype|html|head|body|div)\b/i.test(plain))
    return false
  return lettersOf(plain) >= lettersOf(html) * MIN_PLAIN_SHARE
}

/** Letters outside addresses, which plain forms are full of. */
function lettersOf(text: string): number {
  return text.replace(/https?:\/\/\S+/g, '').match(/[\p{L}\p{N}]/gu)?.length ?? 0
}

function writePlainBody(builder: TextBuilder, body: string, location: Location): void {
  let isHistory = false
  for (const { kind, text } of splitMail(body)) {
    if (kind === 'history' && !isHistory) {
      builder.addName(1, HISTORY, location)
      isHistory = true
    }
    for (const paragraph of text.split(/\n[^\S\n]*(?:\n[^\S\n]*)+/)) {
      builder.add('text', paragraph.replace(/^\n+/, '').trimEnd(), location)
    }
  }
}

function writeHtmlBody(
  builder: TextBuilder,
  page: { readonly text: string; readonly blocks: readonly Block[] },
): void {
  const historyAt = page.blocks.findIndex(({ start, end }, i) => {
    // Outlook puts each line of an older mail's header into a paragraph of its own, or all into one.
    const below = page.text.slice(start, page.blocks[Math.min(i + 6, page.blocks.length - 1)]?.end ?? end)
    return beginsHistory(below.split(/\n+/), 0)
  })
  const path: string[] = []
  const end = historyAt < 0 ? page.blocks.length : historyAt
  builder.addBlocks({ text: page.text, blocks: page.blocks.slice(0, end) }, () => ({ kind: 'section', path }))
  if (historyAt < 0) return
  const location: Location = { kind: 'section', path: [HISTORY] }
  builder.addName(1, HISTORY, location)
  builder.addBlocks({ text: page.text, blocks: page.blocks.slice(historyAt) }, () => location, 1)
}

/** The blocks located by the lines of the text itself. */
function byLines(text: string, blocks: readonly Block[]): Block[] {
  const { starts } = splitLines(text)
  let line = 0
  const lineOf = (offset: number) => {
    while (line + 1 < starts.length && (starts[line + 1] ?? 0) <= offset) line++
    return line + 1
  }
  return blocks.map((block) => {
    // A name has no words of its own: it stands behind the blank line that follows the block before.
    const isName = block.start === block.end && block.start > 0
    const start = lineOf(isName ? block.start + 2 : block.start)
    return { ...block, location: { kind: 'lines', start, end: Math.max(start, lineOf(block.end)) } }
  })
}
