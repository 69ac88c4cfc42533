const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
const YEAR_MS = 365 * DAY_MS

/** Milliseconds by which somebody sets a clock: an hour, a day, a lifetime, and beyond what 32 bits of seconds hold, both ways. */
export const CLOCK_JUMPS = [
  HOUR_MS,
  -HOUR_MS,
  DAY_MS,
  -DAY_MS,
  50 * YEAR_MS,
  -50 * YEAR_MS,
  -69 * YEAR_MS,
  180 * YEAR_MS,
] as const
