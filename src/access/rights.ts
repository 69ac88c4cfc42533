import { GemdexError } from '../errors.js'
import type { Rights, Scope } from '../types.js'

/** All scopes; `admin` includes the others. */
export const SCOPES: readonly Scope[] = ['read', 'write', 'admin']

/** Of everybody, where no key is asked for. */
export const ALL_RIGHTS: Rights = { owner: null, scopes: ['admin'] }

export function hasScope(rights: Rights, scope: Scope): boolean {
  return rights.scopes.includes('admin') || rights.scopes.includes(scope)
}

/** Throws FORBIDDEN, naming the scope that is missing. */
export function requireScope(rights: Rights, scope: Scope): void {
  if (hasScope(rights, scope)) return
  throw new GemdexError('FORBIDDEN', `This key may not do that: it lacks the scope "${scope}"`, {
    hint: 'Use a key that has it; `gemdex keys list` shows the scopes of each.',
  })
}

/** Whether a collection is within reach. */
export function reaches({ collections }: Rights, collection: string): boolean {
  return collections === undefined || collections.includes(collection)
}
