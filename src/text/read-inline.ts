/** A stretch of text and how it is emphasised. */
export type Span = {
  readonly text: string
  readonly bold: boolean
  readonly italic: boolean
  readonly code: boolean
}

/** What is open at a point of a line. */
export type InlineState = { readonly bold: boolean; readonly italic: boolean; readonly code: boolean }

export const PLAIN: InlineState = { bold: false, italic: false, code: false }

const ESCAPED = /^\\([!-/:-@[-`{-~])/
const SIGN = /^(?:\*\*\*|___|\*\*|__|\*|_|~~|`+)/
const WORD_CHARACTER = /[\p{L}\p{N}]/u

/**
 * Reads a word of Markdown (which has no blanks) and gives its visible text by emphasis, and what is open behind it. Signs of
 * emphasis count by CommonMark's rule of flanks, as far as one word shows them: `2*3` and `snake_case` have none.
 */
export function readInline(word: string, before: InlineState): { spans: Span[]; after: InlineState } {
  const spans: Span[] = []
  let state = before
  let text = ''
  let at = 0
  const close = () => {
    if (text !== '') spans.push({ text, ...state })
    text = ''
  }
  while (at < word.length) {
    const rest = word.slice(at)
    const escaped = state.code ? null : ESCAPED.exec(rest)
    const sign = SIGN.exec(rest)?.[0]
    const next = sign === undefined || escaped !== null ? undefined : toggle(state, sign, word, at)
    if (escaped !== null) {
      text += escaped[1]
      at += 2
    } else if (sign !== undefined && next !== undefined) {
      close()
      state = next
      at += sign.length
    } else {
      const literal = sign ?? String.fromCodePoint(rest.codePointAt(0) ?? 0)
      text += literal
      at += literal.length
    }
  }
  close()
  return { spans, after: state }
}

/** The state behind a sign; undefined when it is none and stands for itself. */
function toggle(state: InlineState, sign: string, word: string, at: number): InlineState | undefined {
  if (sign.startsWith('`')) return { ...state, code: !state.code }
  if (state.code) return undefined
  const previous = word.slice(0, at).at(-1)
  const following = word.charAt(at + sign.length)
  const isWithinWord = WORD_CHARACTER.test(previous ?? '') && WORD_CHARACTER.test(following)
  if (sign === '~~') return isWithinWord ? undefined : state
  const isOpen = sign.length > 1 ? state.bold : state.italic
  const canOpen = following !== '' && (sign.startsWith('*') || !isWithinWord)
  const canClose = previous !== undefined && (sign.startsWith('*') || !isWithinWord)
  if (isOpen ? !canClose : !canOpen || (isWithinWord && sign.length === 1)) return undefined
  return {
    ...state,
    ...(sign.length > 1 ? { bold: !state.bold } : {}),
    ...(sign.length !== 2 ? { italic: !state.italic } : {}),
  }
}
