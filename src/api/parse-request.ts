import type { z } from 'zod'
import { GemdexError } from '../errors.js'

/**
 * Reads what a client sent by a schema of `schemas.ts`. Throws BAD_INPUT with the field at fault (`safety.0.threshold`;
 * `whole` names the value itself, such as `body`); an unknown field is reported before anything else, since it is most
 * likely the misspelling of a missing one.
 */
export function parseRequest<Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
  whole: string,
): z.output<Schema> {
  const result = schema.safeParse(value)
  if (result.success) return result.data
  const { issues } = result.error
  const issue = issues.find(({ code }) => code === 'unrecognized_keys') ?? issues[0]
  const unknown = issue?.code === 'unrecognized_keys' ? issue.keys.slice(0, 1) : []
  const field = [...(issue?.path ?? []), ...unknown].map(String).join('.') || whole
  throw new GemdexError('BAD_INPUT', `${shorten(field)} ${issue?.message ?? 'does not fit'}`, {
    field: shorten(field),
  })
}

/** The name of an unknown field is the client's own and may be of any length. */
function shorten(field: string): string {
  return field.length > 80 ? `${field.slice(0, 80)}…` : field
}
