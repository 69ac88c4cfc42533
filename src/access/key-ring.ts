import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import { GemdexError } from '../errors.js'
import type { AccessKey, ConfiguredKey, Scope } from '../types.js'
import type { KeyStore, StoredKey } from './key-store.js'

const SECRET_BYTES = 32
const KEY_FORM = /^gemdex_(?<id>[0-9a-f]{12})_[\w-]{43}$/
/** The last use of a key is written down so often at most. */
const NOTE_EVERY_MS = 60_000
const MAX_NAME_CHARS = 80

export type NewKey = {
  /** For people; 1 to 80 characters, unlike that of any other key in use. */
  readonly name: string
  readonly scopes: readonly Scope[]
  /** The only collections it reaches; all when left out. */
  readonly collections?: readonly string[]
}

export type MadeKey = {
  /** The key itself: shown now and never again. */
  readonly key: string
  readonly entry: AccessKey
  /** What to put into GEMDEX_API_KEYS instead, when it is not to be kept in the index. */
  readonly setting: string
}

export interface KeyRing {
  /** Whether a request needs a key: one is configured, or was ever made for this index and not forgotten. */
  isInUse(): Promise<boolean>
  /** The key that a client presents; undefined for unknown and revoked ones. Takes as long for either. */
  find(presented: string): Promise<AccessKey | undefined>
  /** Makes a key and keeps its hash in the index. BAD_INPUT for what does not fit. */
  add(key: NewKey): Promise<MadeKey>
  /** Makes a key that is not kept. */
  make(key: NewKey): MadeKey
  list(): Promise<AccessKey[]>
  /** By id or name; NOT_FOUND else. */
  revoke(reference: string): Promise<AccessKey>
  /** Drops what is known of a key, by id or name; a service whose index has none left may be opened without one. */
  forget(reference: string): Promise<AccessKey>
}

export type KeyRingDependencies = {
  readonly store: KeyStore
  /** Keys of the settings. */
  readonly configured: readonly ConfiguredKey[]
  /** Milliseconds since 1970. */
  readonly now: () => number
}

/**
 * The keys of a service. A key is `gemdex_`, its id, and 256 random bits; kept is its SHA-256. A slow hash (scrypt, argon2)
 * protects secrets that can be guessed; 2^256 cannot, and a slow one would let anybody busy the service with wrong keys.
 */
export function createKeyRing({ store, configured, now }: KeyRingDependencies): KeyRing {
  const notedMs = new Map<string, number>()

  async function candidates(presented: string): Promise<StoredKey[]> {
    const id = KEY_FORM.exec(presented)?.groups?.id
    const kept = id === undefined ? undefined : await store.findKey(id)
    return [...configured.map(storedForm), ...(kept === undefined ? [] : [kept])]
  }

  async function noteUse({ id, origin }: AccessKey): Promise<void> {
    const atMs = now()
    if (origin !== 'index' || atMs - (notedMs.get(id) ?? Number.NEGATIVE_INFINITY) < NOTE_EVERY_MS) return
    notedMs.set(id, atMs)
    // An index that cannot be written is still read with the key.
    await store.noteUse(id, atMs).catch(() => undefined)
  }

  async function locate(reference: string): Promise<StoredKey> {
    const keys = await store.listKeys()
    const found =
      keys.find(({ id }) => id === reference) ??
      keys.find(({ name, revokedMs }) => name === reference && revokedMs === undefined) ??
      keys.find(({ name }) => name === reference)
    if (found !== undefined) return found
    const isConfigured = configured.some(({ name }) => name === reference)
    throw new GemdexError('NOT_FOUND', `There is no key "${reference}" in the index`, {
      hint: isConfigured
        ? 'It is one of GEMDEX_API_KEYS: take it out there.'
        : '`gemdex keys list` shows what there is.',
    })
  }

  return {
    isInUse: async () => configured.length > 0 || (await store.hasKeys()),

    async find(presented) {
      const hash = hashKey(presented)
      let found: StoredKey | undefined
      for (const key of await candidates(presented)) if (timingSafeEqual(key.hash, hash)) found = key
      if (found === undefined || found.revokedMs !== undefined) return undefined
      await noteUse(found)
      return entryOf(found)
    },

    make: (key) => makeKey(checkNewKey(key), now()),

    async add(key) {
      const made = makeKey(checkNewKey(key), now())
      await store.addKey({ ...made.entry, hash: hashKey(made.key) })
      return made
    },

    async list() {
      return [...configured.map(storedForm), ...(await store.listKeys())].map(entryOf)
    },

    async revoke(reference) {
      const key = await locate(reference)
      const revokedMs = key.revokedMs ?? now()
      await store.revokeKey(key.id, revokedMs)
      return { ...entryOf(key), revokedMs }
    },

    async forget(reference) {
      const key = await locate(reference)
      await store.forgetKey(key.id)
      return entryOf(key)
    },
  }
}

function hashKey(presented: string): Buffer {
  return createHash('sha256').update(presented).digest()
}

function makeKey({ name, scopes, collections }: NewKey, createdMs: number): MadeKey {
  const id = randomBytes(6).toString('hex')
  const key = `gemdex_${id}_${randomBytes(SECRET_BYTES).toString('base64url')}`
  const reach = collections === undefined ? {} : { collections }
  return {
    key,
    entry: { id, name, scopes, ...reach, createdMs, origin: 'index' },
    setting: [
      encodeURIComponent(name),
      scopes.join('+'),
      ...(collections === undefined ? [] : [collections.map(encodeURIComponent).join('+')]),
      hashKey(key).toString('hex'),
    ].join(':'),
  }
}

function checkNewKey(key: NewKey): NewKey {
  const bad = (message: string, field: string) => new GemdexError('BAD_INPUT', message, { field })
  const name = key.name.trim()
  if (name === '' || name.length > MAX_NAME_CHARS || /\p{Cc}/u.test(name))
    throw bad(`A key needs a name of 1 to ${MAX_NAME_CHARS} characters`, 'name')
  if (key.scopes.length === 0) throw bad('A key needs a scope: read, write or admin', 'scopes')
  if (key.collections?.length === 0) throw bad('A key that reaches no collection is of no use', 'collections')
  if (key.collections !== undefined && key.scopes.includes('admin')) {
    throw bad('A key with the scope admin reaches every collection', 'collections')
  }
  const collections = key.collections === undefined ? {} : { collections: [...new Set(key.collections)] }
  return { name, scopes: [...new Set(key.scopes)], ...collections }
}

function storedForm({ name, scopes, collections, hash }: ConfiguredKey): StoredKey {
  return {
    id: `setting:${name}`,
    name,
    scopes,
    ...(collections === undefined ? {} : { collections }),
    origin: 'settings',
    hash: Buffer.from(hash, 'hex'),
  }
}

function entryOf({ hash: _, ...entry }: StoredKey): AccessKey {
  return entry
}
