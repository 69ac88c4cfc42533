import type { QuotaLimit } from '../errors.js'
import { asList, asText, isRecord } from './is-record.js'

const PER_DAY = /per_?day/i
const PER_MINUTE = /per_?minute/i

export type QuotaFacts = {
  /** The id of the daily quota that is used up, if it is one. */
  readonly perDay?: string
  /** How long Google asks to wait. */
  readonly retryAfterMs?: number
  /** The limits that were reached, as far as they are named with their value. */
  readonly limits: readonly QuotaLimit[]
}

/**
 * Reads what a 429 says beyond its status: `QuotaFailure.violations[].quotaId` tells the window (`...PerDay...`), and
 * `RetryInfo.retryDelay` ("37s") the wait. That delay is floored to seconds, while the message carries the decimals, so
 * the longer one counts; `quotaValue` is the limit itself. Gives no facts when there are no details, as with spend limits.
 */
export function readQuota({ message, details }: { message: string; details: unknown }): QuotaFacts {
  const records = asList(details).filter(isRecord)
  const violations = records.flatMap((detail) => asList(detail.violations).filter(isRecord))
  const perDay = violations.flatMap(({ quotaId }) => asText(quotaId) ?? []).find((id) => PER_DAY.test(id))
  const said = /retry in (\d+(?:\.\d+)?)s/i.exec(message)?.[1]
  const delays = [...records.map((detail) => seconds(detail.retryDelay)), said && Number(said)].filter(
    (delay): delay is number => typeof delay === 'number',
  )
  return {
    ...(perDay !== undefined && { perDay }),
    ...(delays.length > 0 && { retryAfterMs: Math.max(...delays) * 1000 }),
    limits: violations.flatMap(readLimit),
  }
}

/** Ids such as `EmbedContentRequestsPerMinutePerUserPerProjectPerModel` say what is counted, and over which time. */
function readLimit({ quotaId, quotaMetric, quotaValue }: Readonly<Record<string, unknown>>): QuotaLimit[] {
  const id = asText(quotaId) ?? ''
  const limit = Number(asText(quotaValue) ?? Number.NaN)
  const per = PER_DAY.test(id) ? 'day' : PER_MINUTE.test(id) ? 'minute' : undefined
  if (per === undefined || !(limit > 0) || !Number.isFinite(limit)) return []
  return [
    {
      of: /token/i.test(`${id} ${asText(quotaMetric) ?? ''}`) ? 'tokens' : 'requests',
      per,
      limit,
    },
  ]
}

/** Seconds of a protobuf duration as JSON writes it, such as "37s" or "0.5s". */
function seconds(duration: unknown): number | undefined {
  const digits = typeof duration === 'string' ? /^(\d+(?:\.\d+)?)s$/.exec(duration)?.[1] : undefined
  return digits === undefined ? undefined : Number(digits)
}
