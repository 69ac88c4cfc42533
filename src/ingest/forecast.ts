import type { PictureForecast } from './picture-reader.js'

/** What a dry run counted. */
export type ForecastCounts = {
  /** Files to be read, and the passages they are cut into. */
  readonly files: number
  readonly chunks: number
  /** Estimated tokens of all those passages. */
  readonly tokens: number
  /** Texts whose vector is not known yet, and their estimated tokens: what is sent and paid for. */
  readonly textsToSend: number
  readonly tokensToSend: number
  /** Pictures that a model is to describe. */
  readonly pictures?: number
}

/** What the embedding service lets through. Each limit is positive; left out, there is none. */
export type ForecastQuota = {
  readonly textsPerMinute?: number
  readonly tokensPerMinute?: number
  readonly textsPerDay?: number
  /** Texts of the day's quota that are used already. */
  readonly usedToday?: number
}

/** How fast requests come back when no quota holds them up. */
export type ForecastSpeed = {
  readonly textsPerRequest: number
  /** Requests under way at the same time. */
  readonly concurrency: number
  readonly requestMs: number
}

export type ForecastConditions = {
  readonly quota?: ForecastQuota
  readonly usdPerMillionTokens?: number
  readonly speed?: ForecastSpeed
  readonly picture?: PictureForecast
}

/** What a run will take. */
export type Forecast = {
  readonly files: number
  readonly chunks: number
  /** Texts and tokens to be sent. */
  readonly texts: number
  readonly tokens: number
  /** Pictures to be described. */
  readonly pictures: number
  /** Of texts and pictures. Undefined when nobody knows a model's price. */
  readonly priceUsd: number | undefined
  /** Of embedding, in all, not rounded; the nights between two days' quotas do not count. */
  readonly minutes: number
  /** Texts that are left of the day's quota, if there is one. */
  readonly leftToday?: number
  /** Days that need a run: 0 when nothing is sent, 1 when one day's quota is enough. */
  readonly days: number
  /** Whether to ask first: more than $1, or more than what is left of the day's quota. */
  readonly needsConsent: boolean
}

/** Several runs as one: what they take together. */
export function addForecasts(forecasts: readonly Forecast[]): Forecast {
  const sum = (of: (forecast: Forecast) => number) =>
    forecasts.reduce((total, forecast) => total + of(forecast), 0)
  const isPriced = forecasts.every(({ priceUsd }) => priceUsd !== undefined)
  const priceUsd = isPriced ? sum((forecast) => forecast.priceUsd ?? 0) : undefined
  const texts = sum((forecast) => forecast.texts)
  const leftToday = Math.min(...forecasts.map((forecast) => forecast.leftToday ?? Number.POSITIVE_INFINITY))
  return {
    files: sum((forecast) => forecast.files),
    chunks: sum((forecast) => forecast.chunks),
    texts,
    tokens: sum((forecast) => forecast.tokens),
    pictures: sum((forecast) => forecast.pictures),
    priceUsd,
    minutes: sum((forecast) => forecast.minutes),
    // At least one more day when all of them together pass what is left of this one.
    days: Math.max(texts > leftToday ? 2 : 0, ...forecasts.map((forecast) => forecast.days)),
    ...(Number.isFinite(leftToday) ? { leftToday } : {}),
    needsConsent:
      forecasts.some(({ needsConsent }) => needsConsent) ||
      texts > leftToday ||
      (priceUsd !== undefined && priceUsd > CONSENT_ABOVE_USD),
  }
}

/** A run that costs more than this asks first. */
const CONSENT_ABOVE_USD = 1

/**
 * Full batches of 100 texts, four at a time, each back within a second and a half: a cautious guess, as no document
 * says how fast the service answers.
 */
const USUAL_SPEED: ForecastSpeed = { textsPerRequest: 100, concurrency: 4, requestMs: 1500 }

/**
 * Says what a run will cost and how long it will take. Pure.
 *
 * Quotas are token buckets that start full: the first minute's worth passes at once and the rest at the rate, so `n`
 * texts take (n - rate) / rate minutes. Texts and tokens fill their buckets side by side, and requests have their own
 * time: the longest of the three counts.
 */
export function forecastRun(counts: ForecastCounts, conditions: ForecastConditions = {}): Forecast {
  const { textsToSend: texts, tokensToSend: tokens } = counts
  const { quota = {}, usdPerMillionTokens, speed = USUAL_SPEED } = conditions
  const requests = Math.ceil(texts / speed.textsPerRequest)
  const rounds = Math.ceil(requests / speed.concurrency)
  const { pictures = 0 } = counts
  const picture = pictures === 0 ? NO_PICTURE : (conditions.picture ?? NO_PICTURE)
  const priceUsd =
    usdPerMillionTokens === undefined || picture.priceUsd === undefined
      ? undefined
      : (tokens / 1_000_000) * usdPerMillionTokens + pictures * picture.priceUsd
  const leftToday = leftOfDay(quota)
  return {
    files: counts.files,
    chunks: counts.chunks,
    texts,
    tokens,
    pictures,
    priceUsd,
    minutes: Math.max(
      bucketMinutes(texts, quota.textsPerMinute),
      bucketMinutes(tokens, quota.tokensPerMinute),
      (rounds * speed.requestMs) / 60_000,
      bucketMinutes(pictures, picture.perMinute),
    ),
    days: Math.max(daysFor(texts, leftToday, quota.textsPerDay), pictures > picture.leftToday ? 2 : 0),
    ...(Number.isFinite(leftToday) ? { leftToday } : {}),
    needsConsent:
      (priceUsd !== undefined && priceUsd > CONSENT_ABOVE_USD) ||
      texts > leftToday ||
      pictures > picture.leftToday,
  }
}

const NO_PICTURE: PictureForecast = {
  priceUsd: 0,
  perMinute: Number.POSITIVE_INFINITY,
  leftToday: Number.POSITIVE_INFINITY,
}

function bucketMinutes(amount: number, perMinute: number | undefined): number {
  return perMinute === undefined || !Number.isFinite(perMinute)
    ? 0
    : Math.max(0, amount - perMinute) / perMinute
}

function leftOfDay({ textsPerDay, usedToday = 0 }: ForecastQuota): number {
  return textsPerDay === undefined ? Number.POSITIVE_INFINITY : Math.max(0, textsPerDay - usedToday)
}

function daysFor(texts: number, leftToday: number, perDay: number | undefined): number {
  if (texts === 0) return 0
  if (texts <= leftToday || perDay === undefined) return 1
  const later = Math.ceil((texts - leftToday) / perDay)
  // With nothing left there is no run today.
  return leftToday === 0 ? later : 1 + later
}
