const MINUTE_MS = 60_000

/** What is missing by less than this is there: the rest of a sum of fractions. */
const EPSILON = 1e-6

/**
 * A token bucket: holds at most one minute's quota, is full at first and refills evenly. Whoever takes n of a limit L
 * per minute therefore needs (n - L) / L minutes, and no span of a minute sees more than 2 L. Time comes as an argument
 * (milliseconds, never going back). A limit of Infinity never runs out.
 *
 * More than the bucket holds may be taken once it is full; it is then in debt, and the rate is kept.
 */
export class TokenBucket {
  private capacity: number
  private level: number
  private filledMs: number

  constructor(perMinute: number, nowMs: number) {
    this.capacity = perMinute
    this.level = perMinute
    this.filledMs = nowMs
  }

  get perMinute(): number {
    return this.capacity
  }

  /** Changes the limit from now on. What is in the bucket stays, as far as it has room. */
  setLimit(perMinute: number, nowMs: number): void {
    this.refill(nowMs)
    // A bucket that was without a limit has counted nothing: it begins full.
    this.level = Math.min(Number.isFinite(this.capacity) ? this.level : perMinute, perMinute)
    this.capacity = perMinute
  }

  /** Milliseconds until this amount may be taken; 0 when it may be now. */
  waitFor(amount: number, nowMs: number): number {
    if (!Number.isFinite(this.capacity)) return 0
    this.refill(nowMs)
    const missing = Math.min(amount, this.capacity) - this.level
    return missing <= EPSILON ? 0 : (missing / this.capacity) * MINUTE_MS
  }

  take(amount: number, nowMs: number): void {
    if (!Number.isFinite(this.capacity)) return
    this.refill(nowMs)
    this.level -= amount
  }

  /** Gives back what was taken and not used. */
  refund(amount: number): void {
    if (Number.isFinite(this.capacity)) this.level = Math.min(this.capacity, this.level + amount)
  }

  /** Lowers what is in the bucket so that by `atMs` it will hold no more than this amount. */
  holdAt(atMs: number, amount: number, nowMs: number): void {
    this.refill(nowMs)
    if (!Number.isFinite(this.capacity)) return
    const refilled = ((atMs - nowMs) / MINUTE_MS) * this.capacity
    this.level = Math.min(this.level, amount - refilled)
  }

  private refill(nowMs: number): void {
    const elapsedMs = Math.max(0, nowMs - this.filledMs)
    this.filledMs = Math.max(this.filledMs, nowMs)
    if (Number.isFinite(this.capacity)) {
      this.level = Math.min(this.capacity, this.level + (elapsedMs / MINUTE_MS) * this.capacity)
    }
  }
}
