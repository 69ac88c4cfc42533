import { type BigIntStats, type FSWatcher, watch } from 'node:fs'
import { lstat } from 'node:fs/promises'
import { join, sep } from 'node:path'
import { errorCode, faultOf } from './file-errors.js'
import { createFilter, GEMDEX_IGNORE, GIT_IGNORE, IgnoreRules } from './ignore-rules.js'
import { isHiddenName } from './is-hidden-name.js'
import { type FolderEntry, listFolder } from './list-folder.js'
import { readIgnoreFile } from './read-ignore-file.js'

/** Folders looked at at the same time: enough for the thread pool. */
const FOLDERS_AT_ONCE = 32

/** One watcher on the root sees all below it, by the system's own doing. Elsewhere every folder has its own. */
const SEES_BELOW = process.platform === 'darwin' || process.platform === 'win32'

export type FolderWatchersOptions = {
  readonly exclude?: readonly string[]
  /** Absolute paths; a change of one, or of a name in its folder that begins with its name, is none. */
  readonly ignorePaths?: readonly string[]
  /** Something changed that a walk may see. Called many times for one change. */
  readonly onEvent: () => void
}

type WatchedFolder = {
  /** Tells the folder from another one that later has its path. */
  readonly identity: string
  readonly watcher: FSWatcher | undefined
  rules: IgnoreRules
}

type FolderStep = { readonly path: string; readonly uri: string; readonly rules: IgnoreRules }

/**
 * Watches the folders that a walk would enter, and no file by itself: a folder's watcher tells of the files in it.
 *
 * Node's own recursive watching is no choice on Linux: in Node 20 it watches every single file, and loses a file that was
 * saved by renaming a new one over it. chokidar 5 watches every single file too (20,401 watches and 180 MB for 20,000
 * files, where this needs 401), and loses a folder that another one took the place of. `sync` brings the set in line with
 * what is there, whatever events were lost before.
 */
export class FolderWatchers {
  readonly #options: FolderWatchersOptions
  readonly #isExcluded: (uri: string, isFolder: boolean) => boolean
  #root = ''
  /** By URI; the root's is empty. */
  readonly #folders = new Map<string, WatchedFolder>()
  #unwatched = 0

  constructor(options: FolderWatchersOptions) {
    this.#options = options
    this.#isExcluded = createFilter([], options.exclude)
  }

  /** Folders that the system would not watch: it has a limit, and they had reached it. */
  get unwatched(): number {
    return this.#unwatched
  }

  /**
   * Watches each folder below `root` (a real path) that is not watched yet, and no longer those that are gone. A change
   * after a folder was listed is an event: once `sync` is over, whatever a walk would not see is going to be told.
   */
  async sync(root: string): Promise<void> {
    if (root !== this.#root) this.close()
    this.#root = root
    this.#unwatched = 0
    const entered = new Set<string>()
    let steps: FolderStep[] = [{ path: root, uri: '', rules: IgnoreRules.none() }]
    while (steps.length > 0) {
      const batch = steps.splice(0, FOLDERS_AT_ONCE)
      for (const { uri } of batch) entered.add(uri)
      steps = steps.concat(...(await Promise.all(batch.map((step) => this.#enter(step)))))
    }
    for (const uri of [...this.#folders.keys()]) if (!entered.has(uri)) this.#forget(uri)
  }

  /** Watches nothing any more. */
  close(): void {
    for (const uri of [...this.#folders.keys()]) this.#forget(uri)
  }

  /** Watches one folder and gives those in it. */
  async #enter({ path, uri, rules: outer }: FolderStep): Promise<FolderStep[]> {
    try {
      const identity = identityOf(await lstat(path, { bigint: true }))
      // Watched first and listed then: what comes in between is an event.
      const folder = { identity, watcher: this.#watcherFor(path, uri, identity), rules: outer }
      this.#folders.set(uri, folder)
      const entries = await listFolder(path)
      const rules = await enterRules(outer, path, uri, entries)
      folder.rules = rules
      return entries.flatMap((entry) => {
        const inner = uri === '' ? entry.key : `${uri}/${entry.key}`
        const isEntered = entry.kind === 'folder' && entry.problem === undefined && !isIgnoredName(entry.key)
        if (!isEntered || rules.ignores(inner, true) || this.#isExcluded(inner, true)) return []
        return [{ path: join(path, entry.name), uri: inner, rules }]
      })
    } catch (thrown) {
      // A folder that is gone or shut: the walk says so, and the folder above tells when that changes.
      faultOf(thrown)
      this.#forget(uri)
      return []
    }
  }

  /** The folder's watcher: the one it has, or a new one. Undefined when it needs none, or the system has no more. */
  #watcherFor(path: string, uri: string, identity: string): FSWatcher | undefined {
    const known = this.#folders.get(uri)
    if (known?.identity === identity && known.watcher !== undefined) return known.watcher
    this.#forget(uri)
    if (SEES_BELOW && uri !== '') return undefined
    try {
      const watcher = watch(path, { recursive: SEES_BELOW }, (event, name) => this.#notice(uri, event, name))
      watcher.on('error', () => {
        this.#drop(uri)
        this.#options.onEvent()
      })
      return watcher
    } catch (thrown) {
      const code = errorCode(thrown)
      if (code !== 'ENOSPC' && code !== 'EMFILE') throw thrown
      this.#unwatched++
      return undefined
    }
  }

  #notice(folder: string, event: string, name: string | null): void {
    if (name === null || name === '') {
      this.#options.onEvent()
      return
    }
    const key = name.split(sep).join('/').normalize('NFC')
    const uri = folder === '' ? key : `${folder}/${key}`
    // By now another folder may have the path, and even the inode. The next sync watches what is there.
    if (event === 'rename' && !SEES_BELOW) this.#drop(uri)
    if (this.#mayBeSeen(uri)) this.#options.onEvent()
  }

  /** Forgets a folder and all below it. */
  #drop(uri: string): void {
    if (!this.#folders.has(uri)) return
    for (const inner of [...this.#folders.keys()]) {
      if (inner === uri || uri === '' || inner.startsWith(`${uri}/`)) this.#forget(inner)
    }
  }

  #forget(uri: string): void {
    this.#folders.get(uri)?.watcher?.close()
    this.#folders.delete(uri)
  }

  /** Whether a change of what has this URI may change what a walk finds. */
  #mayBeSeen(uri: string): boolean {
    const parts = uri.split('/')
    const last = parts.length - 1
    if (parts.some((part, i) => isIgnoredName(part) && !(i === last && isIgnoreFile(part)))) return false
    if (isIgnoreFile(parts[last] ?? '')) return true
    const path = join(this.#root, ...parts)
    if (this.#options.ignorePaths?.includes(path)) return false
    // The rules of the deepest folder that is known: below one that is ignored, or new, none is.
    let depth = last
    while (depth > 0 && !this.#folders.has(parts.slice(0, depth).join('/'))) depth--
    const rules = this.#folders.get(parts.slice(0, depth).join('/'))?.rules
    const next = parts.slice(0, depth + 1).join('/')
    const isOut = (isFolder: boolean) => rules?.ignores(next, isFolder) || this.#isExcluded(next, isFolder)
    // What the last part is nobody knows, it may be gone: a file or a folder.
    return !(isOut(true) && (depth < last || isOut(false)))
  }
}

async function enterRules(
  rules: IgnoreRules,
  path: string,
  uri: string,
  entries: readonly FolderEntry[],
): Promise<IgnoreRules> {
  const texts = [GIT_IGNORE, GEMDEX_IGNORE].map(async (name) => {
    if (!entries.some((entry) => entry.name === name && entry.kind !== 'folder')) return ''
    const read = await readIgnoreFile(join(path, name))
    // Watching too much costs a run that finds nothing; the walk itself leaves the folder out.
    return 'reason' in read ? '' : read.text
  })
  const [git = '', gemdex = ''] = await Promise.all(texts)
  return rules.enter(uri === '' ? 0 : uri.split('/').length, git, gemdex)
}

function isIgnoredName(name: string): boolean {
  return isHiddenName(name) || name === 'node_modules'
}

function isIgnoreFile(name: string): boolean {
  return name === GIT_IGNORE || name === GEMDEX_IGNORE
}

function identityOf(stat: BigIntStats): string {
  // An inode is given again as soon as it is free; with the time of its birth it is not the same.
  return `${stat.dev}-${stat.ino}-${stat.birthtimeNs}`
}
