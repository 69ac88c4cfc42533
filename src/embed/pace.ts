import { GemdexError } from '../errors.js'
import { type Clock, systemClock } from './clock.js'
import { DayCount, type DayUsage } from './day-count.js'
import { endOfQuotaDay } from './quota-day.js'
import { type Cost, type PaceLimits, RateLimits, type ToldLimits } from './rate-limits.js'
import { type AcquireOptions, WaitingLine } from './waiting-line.js'

export type { DayUsage } from './day-count.js'
export type { Cost, PaceLimits, ToldLimits } from './rate-limits.js'
export type { AcquireOptions } from './waiting-line.js'

/** Google's free tier as observed for embeddings, where each text of a batch counts. */
export const EMBEDDING_PACE: PaceLimits = { perMinute: 100, tokensPerMinute: 30_000, perDay: 1000 }

export const GENERATION_PACE: PaceLimits = {
  perMinute: 60,
  tokensPerMinute: Number.POSITIVE_INFINITY,
  perDay: Number.POSITIVE_INFINITY,
}

export const UNLIMITED_PACE: PaceLimits = { ...GENERATION_PACE, perMinute: Number.POSITIVE_INFINITY }

export type PacerOptions = {
  /** The model, for messages. */
  readonly name: string
  /** What settings name. */
  readonly told?: ToldLimits
  /** What holds where nothing was told, until a 429 names another limit. */
  readonly assumed: PaceLimits
  /** What an earlier process has used. */
  readonly usedToday?: DayUsage
  readonly clock?: Clock
}

/** The right to make one call. One of its methods is to be called, once, when the outcome is known. */
export type Permit = {
  succeed(): void
  /** Learns from the call's error, and gives it back, with more facts if there are some. */
  fail(error: GemdexError): GemdexError
  /** The call was not made: nothing is used up. */
  cancel(): void
}

/** The limiter that all calls to one model share. */
export interface Pacer {
  /**
   * Gives a permit when the call fits the limits. Throws CANCELLED on abort, RATE_LIMITED when it would take longer than
   * `maxWaitMs`, QUOTA_EXHAUSTED (with `resumeAtMs`) when the day's quota does not hold the call.
   */
  acquire(cost: Cost, options?: AcquireOptions): Promise<Permit>
  /** Milliseconds until a call of one request could be made if nobody waited before it. */
  waitMs(): number
  /** The limits in force: told or assumed, taught by refusals, and lowered after those that teach nothing. */
  limits(): PaceLimits
  /** Requests that this day's quota still holds. */
  remainingToday(): number
  /** To be kept, and given as `usedToday` to the next process. */
  usage(): DayUsage
}

/**
 * Makes the limiter of a model: two token buckets (requests and tokens per minute), full at first, refilled evenly, and
 * a count for the day, which at Google ends at midnight Pacific time.
 *
 * A 429 holds up every call of the model: for as long as it says, plus up to 25 %, else for a random time up to 1 s, 2 s,
 * 4 s ... 60 s (full jitter). A limit that it names is adopted, but never above one that was told; one that names none
 * halves the rate, which then grows by 10 points a minute. After a 429 for the day all calls are refused until it ends.
 */
export function createPacer({
  name,
  told = {},
  assumed,
  usedToday,
  clock = systemClock,
}: PacerOptions): Pacer {
  const limits = new RateLimits(told, assumed, clock)
  const day = new DayCount(usedToday, clock)
  const line = new WaitingLine(name, limits, clock)
  const isDayAssumed = told.perDay === undefined

  const checkDay = ({ requests }: Cost) => {
    const { perDay } = limits.current()
    if (day.remaining(perDay) < requests) throw dayIsUsedUp(name, perDay, isDayAssumed, clock)
  }

  const issue = (cost: Cost): Permit => {
    const { lesson } = limits
    const uncount = day.count(cost.requests)
    return {
      succeed: () => limits.succeeded(),
      fail(error) {
        // Whether Google counts a call that failed is not known. Counting too few costs one refusal, too many a day.
        uncount()
        if (error.code === 'OFFLINE') {
          // It never got there.
          limits.refund(cost)
          line.wake()
        }
        if (error.code !== 'RATE_LIMITED' && error.code !== 'QUOTA_EXHAUSTED') return error
        limits.refused(error, cost, lesson)
        line.wake()
        if (error.code === 'RATE_LIMITED') return error
        day.exhaust()
        const told = withResumeTime(error, clock)
        line.refuseAll(told)
        return told
      },
      cancel() {
        uncount()
        limits.refund(cost)
        line.wake()
      },
    }
  }

  return {
    async acquire(cost, options = {}) {
      checkDay(cost)
      await line.join(cost, options)
      try {
        checkDay(cost)
      } catch (error) {
        limits.refund(cost)
        throw error
      }
      return issue(cost)
    },
    waitMs: () => limits.waitFor({ requests: 1, tokens: 0 }),
    limits: () => limits.current(),
    remainingToday: () => day.remaining(limits.current().perDay),
    usage: () => day.usage(),
  }
}

function dayIsUsedUp(name: string, perDay: number, isAssumed: boolean, clock: Clock): GemdexError {
  const resumeAtMs = endOfQuotaDay(clock.wallTime())
  const basis = isAssumed ? ' (assumed: neither settings nor Google named another)' : ''
  return new GemdexError(
    'QUOTA_EXHAUSTED',
    `The day's quota of ${perDay} requests of ${name}${basis} is used up`,
    { hint: resumeHint(resumeAtMs), resumeAtMs },
  )
}

function withResumeTime(error: GemdexError, clock: Clock): GemdexError {
  if (error.resumeAtMs !== undefined) return error
  const resumeAtMs = endOfQuotaDay(clock.wallTime())
  const { code, message, quotaLimits, cause } = error
  return new GemdexError(code, message, { hint: resumeHint(resumeAtMs), resumeAtMs, quotaLimits, cause })
}

function resumeHint(resumeAtMs: number): string {
  const time = new Date(resumeAtMs)
    .toISOString()
    .replace(/:00\.000Z$/, ' UTC')
    .replace('T', ' ')
  return `It is renewed at midnight Pacific time (${time}): run the same command again then, and it goes on where it stopped`
}
