import type { Database } from 'better-sqlite3'
import type { StoredKey } from '../../access/key-store.js'
import { GemdexError } from '../../errors.js'
import type { Scope } from '../../types.js'

type KeyRow = {
  id: string
  name: string
  hash: Buffer
  scopes: string
  collections: string | null
  createdMs: number
  lastUsedMs: number | null
  revokedMs: number | null
}

const COLUMNS = `id, name, hash, scopes, collections, created_ms AS createdMs, last_used_ms AS lastUsedMs,
  revoked_ms AS revokedMs`

export type KeyTables = ReturnType<typeof createKeyTables>

/** API keys by the hash of them. Writes expect to run inside the caller's transaction. */
export function createKeyTables(database: Database) {
  const all = database.prepare<[], KeyRow>(`SELECT ${COLUMNS} FROM api_keys ORDER BY created_ms, id`)
  const byId = database.prepare<[string], KeyRow>(`SELECT ${COLUMNS} FROM api_keys WHERE id = ?`)
  const any = database.prepare<[], number>('SELECT EXISTS (SELECT 1 FROM api_keys)').pluck()
  const inUse = database
    .prepare<[string], number>('SELECT EXISTS (SELECT 1 FROM api_keys WHERE name = ? AND revoked_ms IS NULL)')
    .pluck()
  const insert = database.prepare(
    'INSERT INTO api_keys (id, name, hash, scopes, collections, created_ms) VALUES (?, ?, ?, ?, ?, ?)',
  )
  const revoke = database.prepare<[number, string]>('UPDATE api_keys SET revoked_ms = ? WHERE id = ?')
  const forget = database.prepare<[string]>('DELETE FROM api_keys WHERE id = ?')
  const use = database.prepare<[number, string]>('UPDATE api_keys SET last_used_ms = ? WHERE id = ?')

  return {
    list(): StoredKey[] {
      return all.all().map(toKey)
    },

    find(id: string): StoredKey | undefined {
      const row = byId.get(id)
      return row && toKey(row)
    },

    hasAny(): boolean {
      return any.get() === 1
    },

    add({ id, name, hash, scopes, collections, createdMs }: StoredKey): void {
      if (inUse.get(name) === 1) {
        throw new GemdexError('BAD_INPUT', `There is a key named "${name}" already`, {
          hint: 'Choose another name, or revoke that key first.',
          field: 'name',
        })
      }
      const reach = collections === undefined ? null : JSON.stringify(collections)
      insert.run(id, name, hash, JSON.stringify(scopes), reach, createdMs)
    },

    revoke(id: string, atMs: number): void {
      revoke.run(atMs, id)
    },

    forget(id: string): void {
      forget.run(id)
    },

    noteUse(id: string, atMs: number): void {
      use.run(atMs, id)
    },
  }
}

function toKey({ scopes, collections, lastUsedMs, revokedMs, ...row }: KeyRow): StoredKey {
  return {
    ...row,
    scopes: JSON.parse(scopes) as Scope[],
    ...(collections === null ? {} : { collections: JSON.parse(collections) as string[] }),
    ...(lastUsedMs === null ? {} : { lastUsedMs }),
    ...(revokedMs === null ? {} : { revokedMs }),
    origin: 'index',
  }
}
