import type { SearchEngine } from '../../engine.js'
import type { AccessKey, Scope } from '../../types.js'
import type { Context } from '../context.js'
import { DONE, NOTHING } from '../exit-code.js'
import type { ExitCode } from '../io.js'
import { count, formatTable, oneLine } from '../style.js'

export type KeyFlags = {
  readonly scope?: readonly Scope[]
  readonly collection?: readonly string[]
  /** False for a key that goes into the settings instead of the index. */
  readonly store: boolean
  readonly json?: boolean
}

/** `keys add`: the key goes to standard output, once and alone; what to do with it to standard error. */
export async function addKey(context: Context, name: string, flags: KeyFlags): Promise<ExitCode> {
  const { scope: scopes = ['read'], collection: collections } = flags
  const wanted = { name, scopes, ...(collections === undefined ? {} : { collections }) }
  const { io, note, errStyle, config } = context
  return context.withEngine({ ifMissing: flags.store ? 'create' : 'memory' }, async (engine) => {
    const { keys } = engine
    const { key, entry, setting } = flags.store ? await keys.add(wanted) : keys.make(wanted)
    if (flags.json) {
      context.json(flags.store ? { key, ...entry } : { key, setting })
      return DONE
    }
    io.out.write(`${key}\n`)
    if (flags.store)
      note(errStyle.dim(`The key is shown this once: ${oneLine(config.db)} keeps only a hash of it.`))
    else {
      note(errStyle.dim('The key is shown this once, and not kept.'))
      note(`Add to GEMDEX_API_KEYS (entries are comma-separated): ${oneLine(setting)}`)
    }
    await noteUnknown(context, engine, collections)
    return DONE
  })
}

/** A collection may be made later; a misspelt one is better known now. */
async function noteUnknown(
  { note, errStyle }: Context,
  engine: Pick<SearchEngine, 'status'>,
  collections: readonly string[] = [],
): Promise<void> {
  if (collections.length === 0) return
  const known = (await engine.status()).collections.map(({ name }) => name)
  for (const name of collections)
    if (!known.includes(name)) note(errStyle.warn(`There is no collection named ${oneLine(name)} yet.`))
}

/** `keys list`: those of the index and of the settings; never the keys themselves. */
export async function listKeys(context: Context, flags: { readonly json?: boolean }): Promise<ExitCode> {
  return context.withEngine({ ifMissing: 'memory' }, async (engine) => {
    const keys = await engine.keys.list()
    if (flags.json) context.json(keys)
    else {
      const header = ['ID', 'NAME', 'SCOPES', 'COLLECTIONS', 'CREATED', 'LAST USED', 'STATE']
      if (keys.length > 0) context.io.out.write(formatTable([header, ...keys.map(rowOf)]))
      context.note(context.errStyle.dim(count(keys.length, 'key')))
    }
    return keys.length === 0 ? NOTHING : DONE
  })
}

/** `keys revoke` */
export async function revokeKey(
  context: Context,
  reference: string,
  flags: { readonly forget?: boolean; readonly json?: boolean },
): Promise<ExitCode> {
  return context.withIndex(async ({ keys }) => {
    const key = flags.forget ? await keys.forget(reference) : await keys.revoke(reference)
    if (flags.json) context.json(key)
    else
      context.io.out.write(
        `${flags.forget ? 'Forgot' : 'Revoked'} the key ${oneLine(key.name)} (${key.id}).\n`,
      )
    return DONE
  })
}

function rowOf({
  id,
  name,
  scopes,
  collections,
  createdMs,
  lastUsedMs,
  revokedMs,
  origin,
}: AccessKey): string[] {
  return [
    origin === 'settings' ? '-' : id,
    oneLine(name),
    scopes.join(', '),
    collections === undefined ? 'all' : oneLine(collections.join(', ')),
    shownTime(createdMs),
    shownTime(lastUsedMs),
    revokedMs === undefined
      ? origin === 'settings'
        ? 'from the settings'
        : 'in use'
      : `revoked ${shownTime(revokedMs)}`,
  ]
}

function shownTime(ms: number | undefined): string {
  return ms === undefined ? '-' : `${new Date(ms).toISOString().slice(0, 16).replace('T', ' ')}Z`
}
