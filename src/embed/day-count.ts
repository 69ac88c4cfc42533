import type { Clock } from './clock.js'
import { endOfQuotaDay, quotaDay } from './quota-day.js'

/** The requests of one quota day, to be kept across processes. */
export type DayUsage = { readonly day: string; readonly requests: number }

/** Counts the requests of the present quota day, and forgets them when it ends. */
export class DayCount {
  private readonly clock: Clock
  private day: string
  private requests: number
  private isExhausted = false
  /** Within this span the day need not be looked up. */
  private knownFromMs: number
  private endMs: number

  /** What was used before counts only on the day that it names. */
  constructor(before: DayUsage | undefined, clock: Clock) {
    this.clock = clock
    this.knownFromMs = clock.wallTime()
    this.endMs = endOfQuotaDay(this.knownFromMs)
    this.day = quotaDay(this.knownFromMs)
    this.requests = before?.day === this.day ? before.requests : 0
  }

  usage(): DayUsage {
    this.turn()
    return { day: this.day, requests: this.requests }
  }

  /** What is left of a day's limit. */
  remaining(perDay: number): number {
    this.turn()
    return this.isExhausted ? 0 : Math.max(0, perDay - this.requests)
  }

  /** The other side says that this day's quota is used up, whatever was counted here. */
  exhaust(): void {
    this.turn()
    this.isExhausted = true
  }

  /** Gives the way to take it back; on another day nothing is. */
  count(requests: number): () => void {
    this.turn()
    this.requests += requests
    const { day } = this
    return () => {
      this.turn()
      if (this.day === day) this.requests -= requests
    }
  }

  private turn(): void {
    const timeMs = this.clock.wallTime()
    if (timeMs >= this.knownFromMs && timeMs < this.endMs) return
    this.knownFromMs = timeMs
    this.endMs = endOfQuotaDay(timeMs)
    const today = quotaDay(timeMs)
    if (today === this.day) return
    this.day = today
    this.requests = 0
    this.isExhausted = false
  }
}
