/** A format by its number in the file format's list of them, or as a pattern such as `0.0%`. */
export type NumberFormat = number | string

/** What is used of the number formatter of the spreadsheet library, which has no types for it. */
export interface NumberFormatter {
  format(format: NumberFormat, value: number, options: { readonly date1904: boolean }): string
  is_date(pattern: string): boolean
  get_table(): Readonly<Record<number, string>>
  parse_date_code(value: number, options: { readonly date1904: boolean }): DateParts | null | undefined
}

type DateParts = { y: number; m: number; d: number; H: number; M: number; S: number }

/**
 * A number as a spreadsheet shows it, but dates and times of day in ISO 8601 (`2024-03-01`, `2024-03-01 14:30`, `14:30`), so
 * that one day is written in one way. Numbers without a format have up to 12 digits.
 */
export function showNumber(
  formatter: NumberFormatter,
  value: number,
  format: NumberFormat,
  date1904: boolean,
): string {
  if (!Number.isFinite(value)) return ''
  if (format === 0 || format === 'General') return String(Number(value.toPrecision(12)))
  try {
    const pattern = patternOf(formatter, format)
    return (
      (isDate(formatter, pattern) && isoDate(formatter, value, pattern, date1904)) ||
      formatter.format(format, value, { date1904 }).trim()
    )
  } catch {
    // A pattern that nobody can read.
    return String(Number(value.toPrecision(12)))
  }
}

function patternOf(formatter: NumberFormatter, format: NumberFormat): string {
  return typeof format === 'string' ? format : (formatter.get_table()[format] ?? '')
}

/** Spans of time (`[h]:mm`) are numbers: they have more than 24 hours. */
function isDate(formatter: NumberFormatter, pattern: string): boolean {
  return !/\[(?:h+|m+|s+)\]/i.test(pattern) && formatter.is_date(pattern)
}

function isoDate(
  formatter: NumberFormatter,
  value: number,
  pattern: string,
  date1904: boolean,
): string | undefined {
  const parts = formatter.parse_date_code(value, { date1904 })
  if (parts === null || parts === undefined) return undefined
  const two = (part: number) => String(part).padStart(2, '0')
  const seconds = parts.S === 0 ? '' : `:${two(parts.S)}`
  const time = `${two(parts.H)}:${two(parts.M)}${seconds}`
  const letters = pattern.replace(/"[^"]*"|\\.|\[[^\]]*\]/g, '')
  if (!/[yd]/i.test(letters) && /[hs]/i.test(letters)) return time
  const date = `${String(parts.y).padStart(4, '0')}-${two(parts.m)}-${two(parts.d)}`
  return parts.H + parts.M + parts.S === 0 || !/[hs]/i.test(letters) ? date : `${date} ${time}`
}
