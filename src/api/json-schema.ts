import { z } from 'zod'

export type JsonSchema = Record<string, unknown>
/** What is sent, or what is answered. */
export type Direction = 'input' | 'output'

/** Schemas that are described once, under a name. */
export type NamedSchemas = Readonly<Record<string, z.ZodType>>

/**
 * A schema as JSON Schema (2020-12), with the descriptions of its fields; named ones among its `$defs`. What is answered may
 * gain fields, so it is left open. Nothing is written that draft 07 reads otherwise: clients of MCP check by that.
 */
export function toJsonSchema(schema: z.ZodType, io: Direction, named: NamedSchemas = {}): JsonSchema {
  const registry = z.registry<{ id: string }>()
  for (const [id, one] of Object.entries(named)) registry.add(one, { id })
  const { $schema: _, ...json } = z.toJSONSchema(schema, {
    io,
    metadata: registry,
    override: ({ zodSchema, jsonSchema }) => tidy(zodSchema, jsonSchema, io),
  })
  return json
}

/** Makes what zod writes of one schema what readers expect. */
function tidy(schema: z.core.$ZodType, json: JsonSchema, io: Direction): void {
  if (io === 'input' && schema instanceof z.ZodPipe && schema.def.out instanceof z.ZodNumber) {
    // A number in a query string: text that is read as one.
    const { $schema: _, ...number } = z.toJSONSchema(schema.def.out)
    delete json.pattern
    Object.assign(json, number)
  }
  if (Array.isArray(json.prefixItems)) writeTuple(json, json.prefixItems)
  const { description } = z.globalRegistry.get(schema) ?? {}
  if (description !== undefined) json.description = description
  if (json.minimum === Number.MIN_SAFE_INTEGER) delete json.minimum
  if (json.maximum === Number.MAX_SAFE_INTEGER) delete json.maximum
  if (io === 'output' && json.additionalProperties === false) delete json.additionalProperties
}

/** Items of one kind, so many: draft 07 does not know `prefixItems`, and would let none through. */
function writeTuple(json: JsonSchema, items: readonly unknown[]): void {
  delete json.prefixItems
  Object.assign(json, { items: items[0], minItems: items.length, maxItems: items.length })
}
