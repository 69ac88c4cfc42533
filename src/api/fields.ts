import { z } from 'zod'

/** Texts longer than this are shown by their length. */
const MAX_SHOWN_CHARS = 60

type Complaint = (issue: { readonly input?: unknown }) => string

/**
 * What to say of a value that does not fit, as a sentence that the field's name begins: `must be true or false, not 3`.
 * A parameter that is repeated in a query string arrives as a list.
 */
export function says(rule: string): { readonly error: Complaint } {
  return {
    error: ({ input }) => (input === undefined ? `is missing: it ${rule}` : `${rule}, not ${show(input)}`),
  }
}

/** A list or object by its kind alone: it may be as large and as deep as the body. */
function show(value: unknown): string {
  if (Array.isArray(value)) return 'a list (or given more than once)'
  if (typeof value === 'object' && value !== null) return 'an object'
  if (typeof value === 'string' && value.length > MAX_SHOWN_CHARS) return `${value.length} characters`
  return JSON.stringify(value) ?? typeof value
}

/** An object with these fields and no others. */
export function fields<Shape extends z.ZodRawShape>(shape: Shape) {
  const names = Object.keys(shape)
  const known = names.length === 0 ? 'none is' : `known are ${names.join(', ')}`
  return z.strictObject(shape, {
    error: (issue) =>
      issue.code === 'unrecognized_keys'
        ? `is not known here: ${known}`
        : says('must be an object').error(issue),
  })
}

/** A text of this length that is not blank. */
export function textOf(least: number, most: number) {
  const rule = says(`must be a text of ${least} to ${most} characters, not all blank`)
  return z.string(rule).min(least, rule).max(most, rule).regex(/\S/, rule)
}

export function wholeNumberFrom(least: number, most: number) {
  const rule = says(`must be a whole number from ${least} to ${most}`)
  return z.int(rule).min(least, rule).max(most, rule)
}

export function numberFrom(least: number, most: number) {
  const rule = says(`must be a number from ${least} to ${most}`)
  return z.number(rule).min(least, rule).max(most, rule)
}

export function oneOf<const Value extends string>(values: readonly Value[]) {
  return z.enum(values, says(`must be one of ${values.join(', ')}`))
}

export function listOf<Item extends z.ZodType>(item: Item, most: number) {
  const rule = says(`must be a list of at most ${most}`)
  return z.array(item, rule).max(most, { error: `must be a list of at most ${most}` })
}

/** A number written as text, in digits with an optional fraction and nothing else (no sign, blank or exponent). */
export function textual<Wanted extends z.ZodType<number, number>>(wanted: Wanted) {
  const rule = says('must be a number, given once')
  return z
    .string(rule)
    .regex(/^\d{1,15}(?:\.\d{1,15})?$/, rule)
    .transform(Number)
    .pipe(wanted)
}

export const trueOrFalse = z
  .enum(['true', 'false'], says('must be true or false'))
  .transform((value) => value === 'true')

export const boolean = z.boolean(says('must be true or false'))

/** An object that is answered: it may gain fields, so clients are to pass over what they do not know. */
export function answerFields<Shape extends z.ZodRawShape>(shape: Shape) {
  return z.object(shape)
}

/** Milliseconds since 1970. */
export const time = z.number().describe('milliseconds since 1970')
/** A value written as JSON, as a query string has to carry it. */
export function jsonText<Wanted extends z.ZodType>(wanted: Wanted) {
  const rule = says('must be JSON, given once')
  return z
    .string(rule)
    .transform((text, context): unknown => {
      try {
        return JSON.parse(text)
      } catch {
        context.addIssue({ code: 'custom', message: rule.error({ input: text }) })
        return z.NEVER
      }
    })
    .pipe(wanted)
}

/** A list written as one text. */
export function commaSeparated<Item extends z.ZodType<unknown, string>>(item: Item, most: number) {
  return z
    .string(says('must be a text, given once'))
    .transform((text) => text.split(','))
    .pipe(listOf(item, most))
}
