import { type GlobToken, readGlob } from '../../text/match-glob.js'

/** SQL that tells whether `value`, a text, matches a pattern, and what its question marks stand for. */
export type GlobCondition = { readonly sql: string; readonly values: readonly string[] }

/**
 * SQLite's GLOB reads texts up to their first NUL only, and takes these for one another: lone surrogates, U+FFFE, U+FFFF and
 * what is written for them.
 */
const NOT_COMPARED_ALIKE = /[\0\p{Surrogate}\ufffd-\uffff]/u
/** In UTF-16 units. SQLite refuses patterns of 50,000 bytes. */
const MAX_LENGTH = 1000
/** Of SQLite, for one of ours. */
const MAX_PATTERNS = 16

/** A pattern of SQLite that matches all texts that a pattern of ours matches, and perhaps more. */
type Translation = {
  readonly pattern: string
  /** How many are in the pattern. */
  readonly slashes: number
  /** Whether some of its wildcards stand for no slash in ours. */
  readonly isRestricted: boolean
  /** Whether others do stand for slashes. */
  readonly isOfAnyDepth: boolean
  /** Whether it stands for a set of characters by any character. */
  readonly isLoose: boolean
}

/**
 * Translates a glob (`compileGlob`) to SQLite's GLOB, which needs neither a call nor a copy of each text. Where it cannot tell
 * alone, the condition asks `match_glob(value)`, which is to match the glob itself. In texts that are no Unicode, a lone
 * surrogate is one character for the one, three for the other.
 */
export function translateGlob(glob: string): GlobCondition {
  const untranslated = { sql: 'match_glob(value)', values: [] }
  if (glob.length > MAX_LENGTH || NOT_COMPARED_ALIKE.test(glob)) return untranslated
  const alternatives = readGlob(glob).map(simplify)
  const patterns = alternatives.map((tokens) => 2 ** tokens.filter(({ kind }) => kind === 'segments').length)
  if (patterns.reduce((sum, count) => sum + count, 0) > MAX_PATTERNS) return untranslated
  const conditions = alternatives.flatMap(translate).map(conditionOf)
  // Each a case of its own: elsewhere SQLite evaluates both sides of AND and OR.
  const cases = conditions.map(({ sql }) => `WHEN ${sql} THEN 1`).join(' ')
  return {
    sql: `CASE WHEN instr(value, char(0)) THEN match_glob(value) ${cases} ELSE 0 END`,
    values: conditions.flatMap(({ values }) => values),
  }
}

/** Any segments and then anything are anything. */
function simplify(tokens: readonly GlobToken[]): GlobToken[] {
  const isAnything = (token: GlobToken | undefined) => token?.kind === 'star' || token?.kind === 'globstar'
  return tokens.flatMap((token, at): GlobToken[] => {
    if (token.kind === 'inside') return []
    if (token.kind === 'segments' && isAnything(tokens[at + 2])) return [{ kind: 'globstar' }]
    return token.kind === 'star' && tokens[at - 1]?.kind === 'inside' ? [] : [token]
  })
}

/** For segments, which may be none, there are two patterns. */
function translate(tokens: readonly GlobToken[]): Translation[] {
  const nothing: Translation = {
    pattern: '',
    slashes: 0,
    isRestricted: false,
    isOfAnyDepth: false,
    isLoose: false,
  }
  return tokens.reduce<Translation[]>((all, token) => all.flatMap((one) => add(one, token)), [nothing])
}

function add(before: Translation, token: GlobToken): Translation[] {
  const { slashes } = before
  const followedBy = (pattern: string, facts: Partial<Translation>): Translation => ({
    ...before,
    ...facts,
    pattern: before.pattern + pattern,
  })
  switch (token.kind) {
    case 'star':
      return [followedBy('*', { isRestricted: true })]
    case 'globstar':
      return [followedBy('*', { isOfAnyDepth: true })]
    case 'segments':
      return [before, followedBy('*/', { isOfAnyDepth: true, slashes: slashes + 1 })]
    case 'inside':
      return [before]
    case 'one':
      if (token.of === 'any') return [followedBy('?', { isRestricted: true })]
      if (token.of === 'set') return [followedBy('?', { isLoose: true })]
      if (token.of.literal === '/') return [followedBy('/', { slashes: slashes + 1 })]
      return [followedBy(token.of.literal.replace(/[*?[]/, '[$&]'), {})]
  }
}

/**
 * In a text that has as many slashes as the pattern, those are they, and wildcards stand for none. Of a text that has more, some
 * wildcard stands for a slash: where none may it does not match, else `match_glob` is asked which one it is.
 */
function conditionOf({ pattern, slashes, ...is }: Translation): GlobCondition {
  if (is.isLoose) return { sql: 'value GLOB ? AND match_glob(value)', values: [pattern] }
  if (!is.isRestricted) return { sql: 'value GLOB ?', values: [pattern] }
  const isDeeper = `*${'/*'.repeat(slashes + 1)}`
  return {
    sql: `value GLOB ? AND (value NOT GLOB ?${is.isOfAnyDepth ? ' OR match_glob(value)' : ''})`,
    values: [pattern, isDeeper],
  }
}
