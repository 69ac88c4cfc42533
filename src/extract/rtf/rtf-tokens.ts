/** A piece of an RTF file (specification 1.9.1, "RTF Syntax"). */
export type RtfToken =
  | { readonly kind: 'open' }
  | { readonly kind: 'close' }
  /** A control word or symbol, such as `par`, `u` with its number, or `~`. */
  | { readonly kind: 'control'; readonly word: string; readonly number: number | undefined }
  /** Characters as bytes, each a character of the string below U+0100. */
  | { readonly kind: 'text'; readonly bytes: string }

const control = /\\(?:([a-zA-Z]{1,32})(-?\d{1,10})? ?|'([0-9a-fA-F]{2})|\r?\n|([\s\S]))/y
const run = /[^\\{}\r\n]+/y

/** Reads RTF from left to right; what follows `\bin` is passed over. `source` holds a byte in each character. */
export function* readRtf(source: string): Generator<RtfToken> {
  let at = 0
  while (at < source.length) {
    const first = source.charAt(at)
    if (first === '{' || first === '}') {
      at++
      yield { kind: first === '{' ? 'open' : 'close' }
    } else if (first === '\\') {
      control.lastIndex = at
      const [whole = '\\', word, number, byte, symbol] = control.exec(source) ?? []
      at += whole.length
      if (byte !== undefined) yield { kind: 'text', bytes: String.fromCharCode(Number.parseInt(byte, 16)) }
      else if (word === 'bin') at += Math.max(0, Number(number ?? 0))
      else if (word !== undefined)
        yield { kind: 'control', word, number: number === undefined ? undefined : Number(number) }
      // A backslash before a line break is a paragraph's end.
      else yield { kind: 'control', word: symbol ?? 'par', number: undefined }
    } else {
      run.lastIndex = at
      const bytes = run.exec(source)?.[0]
      at += bytes?.length ?? 1
      if (bytes !== undefined) yield { kind: 'text', bytes }
    }
  }
}
