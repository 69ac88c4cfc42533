import type { Request } from 'express'
import { ALL_RIGHTS, requireScope } from '../access/rights.js'
import type { KeyRing } from '../engine.js'
import type { Rights, Scope } from '../types.js'
import { HttpError } from './http-error.js'
import type { Throttle } from './throttle.js'

const BEARER = /^bearer +(?<key>[^\s,]+) *$/i

export type GateOptions = {
  readonly keys: KeyRing
  readonly throttle: Throttle
  /** Whether the service may do without keys: it listens to this machine alone. */
  readonly mayBeOpen: boolean
}

/** The one place that decides who a request comes from. */
export type Gate = {
  /**
   * What the sender of a request may do. Throws UNAUTHORIZED without a key that is known, FORBIDDEN when it lacks the scope,
   * RATE_LIMITED after too many wrong ones or too many requests.
   */
  admit(request: Request, scope: Scope): Promise<Rights>
}

/**
 * A key comes as `Authorization: Bearer` or `x-api-key`, and in no other way: an address with a key in it ends up in logs and
 * histories. Wrong, revoked and malformed keys are told alike.
 */
export function createGate({ keys, throttle, mayBeOpen }: GateOptions): Gate {
  return {
    async admit(request, scope) {
      const presented = presentedKeys(request)
      if (mayBeOpen && !(await keys.isInUse())) return ALL_RIGHTS
      if (presented.length === 0) throw unauthorized('This service needs an API key')
      const address = request.ip ?? 'unknown'
      await throttle.checkAddress(address)
      const [only, another] = presented
      const key = only === undefined || another !== undefined ? undefined : await keys.find(only)
      if (key === undefined) {
        await throttle.countWrongKey(address)
        throw unauthorized('The API key is not known')
      }
      await throttle.countRequest(key.id)
      const { id: owner, scopes, collections } = key
      const rights = { owner, scopes, ...(collections === undefined ? {} : { collections }) }
      requireScope(rights, scope)
      return rights
    },
  }
}

/** Every key that a request carries; what is no key of either form counts as a wrong one. */
function presentedKeys({ headersDistinct }: Request): string[] {
  const bearers = (headersDistinct.authorization ?? []).map((value) => BEARER.exec(value)?.groups?.key ?? '')
  return [...bearers, ...(headersDistinct['x-api-key'] ?? []).map((value) => value.trim())]
}

function unauthorized(message: string): HttpError {
  return new HttpError(401, 'UNAUTHORIZED', message, {
    hint: 'Send one key, as "Authorization: Bearer <key>" or as "x-api-key: <key>"; `gemdex keys add` makes one.',
    headers: { 'www-authenticate': 'Bearer realm="gemdex"' },
  })
}
