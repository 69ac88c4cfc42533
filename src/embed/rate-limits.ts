import type { GemdexError } from '../errors.js'
import type { Clock } from './clock.js'
import { TokenBucket } from './token-bucket.js'

const MINUTE_MS = 60_000
const MAX_JITTER = 0.25

/** Waits after refusals that name no time: up to 1 s, 2 s, 4 s ... */
const BACKOFF_BASE_MS = 1000
const BACKOFF_CAP_MS = 60_000

/** A refusal that names no limit halves the rate; it grows by this share of the limit per minute. */
const DECREASE = 0.5
const GROWTH_PER_MINUTE = 0.1
const MIN_SHARE = 1 / 64

/** Requests of one model; a text of a batch counts as one. Infinity is no limit. */
export type PaceLimits = {
  readonly perMinute: number
  readonly tokensPerMinute: number
  readonly perDay: number
}

/** Limits that settings name: a 429 may lower them, never raise them. */
export type ToldLimits = { readonly [K in keyof PaceLimits]?: number | undefined }

/** What one call uses up. Tokens are estimated. */
export type Cost = { readonly requests: number; readonly tokens: number }

/**
 * The minute's limits of a model as they are at the moment, and the time before which nothing may be sent. Additive
 * increase, multiplicative decrease (Chiu and Jain, 1989) where refusals do not say what the limit is.
 */
export class RateLimits {
  private readonly clock: Clock
  private readonly told: ToldLimits
  private base: PaceLimits
  private share = 1
  private shareMs: number
  private refusals = 0
  private blockedUntilMs = Number.NEGATIVE_INFINITY
  private bareRefusals = 0
  private readonly requests: TokenBucket
  private readonly tokens: TokenBucket

  constructor(told: ToldLimits, assumed: PaceLimits, clock: Clock) {
    this.clock = clock
    this.told = told
    this.base = {
      perMinute: told.perMinute ?? assumed.perMinute,
      tokensPerMinute: told.tokensPerMinute ?? assumed.tokensPerMinute,
      perDay: told.perDay ?? assumed.perDay,
    }
    this.shareMs = clock.now()
    this.requests = new TokenBucket(this.base.perMinute, clock.now())
    this.tokens = new TokenBucket(this.base.tokensPerMinute, clock.now())
  }

  /** Counts what was learned; to be noted when a call begins. */
  get lesson(): number {
    return this.refusals
  }

  current(): PaceLimits {
    this.adjust()
    return { ...this.base, perMinute: this.requests.perMinute, tokensPerMinute: this.tokens.perMinute }
  }

  /** Milliseconds until a call of this cost may be made. */
  waitFor({ requests, tokens }: Cost): number {
    this.adjust()
    const now = this.clock.now()
    return Math.max(
      0,
      this.blockedUntilMs - now,
      this.requests.waitFor(requests, now),
      this.tokens.waitFor(tokens, now),
    )
  }

  take({ requests, tokens }: Cost): void {
    const now = this.clock.now()
    this.requests.take(requests, now)
    this.tokens.take(tokens, now)
  }

  refund({ requests, tokens }: Cost): void {
    this.requests.refund(requests)
    this.tokens.refund(tokens)
  }

  succeeded(): void {
    this.bareRefusals = 0
  }

  /**
   * Learns from a 429 to a call of this cost that was begun at the given `lesson`. The call has used nothing up; when the wait is
   * over there will be room for it, and for no more.
   */
  refused({ retryAfterMs, quotaLimits }: GemdexError, cost: Cost, begunAt: number): void {
    const now = this.clock.now()
    this.refund(cost)
    this.adjust()
    for (const { of, per, limit } of quotaLimits) {
      if (per === 'day') this.adopt('perDay', limit)
      else this.adopt(of === 'tokens' ? 'tokensPerMinute' : 'perMinute', limit)
    }
    // Calls that were under way together are refused together: that is one lesson, not several.
    const isNews = begunAt === this.refusals
    if (isNews) this.refusals++
    if (quotaLimits.length === 0 && isNews) {
      this.share = Math.max(MIN_SHARE, this.share * DECREASE)
    }
    if (isNews || retryAfterMs !== undefined) this.block(retryAfterMs)
    this.adjust()
    this.requests.holdAt(this.blockedUntilMs, cost.requests, now)
    this.tokens.holdAt(this.blockedUntilMs, cost.tokens, now)
  }

  private block(retryAfterMs: number | undefined): void {
    const { now, random } = this.clock
    const backoffMs = Math.min(BACKOFF_CAP_MS, BACKOFF_BASE_MS * 2 ** this.bareRefusals)
    const waitMs =
      retryAfterMs === undefined ? random() * backoffMs : retryAfterMs * (1 + MAX_JITTER * random())
    if (retryAfterMs === undefined) this.bareRefusals++
    this.blockedUntilMs = Math.max(this.blockedUntilMs, now() + waitMs)
  }

  private adopt(key: keyof PaceLimits, limit: number): void {
    this.base = { ...this.base, [key]: Math.min(limit, this.told[key] ?? Number.POSITIVE_INFINITY) }
  }

  /** Brings the buckets to the limits of this moment. */
  private adjust(): void {
    const now = this.clock.now()
    this.share = Math.min(1, this.share + (GROWTH_PER_MINUTE * (now - this.shareMs)) / MINUTE_MS)
    this.shareMs = now
    this.requests.setLimit(this.lowered(this.base.perMinute), now)
    this.tokens.setLimit(this.lowered(this.base.tokensPerMinute), now)
  }

  private lowered(limit: number): number {
    return Math.max(Math.min(1, limit), limit * this.share)
  }
}
