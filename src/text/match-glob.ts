/**
 * Tells whether whole texts match a glob: `*` stands for anything within a path segment, `**` for any number of segments
 * (`docs/**` matches everything below `docs`, `**` + `/a.md` matches `a.md` too), `?` for one character, `[abc]`, `[a-z]` and
 * `[!a]` for one of a set, `{a,b}` for one of several; `\` takes the next character as it is. Takes time in proportion to
 * the product of both lengths at most: no pattern makes it run away.
 */
export function compileGlob(pattern: string): (text: string) => boolean {
  const matchers = expandBraces(pattern).map((one) => createMatcher(tokenize(one)))
  return (text) => matchers.some((matches) => matches(text))
}

/** The same for one text. */
export function matchGlob(pattern: string, text: string): boolean {
  return compileGlob(pattern)(text)
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

/** Runs all ways through the pattern at once: the places in it that the text so far may have reached, a byte for each. */
function createMatcher(tokens: readonly Token[]): (text: string) => boolean {
  const end = tokens.length
  let reached = new Uint8Array(end + 1)
  let next = new Uint8Array(end + 1)
  return (text) => {
    reached.fill(0)
    reached[0] = 1
    skip(tokens, reached)
    for (const character of text) {
      next.fill(0)
      let isAlive = false
      for (let at = 0; at < end; at++) {
        const token = tokens[at]
        if (reached[at] === 0 || token === undefined) continue
        isAlive = step(token, at, character, next) || isAlive
      }
      if (!isAlive) return false
      skip(tokens, next)
      const last = reached
      reached = next
      next = last
    }
    return reached[end] === 1
  }
}

/** Marks where a character leads from a token; false when nowhere. */
function step(token: Token, at: number, character: string, next: Uint8Array): boolean {
  const isSlash = character === '/'
  switch (token.kind) {
    case 'one':
      if (!token.matches(character)) return false
      next[at + 1] = 1
      return true
    case 'star':
      if (isSlash) return false
      next[at] = 1
      return true
    case 'globstar':
      next[at] = 1
      return true
    case 'segments':
      next[isSlash ? at + 2 : at + 1] = 1
      return true
    case 'inside':
      next[at] = 1
      if (isSlash) next[at + 1] = 1
      return true
  }
}

/** Stars may stand for nothing. */
function skip(tokens: readonly Token[], reached: Uint8Array): void {
  for (const [at, { kind }] of tokens.entries()) {
    if (reached[at] === 0) continue
    if (kind === 'star' || kind === 'globstar') reached[at + 1] = 1
    if (kind === 'segments') reached[at + 2] = 1
  }
}
