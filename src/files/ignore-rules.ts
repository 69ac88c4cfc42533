import ignore, { type Ignore } from 'ignore'

/** The files that hold ignore rules, in gitignore's language. */
export const GIT_IGNORE = '.gitignore'
export const GEMDEX_IGNORE = '.gemdexignore'

/** Three levels of "any folders" cost 3 ms for a path 60 folders deep, and each further one ten times as much. */
const MAX_GLOBSTARS = 3

/**
 * The ignore rules in force in one folder.
 *
 * As in git, the last rule that matches decides, rules of a deeper folder come later, and nothing can be re-included
 * below a folder that is itself ignored. All rules of `.gemdexignore` files come after those of all `.gitignore` files:
 * what somebody says for gemdex beats what was said for git, at whatever depth. Names are compared with their case, so
 * that an index is the same on every machine.
 */
export class IgnoreRules {
  readonly #git: Ignore | undefined
  readonly #gemdex: Ignore | undefined
  readonly #all: Ignore | undefined

  private constructor(git: Ignore | undefined, gemdex: Ignore | undefined) {
    this.#git = git
    this.#gemdex = gemdex
    this.#all = git === undefined && gemdex === undefined ? undefined : joined(git, gemdex)
  }

  /** Rules that ignore nothing. */
  static none(): IgnoreRules {
    return new IgnoreRules(undefined, undefined)
  }

  /**
   * The rules for a folder: these, and then the folder's own.
   *
   * @param depth Folders between the root and this one: 0 for the root itself.
   * @param gitText Content of the folder's `.gitignore`; empty when it has none.
   * @param gemdexText Content of the folder's `.gemdexignore`; empty when it has none.
   */
  enter(depth: number, gitText: string, gemdexText: string): IgnoreRules {
    // A new object for each folder even without new rules: a matcher remembers every path it was asked about.
    return new IgnoreRules(
      extend(this.#git, rootedPatterns(gitText, depth)),
      extend(this.#gemdex, rootedPatterns(gemdexText, depth)),
    )
  }

  /** Whether to leave out a file or folder, by its URI relative to the root. */
  ignores(uri: string, isFolder: boolean): boolean {
    // Without rules this is not worth asking: the matcher looks at every folder above as well.
    return this.#all?.ignores(isFolder ? `${uri}/` : uri) ?? false
  }
}

/** Why an ignore file's text is not safe to use, as a message; undefined when it is. */
export function problemOfRules(text: string): string | undefined {
  const isCostly = rulesOf(text).some(({ pattern }) => pattern.split('**/').length - 1 > MAX_GLOBSTARS)
  return isCostly ? `one of its rules has more than ${MAX_GLOBSTARS} parts "**/"` : undefined
}

/**
 * Tells which URIs the user's filters leave out. Patterns are gitignore's, relative to the root: a file must match an
 * include pattern, itself or by a folder above it, unless there are none; whatever matches an exclude pattern is out.
 */
export function createFilter(
  include: readonly string[] = [],
  exclude: readonly string[] = [],
): (uri: string, isFolder: boolean) => boolean {
  const included = matcher().add(include.map(cleanPattern))
  const excluded = matcher().add(exclude.map(cleanPattern))
  return (uri, isFolder) => {
    if (exclude.length > 0 && excluded.ignores(isFolder ? `${uri}/` : uri)) return true
    // A folder that matches no include pattern may still hold files that do.
    return include.length > 0 && !isFolder && !included.ignores(uri)
  }
}

function matcher(): Ignore {
  return ignore({ ignoreCase: false })
}

function extend(rules: Ignore | undefined, patterns: readonly string[]): Ignore | undefined {
  return patterns.length === 0 ? rules : joined(rules, patterns)
}

function joined(...parts: readonly (Ignore | readonly string[] | undefined)[]): Ignore {
  const all = matcher()
  for (const part of parts) if (part !== undefined) all.add(part)
  return all
}

function cleanPattern(pattern: string): string {
  return pattern.normalize('NFC').replace(/^(!?)\.\//, '$1/')
}

type Rule = { readonly negated: boolean; readonly pattern: string }

/** The rules of an ignore file, in order, without comments and empty lines. */
function rulesOf(text: string): Rule[] {
  const rules: Rule[] = []
  for (const line of text
    .replace(/^\uFEFF/, '')
    .normalize('NFC')
    .split(/\r?\n/)) {
    if (line.startsWith('#')) continue
    const negated = line.startsWith('!')
    // Any folders below any folders are any folders.
    const pattern = (negated ? line.slice(1) : line).replace(/(^|\/)(?:\*{2,}\/){2,}/g, '$1**/')
    if (!/^\/*\s*$/.test(pattern)) rules.push({ negated, pattern })
  }
  return rules
}

/**
 * Rewrites the rules of a folder's ignore file as patterns relative to the root, so that one list in order of
 * precedence holds them all. (A matcher per folder cannot do it: each would look again at the folders above a path,
 * and not know that a deeper rule re-included them.) Each folder on the way becomes a `*`: the rules are only ever
 * asked about paths below their own folder, and a `*` needs no escaping.
 */
function rootedPatterns(text: string, depth: number): string[] {
  const prefix = '*/'.repeat(depth)
  return rulesOf(text).map(({ negated, pattern }) => {
    // A slash at the start or in the middle ties a pattern to its folder; else it holds at any depth below.
    const tied = /\/(?!\s*$)/.test(pattern)
    const rooted = tied ? pattern.replace(/^\//, '') : `**/${pattern}`
    return `${negated ? '!' : ''}/${prefix}${rooted}`
  })
}
