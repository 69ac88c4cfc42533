import { visible } from '../../text/visible.js'

const MAX_CHARS = 200
/** What is looked at before anything is masked, so that the work is bounded. */
const MAX_READ_CHARS = 1_000
const MAIL = /[^\s<>()[\],;:"']{1,100}@[^\s<>()[\],;:"']{1,200}/g
/** Twenty or more characters with a digit, a capital and a small letter: keys and tokens, seldom a word. */
const SECRET = /(?<![\w-])(?=[\w-]*\d)(?=[\w-]*[a-z])(?=[\w-]*[A-Z])[\w-]{20,}(?![\w-])/g
/** Twenty-four or more letters and digits in one run, three of them digits: keys in small letters, sums in hexadecimal. */
const TOKEN = /(?<![\w-])(?=(?:[a-z]*\d){3})[a-z\d]{24,}(?![\w-])/gi
/** Digits, one space, hyphen, dot, slash or bracket or two between them: numbers of telephones, accounts and cards. */
const NUMBER = /\+?\(?\d(?:[ ()./-]{0,2}\d){6,}/g
/** Dates and spans of years have as many digits and name nobody. */
const TIME = /^(?:\d{4}[-./]\d{1,2}[-./]\d{1,2}|\d{1,2}[-./]\d{1,2}[-./]\d{4}|\d{4} ?[-/] ?\d{4})$/

/**
 * A question as it may be kept: on one line, without invisible characters, at most 200 characters; what looks like an address of
 * e-mail, a telephone number or a key is masked. Undefined for what says nothing: fewer than two letters.
 */
export function normaliseQuestion(question: string): string | undefined {
  const seen = visible(question.slice(0, MAX_READ_CHARS)).normalize('NFC').replace(/\s+/g, ' ').trim()
  const masked = seen
    .replace(MAIL, '[e-mail]')
    .replace(SECRET, '[key]')
    .replace(TOKEN, '[key]')
    .replace(NUMBER, (digits) => (TIME.test(digits) ? digits : '[number]'))
  const kept = masked
    .slice(0, MAX_CHARS)
    .replace(/[\ud800-\udbff]$/, '')
    .trim()
  return /\p{L}.*\p{L}/u.test(kept.replace(/\[(?:e-mail|key|number)\]/g, '')) ? kept : undefined
}
