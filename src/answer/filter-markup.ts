import { decodeReferences } from './decode-references.js'

/** Stands where an address was. */
export const LINK_REMOVED = '‹link removed›'

/** Their addresses are made live by renderers and terminals, whatever stands around them. */
const SCHEMES = 'https?|ftps?|wss?|file|data|javascript|vbscript|blob|mailto|xmpp|tel'
/** An address ends at a blank and at what encloses it: a marker behind it stays. */
const ADDRESS_REST = '[^\\s<>"`\\[\\]{}|^]*'
const ADDRESS = new RegExp(`(?<![A-Za-z0-9])(?:(?:${SCHEMES}):(?=\\S)|www\\.)${ADDRESS_REST}`, 'gi')
/** Of a scheme that is none of those, the name stays. */
const FOREIGN_ADDRESS = new RegExp(`:\\/\\/${ADDRESS_REST}`, 'g')
/** `data:5` is no address, `data:image/png;base64,...` is one. */
const PROSE = /^(?:data|file|tel|blob):(?![a-z]+\/|\/\/|\+?\d{3})/i
const CLOSING = /[.,;:!?)]+$/
const MAIL = /`*([A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+)`*/g
/** The destination of an inline link or picture, as far as it has no blanks. */
const DESTINATION = /\]\(([^()\s]*(?:\([^()\s]*\)[^()\s]*)*)(\)?)/g
const LIKE_DESTINATION = /[/:.#@<%]|^$/
/** Of a marker, the exclamation mark before it is the sentence's. */
const PICTURE = /!+(?=\[(?!\d{1,3}[\],;]))/g
/** What begins a tag, a comment, a declaration or an instruction (HTML standard, section 13.2.5.6). */
const TAG = /<(?=[A-Za-z/!?])/g
/** As most words of an answer are: nothing in it can become anything. */
const PLAIN = /^(?!www\.)[A-Za-z0-9]+[.,;]?$/i
/** A renderer takes them out: what stands around them becomes one. */
const EMPHASIS = /[*_~`]+/g
const ESCAPED = /\\([[\]()<>!:/@&.`])/g

/**
 * Takes out of a stretch of an answer what a renderer could make a link, a picture or HTML of, by what the characters can
 * become and not by guessing at the form they came in: in what is left no reference can be defined, no inline link or
 * picture, autolink or tag can stand. Mail addresses become code, of which nothing makes a link.
 *
 * `run` is a stretch of visible ASCII characters without blanks: every such form has its decisive characters side by side.
 */
export function filterRun(run: string): string {
  if (PLAIN.test(run)) return run
  const text = plainText(run)
  return withoutMarkup(hidesAddress(text) ? LINK_REMOVED : text)
}

/** An address that stands there only once emphasis is rendered: `ht**tp://`. */
function hidesAddress(text: string): boolean {
  const bare = text.replace(EMPHASIS, '')
  return bare !== text && withoutAddresses(bare) !== bare && withoutAddresses(text) === text
}

function withoutAddresses(text: string): string {
  return text
    .replace(ADDRESS, (address) => (PROSE.test(address) ? address : remove(address)))
    .replace(FOREIGN_ADDRESS, (address) => ` ${remove(address)}`)
}

function withoutMarkup(run: string): string {
  const text = run
    .replace(DESTINATION, (_, destination: string, end: string) =>
      LIKE_DESTINATION.test(destination) ? ']' : `] (${destination}${end}`,
    )
    .replaceAll('](', '] (')
    .replace(PICTURE, '')
    .replaceAll(']:', '] :')
  return withoutAddresses(text).replace(MAIL, '`$1`').replace(TAG, '‹')
}

/** What a reader of rendered Markdown would see: references and escapes resolved, until there are none. */
function plainText(run: string): string {
  let text = run
  for (let before = ''; before !== text; ) {
    before = text
    text = decodeReferences(text).replace(ESCAPED, '$1')
  }
  return text
}

/** What closes the sentence stays. */
function remove(address: string): string {
  return LINK_REMOVED + (CLOSING.exec(address)?.[0] ?? '')
}
