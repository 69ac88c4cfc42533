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
import { suggestingPaths } from '../nearest-paths.js'
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
    try {
      for (const removal of removals) {
        removed.push(await removeOne(context, engine, removal))
        if (!flags.json) show(context, 'Removed', removed.slice(-1), flags)
      }
    } finally {
      // What has gone is told, also when the next of them fails.
      if (flags.json && removed.length > 0) context.json(removed)
    }
    if (!flags.json) context.note(`The files themselves stay; ${adviceOn(removed)}`)
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
  if (references.length === 0 || references.some((reference) => reference.trim() === '')) {
    const what = references.length === 0 ? 'Name what is to be removed' : 'An empty path names nothing'
    throw new GemdexError('BAD_INPUT', what, {
      hint: 'A path or id of a document, a folder, or -c with the name of a collection.',
    })
  }
  const reach = collection === undefined ? {} : { collections: [collection] }
  const removals = new Map<string, Removal>()
  for (const reference of references)
    for (const each of await findOne(context, engine, reference, reach))
      removals.set('id' in each ? each.id : nameOf(each), each)
  const all = [...removals.values()]
  // A document takes its attachments along, which are below it: folders go first.
  return all
    .filter((removal) => !all.some((other) => other !== removal && covers(other, removal)))
    .sort((a, b) => Number('id' in a) - Number('id' in b))
}

/** Whether a removal takes another one along. */
function covers(removal: Removal, other: Removal): boolean {
  if (removal.collection !== other.collection) return false
  if ('id' in removal) return 'id' in other && other.fileUri === removal.uri
  if (removal.folder === undefined) return true
  const path = 'id' in other ? other.uri : other.folder
  return path?.startsWith(`${removal.folder}/`) ?? false
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
    return findFolder(context, engine, reference, reach).catch(
      suggestingPaths(engine, reference, { collection: reach.collections?.[0], least: 'name' }),
    )
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
    hint:
      reach.collections === undefined
        ? 'Name its collection with -c, or give the whole path.'
        : 'Give the whole path.',
  })
}

/** Asks before a folder or a collection goes; throws BAD_INPUT where nobody can be asked, without `--yes`. */
async function consents(
  context: Context,
  removals: readonly Removal[],
  flags: RemoveFlags,
): Promise<boolean> {
  const asked = removals.filter((removal) => !('id' in removal))
  if (asked.length === 0 || flags.yes) return true
  if (!context.io.isInteractive) {
    throw new GemdexError('BAD_INPUT', `This would remove ${asked.map(describe).join(', and ')}`, {
      hint: 'Add --yes to do it.',
      field: 'yes',
    })
  }
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
