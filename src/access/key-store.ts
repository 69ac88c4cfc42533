import type { AccessKey } from '../types.js'

/** A key as it is kept: what it opens is known by the hash of it alone. */
export type StoredKey = AccessKey & { readonly hash: Uint8Array }

/** Keeps API keys. Methods throw GemdexError with a STORE_ code. */
export interface KeyStore {
  /** Every key that was ever made and not forgotten, revoked ones too, the oldest first. */
  listKeys(): Promise<StoredKey[]>
  findKey(id: string): Promise<StoredKey | undefined>
  /** Whether there is any, revoked ones included. */
  hasKeys(): Promise<boolean>
  /** BAD_INPUT when a key that is not revoked has this name. */
  addKey(key: StoredKey): Promise<void>
  revokeKey(id: string, atMs: number): Promise<void>
  forgetKey(id: string): Promise<void>
  noteUse(id: string, atMs: number): Promise<void>
}
