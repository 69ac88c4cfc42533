import { constants } from 'node:fs'
import { access, realpath, stat } from 'node:fs/promises'
import { GemdexError } from '../errors.js'
import { FolderWatchers } from './folder-watchers.js'

export type WatchOptions = {
  /** Ends the watch. */
  readonly signal: AbortSignal
  /** A burst of changes is over when nothing has changed for this long. */
  readonly debounceMs?: number
  /** A burst that goes on is acted upon this long after its first change. */
  readonly maxWaitMs?: number
  /** How often to see whether the root is still there, and still the same. */
  readonly pollMs?: number
  /** Gitignore-style patterns of what to leave out, as for the walk. */
  readonly exclude?: readonly string[]
  /**
   * Real paths, such as the index's files, whose changes do not count. Without it an index within the root would set off
   * its own next run, for ever.
   */
  readonly ignorePaths?: readonly string[]
  /** Does what there is to do after a change, and may be called when there is nothing. Never called while it runs. */
  readonly onChange: () => Promise<void>
  /** Called with what `onChange` threw; the watch goes on. A throw from here, or no `onError`, ends it. */
  readonly onError?: (thrown: unknown) => void
  /** Told in a sentence for people what the watch cannot do just now: the root is gone, or back. */
  readonly onNotice?: (text: string) => void
}

/** After a failure that may pass, when the error does not say how long to wait. */
const RETRY_MS = 10_000

/** How often a run looks for itself when the system watches no more folders. */
const RESCAN_MS = 10_000

/** What is at the root's path now. `stamp` changes when something else is. */
type Root = { readonly path: string; readonly isFolder: boolean; readonly stamp: string }

/**
 * Calls `onChange` whenever files under a folder may have changed, or the one file that `root` is: once as soon as it
 * watches, so that nothing written just before is missed; then after each burst of changes. Events say when to look and
 * never what changed, so `onChange` is to compare for itself.
 *
 * Hidden and ignored folders are not watched. When the root vanishes it waits for it, and calls `onChange` when it is
 * back. A run that failed with a retryable error is tried again without a change.
 *
 * Resolves when the signal is aborted and the last `onChange` is over; rejects as `onError` says. File systems that tell
 * of no changes (some network drives and folders shared with a virtual machine) are not seen.
 */
export async function watchFolder(root: string, options: WatchOptions): Promise<void> {
  const watch = new Watch(root, options)
  try {
    await watch.run()
  } finally {
    watch.close()
  }
}

class Watch {
  readonly #rootPath: string
  readonly #options: WatchOptions
  readonly #debounceMs: number
  readonly #maxWaitMs: number
  readonly #watchers: FolderWatchers
  /** The root as it was last seen; undefined before, and while it is gone. */
  #root: Root | undefined
  #isMissed = false
  #saidUnwatched = false
  /** Of the burst under way, by the monotonic clock; undefined when there is none. */
  #burst: { readonly firstMs: number; lastMs: number } | undefined
  /** When to run even without a change. */
  #againMs = Number.POSITIVE_INFINITY
  #wake: () => void = () => {}

  constructor(root: string, options: WatchOptions) {
    this.#rootPath = root
    this.#options = options
    this.#debounceMs = options.debounceMs ?? 300
    this.#maxWaitMs = options.maxWaitMs ?? 1500
    const { exclude, ignorePaths } = options
    this.#watchers = new FolderWatchers({
      ...(exclude === undefined ? {} : { exclude }),
      ...(ignorePaths === undefined ? {} : { ignorePaths }),
      onEvent: () => this.#note(),
    })
  }

  async run(): Promise<void> {
    const { signal, pollMs = 500 } = this.#options
    const wake = () => this.#wake()
    signal.addEventListener('abort', wake)
    try {
      while (!signal.aborted) {
        await this.#lookAtRoot()
        if (this.#root !== undefined && this.#dueInMs() <= 0) await this.#act(this.#root)
        else await this.#sleep(this.#root === undefined ? pollMs : Math.min(pollMs, this.#dueInMs()))
      }
    } finally {
      signal.removeEventListener('abort', wake)
    }
  }

  close(): void {
    this.#watchers.close()
  }

  #note(): void {
    const now = performance.now()
    if (this.#burst === undefined) {
      this.#burst = { firstMs: now, lastMs: now }
      // The one that sleeps knows of no burst yet.
      this.#wake()
    } else {
      this.#burst.lastMs = now
    }
  }

  #dueInMs(): number {
    const { firstMs, lastMs } = this.#burst ?? { firstMs: this.#againMs, lastMs: this.#againMs }
    const dueMs = Math.min(lastMs + this.#debounceMs, firstMs + this.#maxWaitMs, this.#againMs)
    return dueMs - performance.now()
  }

  async #lookAtRoot(): Promise<void> {
    const before = this.#root
    this.#root = await findRoot(this.#rootPath)
    if (this.#root?.stamp === before?.stamp && (this.#root !== undefined || this.#isMissed)) return
    if (this.#root === undefined) {
      this.#watchers.close()
      this.#burst = undefined
      this.#againMs = Number.POSITIVE_INFINITY
      this.#isMissed = true
      this.#options.onNotice?.(`"${this.#rootPath}" is not there, or cannot be read; waiting for it`)
      return
    }
    if (this.#isMissed) this.#options.onNotice?.(`"${this.#rootPath}" is there again`)
    this.#isMissed = false
    // Another folder has its path: whatever was watched is not what is there.
    this.#watchers.close()
    if (this.#root.isFolder) await this.#watchers.sync(this.#root.path)
    this.#note()
  }

  /** Runs once. What changes from here on belongs to the next burst. */
  async #act(root: Root): Promise<void> {
    const { onChange, onError, signal } = this.#options
    this.#burst = undefined
    this.#againMs = Number.POSITIVE_INFINITY
    // Before the run, so that it sees what was there when each folder came to be watched.
    if (root.isFolder) await this.#watchers.sync(root.path)
    this.#checkUnwatched()
    if (signal.aborted) return
    try {
      await onChange()
    } catch (thrown) {
      if (signal.aborted) return
      if (onError === undefined) throw thrown
      onError(thrown)
      if (thrown instanceof GemdexError && thrown.retryable) this.#runAgainIn(thrown.retryAfterMs ?? RETRY_MS)
    }
  }

  #checkUnwatched(): void {
    const { unwatched } = this.#watchers
    if (unwatched === 0) {
      this.#saidUnwatched = false
      return
    }
    this.#runAgainIn(RESCAN_MS)
    if (this.#saidUnwatched) return
    this.#saidUnwatched = true
    const folders = unwatched === 1 ? '1 folder' : `${unwatched} folders`
    this.#options.onNotice?.(
      `The system's limit of watches is reached (on Linux fs.inotify.max_user_watches): ` +
        `${folders} will be looked at every ${RESCAN_MS / 1000} seconds`,
    )
  }

  #runAgainIn(ms: number): void {
    this.#againMs = Math.min(this.#againMs, performance.now() + ms)
  }

  /** Until the time is over, a burst begins, or the signal is aborted. */
  async #sleep(ms: number): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, Math.max(0, ms))
      this.#wake = () => {
        clearTimeout(timer)
        resolve()
      }
      // It may have been aborted while nobody slept.
      if (this.#options.signal.aborted) this.#wake()
    })
    this.#wake = () => {}
  }
}

/** What is at the path; undefined when nothing is, or it cannot be read. */
async function findRoot(root: string): Promise<Root | undefined> {
  try {
    const path = await realpath(root)
    const info = await stat(path, { bigint: true })
    const isFolder = info.isDirectory()
    await access(path, isFolder ? constants.R_OK | constants.X_OK : constants.R_OK)
    const parts = [path, info.dev, info.ino, info.birthtimeNs]
    // A single file needs no watcher: its stamp tells when it changed.
    if (!isFolder) parts.push(info.size, info.mtimeNs, info.ctimeNs)
    return { path, isFolder, stamp: parts.join('-') }
  } catch {
    return undefined
  }
}
