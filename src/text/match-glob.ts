/**
 * Whether a whole text matches a glob: `*` stands for anything within a path segment, `**` for any number of segments
 * (`docs/**` matches everything below `docs`, `**` + `/a.md` matches `a.md` too), `?` for one character, `[abc]`, `[a-z]` and
 * `[!a]` for one of a set, `{a,b}` for one of several; `\` takes the next character as it is. Takes time in proportion to
 * the product of both lengths at most: no pattern makes it run away.
 */
export function matchGlob(pattern: string, text: string): boolean {
  return expandBraces(pattern).some((one) => matchTokens(tokenize(one), Array.from(text)))
}

type Token =
  | { readonly kind: 'one'; readonly matches: (character: string) => boolean }
  /** `segments` may be none or begin here, `inside` is within one of them. */
  | { readonly kind: 'star' | 'globstar' | 'segments' | 'inside' }

const MAX_ALTERNATIVES = 256

/** `a{b,c}d` as `abd` and `acd`. Braces without a comma stand for themselves; beyond 256 alternatives all do. */
function expandBraces(pattern: string): string[] {
  const done: string[] = []
  const open = [pattern]
  while (open.length > 0 && done.length + open.length <= MAX_ALTERNATIVES) {
    const next = open.pop() ?? ''
    const match = /^((?:[^\\]|\\.)*?)\{([^{}]*,[^{}]*)\}(.*)$/su.exec(next)
    if (match === null) done.push(next)
    else open.push(...(match[2] ?? '').split(',').map((part) => `${match[1] ?? ''}${part}${match[3] ?? ''}`))
  }
  return open.length === 0 ? done : [pattern]
}

function tokenize(pattern: string): Token[] {
  const tokens: Token[] = []
  const characters = Array.from(pattern)
  let at = 0
  while (at < characters.length) {
    const character = characters[at] ?? ''
    const set = character === '[' ? readSet(characters, at) : undefined
    if (character === '*' && characters[at + 1] === '*') {
      // The slash belongs to the segments it stands for: there may be none.
      const isSegments = (at === 0 || characters[at - 1] === '/') && characters[at + 2] === '/'
      if (isSegments) tokens.push({ kind: 'segments' }, { kind: 'inside' })
      else tokens.push({ kind: 'globstar' })
      at += isSegments ? 3 : 2
      continue
    }
    if (character === '*') tokens.push({ kind: 'star' })
    else if (character === '?') tokens.push({ kind: 'one', matches: (one) => one !== '/' })
    else if (set !== undefined) tokens.push({ kind: 'one', matches: set.matches })
    else {
      const literal = character === '\\' ? (characters[++at] ?? '\\') : character
      tokens.push({ kind: 'one', matches: (one) => one === literal })
    }
    at = set?.end ?? at + 1
  }
  return tokens
}

type CharacterSet = { readonly matches: (character: string) => boolean; readonly end: number }

/** A set that begins at `[`; undefined when it is never closed. */
function readSet(characters: readonly string[], at: number): CharacterSet | undefined {
  const isNegated = characters[at + 1] === '!' || characters[at + 1] === '^'
  const first = at + (isNegated ? 2 : 1)
  const close = characters.indexOf(']', first + 1)
  if (close === -1) return undefined
  const members = characters.slice(first, close)
  const ranges: (readonly [string, string])[] = []
  for (let i = 0; i < members.length; i++) {
    const from = members[i] ?? ''
    const isRange = members[i + 1] === '-' && members[i + 2] !== undefined
    ranges.push([from, isRange ? (members[i + 2] ?? '') : from])
    if (isRange) i += 2
  }
  const isMember = (one: string) => ranges.some(([from, to]) => one >= from && one <= to)
  return { matches: (one) => one !== '/' && isMember(one) !== isNegated, end: close + 1 }
}

/** Runs all ways through the pattern at once: the set of places in it that the text so far may have reached. */
function matchTokens(tokens: readonly Token[], text: readonly string[]): boolean {
  let reached = withSkips(tokens, new Set([0]))
  for (const character of text) {
    const next = new Set<number>()
    for (const at of reached) {
      const token = tokens[at]
      if (token === undefined) continue
      for (const to of stepsFrom(token, at, character)) next.add(to)
    }
    reached = withSkips(tokens, next)
    if (reached.size === 0) return false
  }
  return reached.has(tokens.length)
}

/** Where a character leads from a token. */
function stepsFrom(token: Token, at: number, character: string): number[] {
  switch (token.kind) {
    case 'one':
      return token.matches(character) ? [at + 1] : []
    case 'star':
      return character === '/' ? [] : [at]
    case 'globstar':
      return [at]
    case 'segments':
      return character === '/' ? [at + 2] : [at + 1]
    case 'inside':
      return character === '/' ? [at, at + 1] : [at]
  }
}

/** Stars may stand for nothing. */
function withSkips(tokens: readonly Token[], reached: Set<number>): Set<number> {
  for (const at of reached) {
    const token = tokens[at]
    if (token?.kind === 'star' || token?.kind === 'globstar') reached.add(at + 1)
    if (token?.kind === 'segments') reached.add(at + 2)
  }
  return reached
}
