import type { BigIntStats } from 'node:fs'
import { lstat, realpath } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { throwIfAborted } from '../errors.js'
import type { SkipReason, SourceFile } from '../types.js'
import { errorCode, type FileFault, faultOf } from './file-errors.js'
import { DEFAULT_MAX_FILE_BYTES, tooLargeMessage } from './file-limits.js'
import { fingerprintOf } from './fingerprint.js'
import { createFilter, GEMDEX_IGNORE, GIT_IGNORE, IgnoreRules } from './ignore-rules.js'
import { isHiddenName } from './is-hidden-name.js'
import { isWithin } from './is-within.js'
import { type FolderEntry, listFolder } from './list-folder.js'
import { looksLikeSecretName } from './looks-like-secret.js'
import { openRoot, unreadableRoot } from './open-root.js'
import { readIgnoreFile } from './read-ignore-file.js'

/** Enough to keep the thread pool busy; 256 measured no faster and holds the event loop longer. */
const ENTRIES_AT_ONCE = 64

export type WalkOptions = {
  /** Gitignore-style patterns relative to the root; when there are any, only files that match one are found. */
  readonly include?: readonly string[]
  /** Gitignore-style patterns relative to the root; what matches is left out, whatever `include` says. */
  readonly exclude?: readonly string[]
  readonly signal?: AbortSignal
  readonly maxFileBytes?: number
}

/** Something that is there and will not be read. `uri` may be a folder's, which then stands for all below it. */
export type FoundSkip = {
  readonly uri: string
  readonly reason: SkipReason
  /** For people; holds no path outside the root. */
  readonly message: string
  /** Present when the file itself could be looked at. */
  readonly fingerprint?: string
}

export type WalkEvent =
  | { readonly type: 'file'; readonly file: SourceFile }
  | ({ readonly type: 'skipped' } & FoundSkip)
  /** Left out on purpose, by a rule or a filter, or `node_modules`. A folder counts once, with a `/` at its end. */
  | { readonly type: 'ignored'; readonly uri: string }

type FolderStep = { readonly type: 'folder'; readonly path: string; readonly uri: string }
type Step = WalkEvent | FolderStep

/** What holds for the whole walk. */
type Walk = {
  readonly root: string
  readonly maxFileBytes: number
  readonly isFilteredOut: (uri: string, isFolder: boolean) => boolean
}

/** A folder under way: entries are examined in batches, and the batch's steps taken in order. */
type OpenFolder = {
  readonly path: string
  readonly uri: string
  readonly depth: number
  readonly rules: IgnoreRules
  readonly entries: readonly FolderEntry[]
  examined: number
  steps: readonly Step[]
  taken: number
}

/**
 * Finds the files under a folder, or the one file that `root` is.
 *
 * Order: depth first, the names of a folder by their UTF-16 code units; the same on every machine and run. Files are
 * looked at, never opened; only `.gitignore` and `.gemdexignore` are read, from the root downwards. Hidden names (a folder
 * once) and links are skipped; no link is ever followed, except `root` itself. A single file as root is found even when
 * its name is hidden; filters and the checks for secrets and size still hold.
 *
 * Throws ROOT_MISSING when the root is not there or cannot be read, CANCELLED when the signal is aborted.
 */
export async function* walkFolder(
  root: string,
  options: WalkOptions = {},
): AsyncGenerator<WalkEvent, void, undefined> {
  throwIfAborted(options.signal)
  const opened = await openRoot(root)
  const walk: Walk = {
    root: opened.path,
    maxFileBytes: options.maxFileBytes ?? DEFAULT_MAX_FILE_BYTES,
    isFilteredOut: createFilter(options.include, options.exclude),
  }
  if (!opened.isFolder) {
    yield await examineSingle(walk)
    return
  }
  const first = await openFolder(walk.root, '', undefined)
  if ('reason' in first) throw unreadableRoot(root, first.message)

  // A stack of our own: every level of nested generators would cost each event a turn, and deep trees the call stack.
  const stack: OpenFolder[] = [first]
  for (let folder = stack.at(-1); folder !== undefined; folder = stack.at(-1)) {
    throwIfAborted(options.signal)
    const step = folder.steps[folder.taken++]
    if (step === undefined) {
      if (!(await fillSteps(walk, folder))) stack.pop()
    } else if (step.type === 'folder') {
      const inner = await openFolder(step.path, step.uri, folder)
      if ('reason' in inner) yield { type: 'skipped', uri: step.uri, ...inner }
      else stack.push(inner)
    } else {
      yield step
    }
  }
}

/** A folder ready to be walked, or why it cannot be. */
async function openFolder(
  path: string,
  uri: string,
  parent: OpenFolder | undefined,
): Promise<OpenFolder | FileFault> {
  try {
    const entries = await listFolder(path)
    const depth = parent === undefined ? 0 : parent.depth + 1
    const texts = ['', '']
    for (const [i, name] of [GIT_IGNORE, GEMDEX_IGNORE].entries()) {
      if (!entries.some((entry) => entry.name === name && entry.kind !== 'folder')) continue
      const read = await readIgnoreFile(join(path, name))
      if ('reason' in read) {
        // Without its rules the folder would give away what they were to keep out.
        return { reason: read.reason, message: `its ${name} cannot be used: ${read.message}` }
      }
      texts[i] = read.text
    }
    const rules = (parent?.rules ?? IgnoreRules.none()).enter(depth, texts[0] ?? '', texts[1] ?? '')
    return { path, uri, depth, rules, entries, examined: 0, steps: [], taken: 0 }
  } catch (thrown) {
    return faultOf(thrown)
  }
}

/** Examines the next batch of a folder's entries; false when there are none left. */
async function fillSteps(walk: Walk, folder: OpenFolder): Promise<boolean> {
  const batch = folder.entries.slice(folder.examined, folder.examined + ENTRIES_AT_ONCE)
  folder.steps = await Promise.all(batch.map((entry) => examine(walk, folder, entry)))
  folder.examined += batch.length
  folder.taken = 0
  return batch.length > 0
}

function examine(walk: Walk, folder: OpenFolder, entry: FolderEntry): Step | Promise<Step> {
  const isFolder = entry.kind === 'folder'
  const uri = folder.uri === '' ? entry.key : `${folder.uri}/${entry.key}`
  const ignored: WalkEvent = { type: 'ignored', uri: isFolder ? `${uri}/` : uri }
  if (entry.key === 'node_modules' || entry.key === GIT_IGNORE || entry.key === GEMDEX_IGNORE) return ignored
  if (folder.rules.ignores(uri, isFolder) || walk.isFilteredOut(uri, isFolder)) return ignored
  if (entry.problem !== undefined) return skipped(uri, 'NAME_ENCODING', entry.problem)
  if (isHiddenName(entry.key)) {
    return skipped(
      uri,
      'HIDDEN',
      `it is a hidden ${isFolder ? 'folder' : 'file'}: its name begins with a dot`,
    )
  }

  const path = join(folder.path, entry.name)
  if (isFolder) return { type: 'folder', path, uri }
  if (entry.kind === 'link') return examineLink(walk, path, uri)
  return examineFile(walk, path, uri)
}

async function examineSingle(walk: Walk): Promise<WalkEvent> {
  const uri = basename(walk.root).normalize('NFC')
  if (walk.isFilteredOut(uri, false)) return { type: 'ignored', uri }
  return examineFile(walk, walk.root, uri)
}

async function examineFile(walk: Walk, path: string, uri: string): Promise<WalkEvent> {
  const takenMs = Date.now()
  let stat: BigIntStats
  try {
    stat = await lstat(path, { bigint: true })
  } catch (thrown) {
    const { reason, message } = faultOf(thrown)
    return skipped(uri, reason, message)
  }
  // The listing is a moment old: by now a link or a folder may stand in the file's place.
  if (stat.isSymbolicLink()) return examineLink(walk, path, uri)
  if (!stat.isFile()) return skipped(uri, 'NOT_REGULAR', `it is ${describeKind(stat)}, not a file`)

  const fingerprint = fingerprintOf(stat, takenMs)
  const secret = looksLikeSecretName(basename(uri))
  if (secret !== undefined) return { ...skipped(uri, 'SECRET', secret), fingerprint }
  const sizeBytes = Number(stat.size)
  if (sizeBytes > walk.maxFileBytes) {
    return { ...skipped(uri, 'TOO_LARGE', tooLargeMessage(sizeBytes, walk.maxFileBytes)), fingerprint }
  }
  return { type: 'file', file: { uri, path, sizeBytes, modifiedMs: Number(stat.mtimeMs), fingerprint } }
}

/** A link is never followed: its target in the root is found under its own name, and any other is out of bounds. */
async function examineLink(walk: Walk, path: string, uri: string): Promise<WalkEvent> {
  try {
    if (isWithin(walk.root, await realpath(path)))
      return skipped(uri, 'SYMLINK', 'it is a link to a place within the folder, which is read there')
    return skipped(uri, 'SYMLINK_OUTSIDE', 'it is a link to a place outside the indexed folder')
  } catch (thrown) {
    if (errorCode(thrown) === 'ELOOP')
      return skipped(uri, 'SYMLINK_LOOP', 'it is a link that leads in a circle')
    const { reason, message } = faultOf(thrown)
    if (reason === 'NOT_FOUND') return skipped(uri, reason, 'it is a link to something that is not there')
    return skipped(uri, reason, `it is a link that cannot be followed: ${message}`)
  }
}

function skipped(uri: string, reason: SkipReason, message: string): { readonly type: 'skipped' } & FoundSkip {
  return { type: 'skipped', uri, reason, message }
}

function describeKind(stat: BigIntStats): string {
  if (stat.isFIFO()) return 'a named pipe'
  if (stat.isSocket()) return 'a socket'
  if (stat.isDirectory()) return 'a folder'
  return 'a device'
}
