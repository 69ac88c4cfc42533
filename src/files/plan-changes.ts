import { GemdexError } from '../errors.js'
import type { SkipReason, SourceFile } from '../types.js'
import { missingRoot } from './open-root.js'
import type { FoundSkip } from './walk.js'

/** What the index remembers of a file; a `FileState` of the store is one. */
export type KnownFile = {
  readonly fingerprint: string
  readonly outcome: 'indexed' | 'skipped'
  readonly reason?: SkipReason
  readonly message?: string
}

export type ChangePlan = {
  /** New, perhaps changed, or worth another try; in the order found. */
  readonly toRead: readonly SourceFile[]
  /** Same fingerprint as the index knows; nothing to do. */
  readonly unchanged: readonly SourceFile[]
  /** Skipped by the walk, and the index does not know it in these words yet. */
  readonly toRecord: readonly FoundSkip[]
  /** URIs that the index keeps as they are, as nobody could look at them this time. */
  readonly kept: readonly string[]
  /** URIs known to the index that are no longer part of the folder. */
  readonly removed: readonly string[]
}

/** Reasons under which nobody could look at the file, or the folder with all below it. */
const UNSEEN_REASONS: ReadonlySet<SkipReason> = new Set<SkipReason>(['PERMISSION', 'PATH_TOO_LONG'])

/** Reasons that pass by themselves, without leaving a trace in the file's fingerprint. */
const PASSING_REASONS: ReadonlySet<SkipReason | undefined> = new Set<SkipReason>([
  'PERMISSION',
  'NOT_FOUND',
  'PATH_TOO_LONG',
  'SYMLINK_OUTSIDE',
  'NOT_REGULAR',
])

/**
 * Compares what a walk found with what the index knows. Pure.
 *
 * A known file that was neither found nor skipped is removed: it is gone, or a rule or filter leaves it out by now.
 * What could not be looked at, or lies in a folder that could not, keeps what the index has: a passing fault loses
 * nothing, not even with `force`. `force` reads every file found, whatever its fingerprint.
 *
 * Each known URI ends up in one place: found, skipped, kept or removed. A URI both found and skipped counts as found.
 */
export function planChanges(
  found: readonly SourceFile[],
  skipped: readonly FoundSkip[],
  known: ReadonlyMap<string, KnownFile>,
  options: { readonly force?: boolean } = {},
): ChangePlan {
  const toRead: SourceFile[] = []
  const unchanged: SourceFile[] = []
  for (const file of found) {
    const isKnown = options.force !== true && isUnchanged(file, known.get(file.uri))
    const list = isKnown ? unchanged : toRead
    list.push(file)
  }

  const foundUris = new Set(found.map((file) => file.uri))
  const skips = skipped.filter((skip) => !foundUris.has(skip.uri))
  const unreadable = new Set(skips.filter((skip) => UNSEEN_REASONS.has(skip.reason)).map((skip) => skip.uri))
  const toRecord = skips.filter((skip) => isNews(skip, known.get(skip.uri)))

  const skippedUris = new Set(skips.map((skip) => skip.uri))
  const kept: string[] = []
  const removed: string[] = []
  for (const [uri, state] of known) {
    if (foundUris.has(uri)) continue
    const isSkipped = skippedUris.has(uri)
    if (unreadable.has(uri) ? state.outcome === 'indexed' : !isSkipped && liesBelow(uri, unreadable))
      kept.push(uri)
    else if (!isSkipped) removed.push(uri)
  }
  return { toRead, unchanged, toRecord, kept, removed }
}

function isUnchanged(file: SourceFile, state: KnownFile | undefined): boolean {
  if (state === undefined || state.fingerprint !== file.fingerprint) return false
  return state.outcome === 'indexed' || !PASSING_REASONS.has(state.reason)
}

function isNews(skip: FoundSkip, state: KnownFile | undefined): boolean {
  if (state === undefined) return true
  if (state.outcome === 'indexed') return !UNSEEN_REASONS.has(skip.reason)
  // The words alone: what a skipped file's fingerprint is does not matter until it is found again.
  return state.reason !== skip.reason || state.message !== skip.message
}

/** Whether a folder above the URI is among these. */
function liesBelow(uri: string, folders: ReadonlySet<string>): boolean {
  if (folders.size === 0) return false
  for (let slash = uri.lastIndexOf('/'); slash > 0; slash = uri.lastIndexOf('/', slash - 1)) {
    if (folders.has(uri.slice(0, slash))) return true
  }
  return false
}

/**
 * Stops a run that would empty the index because of a missing drive or a slip: a root that is missing, or suddenly
 * empty, removes nothing unless forced.
 *
 * @param facts.foundCount Files found and skipped by the walk; what is ignored does not count.
 * @param facts.knownIndexedCount Files of this root that the index holds with outcome `indexed`.
 *
 * Throws ROOT_MISSING when the root does not exist (even when forced, if nothing is known of it), ROOT_EMPTY when
 * nothing was found although the index holds files of this root.
 */
export function guardRemoval(facts: {
  readonly root: string
  readonly rootExists: boolean
  readonly foundCount: number
  readonly knownIndexedCount: number
  readonly force?: boolean
}): void {
  const { root, knownIndexedCount } = facts
  if (facts.force === true && knownIndexedCount > 0) return
  const held = knownIndexedCount === 1 ? '1 file' : `${knownIndexedCount} files`
  if (!facts.rootExists) {
    if (knownIndexedCount === 0) throw missingRoot(root)
    throw new GemdexError(
      'ROOT_MISSING',
      `"${root}" is not there; the index keeps the ${held} it holds of it`,
      {
        hint: `Check the path and that its drive is connected, or remove the ${held} from the index with --force.`,
      },
    )
  }
  if (facts.foundCount === 0 && knownIndexedCount > 0) {
    throw new GemdexError(
      'ROOT_EMPTY',
      `No file was found in "${root}"; the index keeps the ${held} it holds of it`,
      {
        hint: `Check that its drive is connected and what the ignore rules and filters leave out, or remove the ${held} from the index with --force.`,
      },
    )
  }
}
