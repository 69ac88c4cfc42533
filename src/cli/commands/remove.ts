import { realpath } from 'node:fs/promises'
import { isAbsolute, resolve } from 'node:path'
import type { PartOfIndex, Reach, SearchEngine } from '../../engine.js'
import { GemdexError, toGemdexError } from '../../errors.js'
import type { DocumentSummary } from '../../types.js'
import { confirm } from '../confirm.js'
import type { Context } from '../context.js'
import { createCorpusProgress } from '../corpus-progress.js'
import { DONE, NOTHING } from '../exit-code.js'
import type { ExitCode } from '../io.js'
import { count, oneLine } from '../style.js'
import { locate } from './documents.js'

export type RemoveFlags = {
  readonly collection?: string
  readonly dryRun?: boolean
  readonly yes?: boolean
  readonly json?: boolean
}

/** What is removed: a document by its id, or all of a part of the index. */
type Removal = DocumentSummary | PartOfIndex

/** `remove [path or id...]` */
export async function remove(
  context: Context,
  references: readonly string[],
  flags: RemoveFlags,
): Promise<ExitCode> {
  return context.withIndex(async (engine) => {
    const removals = await findRemovals(context, engine, references, flags)
    if (flags.dryRun) {
      show(context, 'Would remove', removals, flags)
      return DONE
    }
    if (!(await consents(context, removals, flags))) {
      context.note('Nothing was removed.')
      return NOTHING
    }
    const removed: Removal[] = []
    for (const removal of removals) {
      removed.push(await removeOne(context, engine, removal))
      if (!flags.json) show(context, 'Removed', removed.slice(-1), flags)
    }
    if (flags.json) context.json(removed)
    else context.note(`The files themselves stay; ${adviceOn(removed)}`)
    return DONE
  })
}

/** Everything is looked up before anything is removed. */
async function findRemovals(
  context: Context,
  engine: SearchEngine,
  references: readonly string[],
  { collection }: RemoveFlags,
): Promise<Removal[]> {
  if (collection !== undefined) {
    const whole = await engine.removePart({ collection, dryRun: true })
    if (references.length === 0) return [whole]
  }
  if (references.length === 0) {
    throw new GemdexError('BAD_INPUT', 'Name what is to be removed', {
      hint: 'A path or id of a document, a folder, or -c with the name of a collection.',
    })
  }
  const reach = collection === undefined ? {} : { collections: [collection] }
  const removals = new Map<string, Removal>()
  for (const reference of references)
    for (const each of await findOne(context, engine, reference, reach))
      removals.set('id' in each ? each.id : nameOf(each), each)
  // What lies in a folder goes before it: afterwards it would not be there.
  return [...removals.values()].sort((a, b) => extentOf(a) - extentOf(b))
}

/** Grows from documents over longer paths of folders to shorter ones, and on to collections. */
function extentOf(removal: Removal): number {
  return 'id' in removal ? Number.MIN_SAFE_INTEGER : -(removal.folder?.length ?? 0)
}

async function findOne(
  context: Context,
  engine: SearchEngine,
  reference: string,
  reach: Reach,
): Promise<readonly Removal[]> {
  try {
    const {
      text: _,
      blocks: __,
      passages: ___,
      ...document
    } = await locate(context, reference, (each) => engine.getDocument(each, reach))
    return [document]
  } catch (error) {
    if (toGemdexError(error).code !== 'NOT_FOUND') throw error
    return findFolder(context, engine, reference, reach)
  }
}

/** By its path in a collection or on this machine; where both mean something, they must mean the same. */
async function findFolder(
  { io }: Context,
  engine: SearchEngine,
  reference: string,
  reach: Reach,
): Promise<readonly PartOfIndex[]> {
  const find = (path: string) =>
    engine.findFolder(path, reach).catch((error: unknown) => {
      if (toGemdexError(error).code !== 'NOT_FOUND') throw error
      return toGemdexError(error)
    })
  const path = resolve(io.cwd, reference)
  const onDisk = await find(await realpath(path).catch(() => path))
  const named = isAbsolute(reference) ? onDisk : await find(reference)
  if (named instanceof GemdexError) {
    if (onDisk instanceof GemdexError) throw named
    return onDisk
  }
  const names = [named, ...(onDisk instanceof GemdexError ? [] : [onDisk])].map((parts) =>
    parts.map(nameOf).join(', '),
  )
  if (new Set(names).size === 1) return named
  throw new GemdexError('BAD_INPUT', `${reference} may mean ${names.join(', or ')}`, {
    hint: 'Name its collection with -c, or give the whole path.',
  })
}

/** On a terminal, asks before a folder or a collection goes. */
async function consents(
  context: Context,
  removals: readonly Removal[],
  flags: RemoveFlags,
): Promise<boolean> {
  const asked = removals.filter((removal) => !('id' in removal))
  if (asked.length === 0 || flags.yes || !context.io.isInteractive) return true
  for (const removal of asked) context.note(describe(removal))
  return confirm(context.io, 'Remove this from the index?')
}

async function removeOne(context: Context, engine: SearchEngine, removal: Removal): Promise<Removal> {
  if ('id' in removal) return engine.removeDocument(removal.id)
  const { collection, folder } = removal
  const progress = createCorpusProgress(context.io)
  return engine
    .removePart({
      collection,
      ...(folder === undefined ? {} : { folder }),
      signal: context.io.signal,
      onProgress: ({ done, total }) => progress.show({ stage: 'Documents removed', done, total }),
    })
    .finally(progress.end)
}

function show(
  context: Context,
  what: 'Removed' | 'Would remove',
  removals: readonly Removal[],
  { json }: RemoveFlags,
): void {
  if (json) context.json(removals)
  else for (const removal of removals) context.io.out.write(`${what} ${describe(removal)} from the index.\n`)
}

/** `docs/heating.md`; `12 documents (340 passages) below docs/guides`; `the collection docs with 12 documents (340 passages)`. */
function describe(removal: Removal): string {
  if ('id' in removal) return `${oneLine(removal.collection)}/${oneLine(removal.uri)}`
  const much = `${count(removal.documents, 'document')} (${count(removal.chunks, 'passage')})`
  return removal.folder === undefined ? `${nameOf(removal)} with ${much}` : `${much} below ${nameOf(removal)}`
}

function nameOf({ collection, folder }: PartOfIndex): string {
  return folder === undefined
    ? `the collection ${oneLine(collection)}`
    : `${oneLine(collection)}/${oneLine(folder)}`
}

function adviceOn(removed: readonly Removal[]): string {
  return removed.every((removal) => !('id' in removal) && removal.folder === undefined)
    ? 'the name of the collection is free.'
    : 'a line in .gemdexignore keeps the next `gemdex index` from adding them again.'
}
