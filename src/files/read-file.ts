import { createHash } from 'node:crypto'
import { type BigIntStats, constants, fstatSync, readlinkSync } from 'node:fs'
import { type FileHandle, lstat, open, realpath } from 'node:fs/promises'
import { throwIfAborted } from '../errors.js'
import type { SkipReason, SourceFile } from '../types.js'
import { errorCode, faultOf } from './file-errors.js'
import { DEFAULT_MAX_FILE_BYTES, tooLargeMessage } from './file-limits.js'
import { fingerprintOf, isSameState, unmatchableFingerprint } from './fingerprint.js'
import { isWithin } from './is-within.js'

/** Between two looks at the signal, and what one step of hashing holds the event loop for: 2 to 10 ms. */
const READ_STEP_BYTES = 4 << 20

/** Files of procfs and the like say 0 bytes and hold more. */
const MIN_GROWN_BYTES = 64 << 10

export type ReadFile = {
  /** The whole file, in a buffer of its own: it may be transferred to a worker. */
  readonly bytes: Uint8Array<ArrayBuffer>
  /** Hex SHA-256 of the bytes. */
  readonly contentHash: string
  /** Of the state that was read; matches nothing when the file changed meanwhile. */
  readonly fingerprint: string
}

export type ReadSkip = { readonly skipped: SkipReason; readonly message: string }

/**
 * Reads a file that a walk found, if it still is one and still lies in the root: all checks are made on the opened
 * file, so that nothing swapped in since the walk, or between check and reading, gets read. (Without procfs, so on
 * macOS and Windows, somebody who keeps swapping folders during the very check could still win that race.)
 *
 * @param root The folder (or the file itself) that was walked; its real path is what counts.
 *
 * Throws CANCELLED when the signal is aborted; whatever is wrong with the file comes back as a skip: vanished,
 * unreadable, too-large, outside-root or not-a-file.
 */
export async function readSourceFile(
  file: SourceFile,
  root: string,
  options: { readonly maxFileBytes?: number; readonly signal?: AbortSignal } = {},
): Promise<ReadFile | ReadSkip> {
  throwIfAborted(options.signal)
  let handle: FileHandle | undefined
  try {
    // O_NONBLOCK: opening a named pipe would else wait for a writer. Windows has neither flag.
    handle = await open(
      file.path,
      constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0),
    )
    const takenMs = Date.now()
    const before = stateOf(handle)
    if (!(await liesWithin(root, handle, file.path, before))) return OUTSIDE_ROOT
    if (!before.isFile()) return { skipped: 'NOT_REGULAR', message: 'it is no longer a file' }
    const maxFileBytes = options.maxFileBytes ?? DEFAULT_MAX_FILE_BYTES
    const read = await readWhole(handle, Number(before.size), maxFileBytes, options.signal)
    if ('skipped' in read) return read
    const changed = !isSameState(before, stateOf(handle))
    return { ...read, fingerprint: changed ? unmatchableFingerprint(before) : fingerprintOf(before, takenMs) }
  } catch (thrown) {
    // Awaited, as a rejection left alone while the file closes would end the process.
    return await skipOf(thrown, file.path, root)
  } finally {
    await handle?.close()
  }
}

const OUTSIDE_ROOT: ReadSkip = {
  skipped: 'SYMLINK_OUTSIDE',
  message: 'its path leads outside the indexed folder since it was found',
}

/** Of an open file it is in memory, also on network drives: no wait, and a fifth of what asking another thread costs. */
function stateOf({ fd }: FileHandle): BigIntStats {
  return fstatSync(fd, { bigint: true })
}

/** Whether the opened file itself, not whatever its path means by now, lies in the root. */
async function liesWithin(
  root: string,
  handle: FileHandle,
  path: string,
  opened: BigIntStats,
): Promise<boolean> {
  const known = openedPath(handle)
  if (known !== undefined) {
    // A file without a name left (replaced by rename since it was opened) keeps its old one, marked.
    const path = opened.nlink === 0n ? known.replace(/ \(deleted\)$/, '') : known
    // A real path below the root's given one: that one is real too, and need not be looked at.
    return isWithin(root, path) || isWithin(await realpath(root), path)
  }
  // Elsewhere: the path without its links must be in the root, and mean the very file that is open.
  const real = await realpath(path)
  const there = await lstat(real, { bigint: true })
  return isWithin(await realpath(root), real) && there.dev === opened.dev && there.ino === opened.ino
}

/** The kernel's own record of where a file was opened, which cannot be raced (proc_pid_fd(5)). It is in memory: no wait. */
function openedPath({ fd }: FileHandle): string | undefined {
  try {
    return readlinkSync(`/proc/self/fd/${fd}`)
  } catch {
    return undefined
  }
}

async function readWhole(
  handle: FileHandle,
  sizeBytes: number,
  maxFileBytes: number,
  signal: AbortSignal | undefined,
): Promise<{ readonly bytes: Uint8Array<ArrayBuffer>; readonly contentHash: string } | ReadSkip> {
  if (sizeBytes > maxFileBytes)
    return { skipped: 'TOO_LARGE', message: tooLargeMessage(sizeBytes, maxFileBytes) }
  const hash = createHash('sha256')
  // One more than the size said, so that growth is seen in the same read; a file that grew meanwhile doubles it.
  let buffer = new Uint8Array(sizeBytes + 1)
  let filled = 0
  for (;;) {
    throwIfAborted(signal)
    const { bytesRead } = await handle.read(
      buffer,
      filled,
      Math.min(buffer.length - filled, READ_STEP_BYTES),
      null,
    )
    if (bytesRead === 0) break
    hash.update(buffer.subarray(filled, filled + bytesRead))
    filled += bytesRead
    // Whether it has grown since, its state will say.
    if (filled === sizeBytes) break
    if (filled > maxFileBytes) return { skipped: 'TOO_LARGE', message: tooLargeMessage(filled, maxFileBytes) }
    if (filled === buffer.length) {
      const larger = new Uint8Array(Math.min(Math.max(buffer.length * 2, MIN_GROWN_BYTES), maxFileBytes + 1))
      larger.set(buffer)
      buffer = larger
    }
  }
  return { bytes: buffer.subarray(0, filled), contentHash: hash.digest('hex') }
}

/** Throws again what is not the file's fault. */
async function skipOf(thrown: unknown, path: string, root: string): Promise<ReadSkip> {
  // O_NOFOLLOW says ELOOP (EMLINK on FreeBSD) when a link stands where the file was.
  if (errorCode(thrown) === 'ELOOP' || errorCode(thrown) === 'EMLINK') {
    const inside = await Promise.all([realpath(root), realpath(path)])
      .then(([a, b]) => isWithin(a, b))
      .catch(() => true)
    return inside ? { skipped: 'NOT_REGULAR', message: 'it is a link by now' } : OUTSIDE_ROOT
  }
  const { reason, message } = faultOf(thrown)
  return { skipped: reason, message }
}
