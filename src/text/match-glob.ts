/**
 * Tells whether whole texts match a glob: `*` stands for anything within a path segment, `**` for any number of segments
 * (`docs/**` matches everything below `docs`, `**` + `/a.md` matches `a.md` too), `?` for one character, `[abc]`, `[a-z]` and
 * `[!a]` for one of a set, `{a,b}` for one of several; `\` takes the next character as it is. Takes time in proportion to
 * the product of both lengths at most: no pattern makes it run away.
 */
export function compileGlob(pattern: string): (text: string) => boolean {
  const alternatives = readGlob(pattern)
  const matchers = alternatives.map((tokens) => createMatcher(tokens, MAX_REMEMBERED / alternatives.length))
  return (text) => matchers.some((matches) => matches(text))
}

/** A pattern as the tokens of its alternatives, of which a text matches one or more. */
export function readGlob(pattern: string): GlobToken[][] {
  return expandBraces(pattern).map(tokenize)
}

export type GlobToken =
  /** One character: this one, any but a slash, or one of a set. */
  | {
      readonly kind: 'one'
      readonly of: { readonly literal: string } | 'any' | 'set'
      readonly matches: (character: string) => boolean
    }
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

function tokenize(pattern: string): GlobToken[] {
  const tokens: GlobToken[] = []
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
    else if (character === '?') tokens.push({ kind: 'one', of: 'any', matches: (one) => one !== '/' })
    else if (set !== undefined) tokens.push({ kind: 'one', of: 'set', matches: set.matches })
    else {
      const literal = character === '\\' ? (characters[++at] ?? '\\') : character
      tokens.push({ kind: 'one', of: { literal }, matches: (one) => one === literal })
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

/** The places in a pattern that a text so far may have reached, and where each kind of character leads from them. */
type State = {
  readonly places: readonly number[]
  readonly isWhole: boolean
  readonly next: State[]
}

const LAST_OF_ONE_UNIT = 0xffff
/** The steps that a pattern remembers lead to so many places at most, all alternatives together: a megabyte. */
const MAX_REMEMBERED = 20_000

/**
 * Runs all ways through the pattern at once, and remembers each step (a lazy deterministic automaton, as grep and RE2 have
 * it): paths of a folder have most of their steps in common.
 */
function createMatcher(tokens: readonly GlobToken[], maxRemembered: number): (text: string) => boolean {
  const kindOf = createClassifier(tokens, maxRemembered)
  let states = new Map<string, State>()
  let remembered = 0
  let start = stateOf([0])

  function stateOf(reached: readonly number[]): State {
    const places = closure(tokens, reached)
    const key = places.join()
    const state = states.get(key) ?? { places, isWhole: places.includes(tokens.length), next: [] }
    states.set(key, state)
    return state
  }

  function advance({ places, next }: State, kind: number, codePoint: number): State {
    remembered += 1 + places.length
    if (remembered > maxRemembered) {
      states = new Map()
      remembered = 0
      start = stateOf([0])
    }
    const character = String.fromCodePoint(codePoint)
    const reached = stateOf(places.flatMap((place) => step(tokens[place], place, character)))
    next[kind] = reached
    return reached
  }

  return (text) => {
    let state = start
    for (let i = 0; i < text.length; i++) {
      const codePoint = text.codePointAt(i) ?? 0
      if (codePoint > LAST_OF_ONE_UNIT) i++
      const kind = kindOf(codePoint)
      state = state.next[kind] ?? advance(state, kind, codePoint)
      if (state.places.length === 0) return false
    }
    return state.isWhole
  }
}

/**
 * Numbers kinds of characters (code points), from 0: those of one kind are matched by the same tokens, so that they lead from
 * each place to the same. Most of an alphabet is of one kind.
 */
function createClassifier(
  tokens: readonly GlobToken[],
  maxRemembered: number,
): (codePoint: number) => number {
  const kinds = new Map<string, number>()
  const ofAscii = new Int32Array(128)
  const ofOthers = new Map<number, number>()

  function classify(codePoint: number): number {
    const character = String.fromCodePoint(codePoint)
    const matching = tokens.flatMap((token, at) =>
      token.kind === 'one' && token.matches(character) ? [at] : [],
    )
    const key = `${character === '/'} ${matching.join()}`
    const kind = kinds.get(key) ?? kinds.size
    kinds.set(key, kind)
    return kind
  }

  function classifyOther(codePoint: number): number {
    const kind = classify(codePoint)
    if (ofOthers.size >= maxRemembered) ofOthers.clear()
    ofOthers.set(codePoint, kind)
    return kind
  }

  for (let codePoint = 0; codePoint < ofAscii.length; codePoint++) ofAscii[codePoint] = classify(codePoint)
  return (codePoint) => ofAscii[codePoint] ?? ofOthers.get(codePoint) ?? classifyOther(codePoint)
}

/** The places where a character leads from a token. */
function step(token: GlobToken | undefined, at: number, character: string): number[] {
  const isSlash = character === '/'
  switch (token?.kind) {
    case 'one':
      return token.matches(character) ? [at + 1] : []
    case 'star':
      return isSlash ? [] : [at]
    case 'globstar':
      return [at]
    case 'segments':
      return isSlash ? [at + 1, at + 2] : [at + 1]
    case 'inside':
      return isSlash ? [at, at + 1] : [at]
    default:
      return []
  }
}

/** Each once, ascending, with those that stars reach by standing for nothing. */
function closure(tokens: readonly GlobToken[], reached: readonly number[]): number[] {
  const places = new Set(reached)
  for (const place of places) {
    const kind = tokens[place]?.kind
    if (kind === 'star' || kind === 'globstar') places.add(place + 1)
    if (kind === 'segments') places.add(place + 2)
  }
  return [...places].sort((a, b) => a - b)
}
