import { asList, asText, isRecord } from './is-record.js'

export type QuotaFacts = {
  /** The id of the daily quota that is used up, if it is one. */
  readonly perDay?: string
  /** How long Google asks to wait. */
  readonly retryAfterMs?: number
}

/**
 * Reads what a 429 says beyond its status: `QuotaFailure.violations[].quotaId` tells the window (`...PerDay...`), and
 * `RetryInfo.retryDelay` ("37s") the wait. That delay is floored to seconds, while the message carries the decimals, so
 * the longer one counts. Gives an empty object when there are no details, as with spend limits.
 */
export function readQuota({ message, details }: { message: string; details: unknown }): QuotaFacts {
  const records = asList(details).filter(isRecord)
  const quotaIds = records.flatMap((detail) =>
    asList(detail.violations).flatMap((violation) =>
      isRecord(violation) ? (asText(violation.quotaId) ?? []) : [],
    ),
  )
  const perDay = quotaIds.find((id) => /per_?day/i.test(id))
  const said = /retry in (\d+(?:\.\d+)?)s/i.exec(message)?.[1]
  const delays = [...records.map((detail) => seconds(detail.retryDelay)), said && Number(said)].filter(
    (delay): delay is number => typeof delay === 'number',
  )
  return {
    ...(perDay !== undefined && { perDay }),
    ...(delays.length > 0 && { retryAfterMs: Math.max(...delays) * 1000 }),
  }
}

/** Seconds of a protobuf duration as JSON writes it, such as "37s" or "0.5s". */
function seconds(duration: unknown): number | undefined {
  const digits = typeof duration === 'string' ? /^(\d+(?:\.\d+)?)s$/.exec(duration)?.[1] : undefined
  return digits === undefined ? undefined : Number(digits)
}
