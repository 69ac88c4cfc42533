/** A part of what was written in a mail. `history` is what older mails said, quoted as a whole. */
export type MailPart = { readonly kind: 'new' | 'history' | 'signature'; readonly text: string }

/** `On Monday, Anna wrote:` above a quotation, as mail programs in the common languages put it; may go over two lines. */
const ATTRIBUTION =
  /(?:\bwrote|\bschrieb|\ba écrit|\bescribió|\bha scritto|\bescreveu|\bschreef|\bskrev|\bnapisał\(?a?\)?|\bnapsal\(?a?\)?|писала?|написала?|写道|さんは書きました|のメール)[^\n]{0,60}[:：]\s*$/iu
const ATTRIBUTION_START = /^\s*(?:On|Am|Le|El|Il|Em|Op|Den|W dniu|Dne)\b/i
const DIVIDER = /^\s*[-_]{2,}\s?\p{L}[^\n]{2,40}\p{L}\s?[-_]{2,}\s*$/u
const FROM_LINE =
  /^\s*[*>]*\s*(?:From|Von|De|Da|Van|Från|Fra|Od|От|发件人|寄件者|差出人|送信者|보낸 사람)\s?\*?\s?[:：]/iu
const SUBJECT_LINE =
  /^\s*[*>]*\s*(?:Subject|Betreff|Objet|Asunto|Oggetto|Assunto|Onderwerp|Ämne|Emne|Temat|Předmět|Тема|主题|主旨|件名|제목)\s?\*?\s?[:：]/iu
const QUOTED = /^ {0,2}>/
/** Lines between `From:` and `Subject:` in the header that Outlook puts above an older mail. */
const HEADER_LINES = 6

/** Whether an older mail begins at a line: its header, a divider, or who wrote it when. */
export function beginsHistory(lines: readonly string[], at: number): boolean {
  const line = lines[at] ?? ''
  if (FROM_LINE.test(line))
    return lines.slice(at + 1, at + 1 + HEADER_LINES).some((below) => SUBJECT_LINE.test(below))
  if (DIVIDER.test(line)) return lines.slice(at + 1, at + 4).some((below) => FROM_LINE.test(below))
  return attributionLines(lines, at) > 0
}

/**
 * Parts of a mail's plain text: what is new first, then the signature, then the older mails that it quotes as a whole, be they
 * below the new words or above them. Quotations that are answered point by point stay where they are.
 */
export function splitMail(text: string): MailPart[] {
  const lines = text.split('\n')
  const end = historyStart(lines)
  const { from, to } = leadingQuote(lines, end)
  const isAnsweredBelow = to > 0 && !lines.slice(to, end).some((line) => QUOTED.test(line))
  const own = isAnsweredBelow ? [...lines.slice(0, from), ...lines.slice(to, end)] : lines.slice(0, end)
  const signatureAt = own.findIndex((line) => /^-- ?$/.test(line))
  const fresh = signatureAt < 0 ? own : own.slice(0, signatureAt)
  const parts: MailPart[] = [
    { kind: 'new', text: fresh.join('\n') },
    { kind: 'signature', text: signatureAt < 0 ? '' : own.slice(signatureAt + 1).join('\n') },
    { kind: 'history', text: isAnsweredBelow ? unquote(lines.slice(from, to)) : '' },
    { kind: 'history', text: unquote(lines.slice(end)) },
  ]
  return parts.filter((part) => part.text.trim() !== '')
}

/** The line from which on everything is older: a header of an older mail, or a quotation with nothing but a signature below. */
function historyStart(lines: readonly string[]): number {
  const marked = lines.findIndex((_, at) => beginsHistory(lines, at) && !isFollowedByNewWords(lines, at))
  const end = marked < 0 ? lines.length : marked
  let last = end - 1
  while (last >= 0 && !QUOTED.test(lines[last] ?? '') && (lines[last] ?? '').trim() === '') last--
  if (!QUOTED.test(lines[last] ?? '')) return end
  let first = last
  while (first > 0 && (QUOTED.test(lines[first - 1] ?? '') || (lines[first - 1] ?? '').trim() === '')) first--
  while (first < last && (lines[first] ?? '').trim() === '') first++
  return first - attributionAbove(lines, first)
}

/** Under "Anna wrote:" stands a quotation; where that is answered below, this is no history. */
function isFollowedByNewWords(lines: readonly string[], at: number): boolean {
  const height = attributionLines(lines, at)
  if (height === 0) return false
  let next = at + height
  while (next < lines.length && (lines[next] ?? '').trim() === '') next++
  if (!QUOTED.test(lines[next] ?? '')) return false
  while (next < lines.length && (QUOTED.test(lines[next] ?? '') || (lines[next] ?? '').trim() === '')) next++
  return next < lines.length
}

/** A quotation that the mail begins with, with its attribution: lines `from` to before `to`; none when `to` is 0. */
function leadingQuote(lines: readonly string[], end: number): { readonly from: number; readonly to: number } {
  let at = 0
  while (at < end && (lines[at] ?? '').trim() === '') at++
  const from = at
  at += attributionLines(lines, at)
  while (at < end && (lines[at] ?? '').trim() === '') at++
  if (!QUOTED.test(lines[at] ?? '')) return { from: 0, to: 0 }
  while (at < end && (QUOTED.test(lines[at] ?? '') || (lines[at] ?? '').trim() === '')) at++
  return at >= end ? { from: 0, to: 0 } : { from, to: at }
}

function attributionAbove(lines: readonly string[], at: number): number {
  let above = at - 1
  while (above > 0 && (lines[above] ?? '').trim() === '') above--
  for (const height of [1, 2]) {
    if (above - height + 1 >= 0 && attributionLines(lines, above - height + 1) === height)
      return at - above + height - 1
  }
  return 0
}

/** How many lines an attribution takes that begins here: 0, 1 or 2. */
function attributionLines(lines: readonly string[], at: number): number {
  const line = lines[at] ?? ''
  if (line.trim() === '' || QUOTED.test(line) || line.length > 300) return 0
  if (isAttribution(line)) return 1
  const next = lines[at + 1] ?? ''
  const isBegun = next.length <= 200 && !QUOTED.test(next) && ATTRIBUTION_START.test(line) && /\d/.test(line)
  return isBegun && isAttribution(next) ? 2 : 0
}

function isAttribution(line: string): boolean {
  // Looked at first, as a mailbox has a million lines.
  return /[:：]\s*$/.test(line.slice(-8)) && ATTRIBUTION.test(line)
}

/** History reads better without its marks. */
function unquote(lines: readonly string[]): string {
  return lines.map((line) => line.replace(/^(?: ?>)+ ?/, '')).join('\n')
}
