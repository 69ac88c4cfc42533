import type { AccessKey, Scope } from '../../types.js'
import type { Context } from '../context.js'
import { DONE, NOTHING } from '../exit-code.js'
import type { ExitCode } from '../io.js'
import { formatTable, oneLine } from '../style.js'

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
  const { io, note, errStyle } = context
  return context.withEngine({ ifMissing: flags.store ? 'create' : 'memory' }, async ({ keys }) => {
    const { key, entry, setting } = flags.store ? await keys.add(wanted) : keys.make(wanted)
    if (flags.json) {
      context.json(flags.store ? { key, ...entry } : { key, setting })
      return DONE
    }
    io.out.write(`${key}\n`)
    note(errStyle.dim('The key is shown this once: the index keeps only a hash of it.'))
    if (!flags.store) note(`Add to GEMDEX_API_KEYS (entries are comma-separated): ${oneLine(setting)}`)
    return DONE
  })
}

/** `keys list`: those of the index and of the settings; never the keys themselves. */
export async function listKeys(context: Context, flags: { readonly json?: boolean }): Promise<ExitCode> {
  return context.withEngine({ ifMissing: 'memory' }, async (engine) => {
    const keys = await engine.keys.list()
    if (flags.json) context.json(keys)
    else if (keys.length > 0) {
      const header = ['ID', 'NAME', 'SCOPES', 'COLLECTIONS', 'CREATED', 'LAST USED', 'STATE']
      context.io.out.write(formatTable([header, ...keys.map(rowOf)]))
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
