import { isIPv6 } from 'node:net'
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible'
import { GemdexError } from '../errors.js'

const MINUTE_SECONDS = 60
/** Wrong keys of one address in a minute, after which it is not listened to for the rest of that minute. */
const WRONG_KEYS_A_MINUTE = 10

export type Throttle = {
  /** Throws RATE_LIMITED while an address has presented too many wrong keys. */
  checkAddress(address: string): Promise<void>
  /** Counts a wrong key of an address. */
  countWrongKey(address: string): Promise<void>
  /** Counts a request of a key. Throws RATE_LIMITED beyond its limit. */
  countRequest(keyId: string): Promise<void>
}

/** Counts in memory, by the minute; `requestsAMinute` is for each key, infinity for no limit. */
export function createThrottle(requestsAMinute: number): Throttle {
  const wrongKeys = new RateLimiterMemory({ points: WRONG_KEYS_A_MINUTE, duration: MINUTE_SECONDS })
  const requests = new RateLimiterMemory({
    points: Math.min(requestsAMinute, Number.MAX_SAFE_INTEGER),
    duration: MINUTE_SECONDS,
  })

  return {
    async checkAddress(address) {
      const state = await wrongKeys.get(groupOf(address))
      if (state === null || state.remainingPoints > 0) return
      throw limited('Too many wrong keys came from this address', state.msBeforeNext)
    },

    async countWrongKey(address) {
      await wrongKeys.consume(groupOf(address)).catch(() => undefined)
    },

    async countRequest(keyId) {
      if (requestsAMinute === Number.POSITIVE_INFINITY) return
      try {
        await requests.consume(keyId)
      } catch (thrown) {
        if (!(thrown instanceof RateLimiterRes)) throw thrown
        throw limited(`This key may make ${requestsAMinute} requests a minute`, thrown.msBeforeNext)
      }
    },
  }
}

/** Counts are forgotten by a timer; how long that will be is told by the clock on the wall, which may have been set since. */
function limited(message: string, msBeforeNext: number): GemdexError {
  return new GemdexError('RATE_LIMITED', message, {
    hint: 'Wait as long as Retry-After says.',
    retryable: true,
    retryAfterMs: Math.min(Math.max(0, msBeforeNext), MINUTE_SECONDS * 1000),
  })
}

/** One subscriber commonly has a whole /64 of IPv6 addresses. */
function groupOf(address: string): string {
  const plain = address.replace(/^::ffff:(?=\d+\.)/i, '').replace(/%.*$/, '')
  if (!isIPv6(plain)) return plain
  const [head = '', tail] = plain.split('::')
  const front = head === '' ? [] : head.split(':')
  const back = tail === undefined || tail === '' ? [] : tail.split(':')
  const middle = tail === undefined ? [] : Array.from({ length: 8 - front.length - back.length }, () => '0')
  return [...front, ...middle, ...back]
    .slice(0, 4)
    .map((part) => part.padStart(4, '0'))
    .join(':')
}
