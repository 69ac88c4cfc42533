import { guardRemoval, planChanges } from '../files/plan-changes.js'
import { type FoundSkip, type WalkOptions, walkFolder } from '../files/walk.js'
import type { FileState, Store } from '../store/store.js'
import type { SkipReason, SourceFile } from '../types.js'
import type { Target } from './resolve-target.js'
import { hasUnseenPictures } from './unseen.js'

export type SurveyRequest = Pick<WalkOptions, 'include' | 'exclude' | 'signal'> & {
  /** Let a missing or suddenly empty root remove what it held. */
  readonly force?: boolean
  /** Read files again in which there are pictures that no model has looked at. */
  readonly seesPictures?: boolean
}

export type SurveyDependencies = {
  readonly store: Store
  /** Changes whenever a file that was skipped may be readable now. */
  readonly extractVersion: string
  /** Real paths of the index's own files, which are left out. */
  readonly ownFiles: readonly string[]
}

/** A folder that holds nothing but these is empty to its reader. */
const SAYS_NOTHING: ReadonlySet<SkipReason> = new Set<SkipReason>(['HIDDEN', 'SYMLINK'])

/** What a walk found, against what the index knows. */
export type Survey = {
  readonly target: Target
  readonly known: ReadonlyMap<string, FileState>
  readonly found: readonly SourceFile[]
  readonly ignored: number
  readonly plan: ReturnType<typeof planChanges>
}

/**
 * Walks a target and plans what is to be read and removed. Throws ROOT_MISSING and ROOT_EMPTY where a run would empty
 * the collection without `force`, and CANCELLED.
 */
export async function surveyFolder(
  target: Target,
  request: SurveyRequest,
  dependencies: SurveyDependencies,
): Promise<Survey> {
  const { force = false } = request
  const known = await knownFiles(target, request, dependencies)
  const { found, skips, ignored } = target.rootExists
    ? await walk(target, request, dependencies.ownFiles)
    : { found: [], skips: [], ignored: 0 }
  if (target.only === undefined) {
    guardRemoval({
      root: target.root,
      rootExists: target.rootExists,
      foundCount: found.length + skips.filter(({ reason }) => !SAYS_NOTHING.has(reason)).length,
      knownIndexedCount: [...known.values()].filter(({ outcome }) => outcome === 'indexed').length,
      force,
    })
  }
  const scope = target.only === undefined ? known : new Map([...known].filter(([uri]) => uri === target.only))
  return { target, known, found, ignored, plan: planChanges(found, skips, scope, { force }) }
}

/** Skipped files are looked at again when this program can read more than the one that skipped them. */
async function knownFiles(
  target: Target,
  { seesPictures = false }: SurveyRequest,
  { store, extractVersion }: SurveyDependencies,
): Promise<Map<string, FileState>> {
  const collections = await store.collections()
  const isKnown = collections.some(({ name, root }) => name === target.collection && root === target.root)
  if (!isKnown) return new Map()
  const states = await store.fileStates(target.collection)
  const suffix = `|${extractVersion}`
  for (const [uri, state] of states) {
    if (seesPictures && hasUnseenPictures(state)) states.set(uri, { ...state, fingerprint: '' })
    if (state.outcome !== 'skipped') continue
    const current = state.fingerprint.endsWith(suffix)
    states.set(uri, { ...state, fingerprint: current ? state.fingerprint.slice(0, -suffix.length) : '' })
  }
  return states
}

async function walk({ path, only }: Target, request: SurveyRequest, ownFiles: readonly string[]) {
  const found: SourceFile[] = []
  const skips: FoundSkip[] = []
  let ignored = 0
  const { include, exclude, signal } = request
  const options = {
    ...(include === undefined ? {} : { include }),
    ...(exclude === undefined ? {} : { exclude }),
    ...(signal === undefined ? {} : { signal }),
  }
  for await (const event of walkFolder(path, options)) {
    const named = only === undefined ? {} : { uri: only }
    if (event.type === 'ignored') ignored++
    else if (event.type === 'skipped') skips.push({ ...event, ...named })
    else if (ownFiles.includes(event.file.path)) ignored++
    else found.push({ ...event.file, ...named })
  }
  return { found, skips, ignored }
}
