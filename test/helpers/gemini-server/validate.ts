import { badRequest, type FieldViolation } from './errors.js'

type ScalarType =
  | 'TYPE_STRING'
  | 'TYPE_BYTES'
  | 'TYPE_BOOL'
  | 'TYPE_INT32'
  | 'TYPE_INT64'
  | 'TYPE_FLOAT'
  | 'TYPE_DOUBLE'

/** The type of one field of a message. */
export type FieldType =
  | { readonly kind: 'scalar'; readonly type: ScalarType }
  | {
      readonly kind: 'enum'
      readonly name: string
      readonly values: readonly string[]
      readonly anyCase: boolean
    }
  | { readonly kind: 'message'; readonly schema: () => MessageSchema }
  | { readonly kind: 'list'; readonly item: FieldType }
  | { readonly kind: 'map'; readonly item: FieldType }
  | { readonly kind: 'any' }

/** A message of the API: its fields by their camelCase names. */
export interface MessageSchema {
  readonly name: string
  readonly fields: Readonly<Record<string, FieldType>>
  /** Fields of which at most one may be set. */
  readonly oneof?: { readonly name: string; readonly fields: readonly string[] }
}

type JsonObject = Readonly<Record<string, unknown>>

const PACKAGE = 'type.googleapis.com/google.ai.generativelanguage.v1beta'

/**
 * Reads `body` as the message that `schema` describes, as the API's JSON transcoder does: camelCase and snake_case
 * names are taken, null means absent, a lone message stands for a list of one. Returns the message with camelCase
 * names; throws one error that names every unknown field, wrong type and unknown enum value.
 */
export function readMessage(body: unknown, schema: MessageSchema): JsonObject {
  const reader = new MessageReader()
  if (!isObject(body)) {
    reader.report('', 'Invalid JSON payload received. Unknown name "": Root element must be a message.')
  }
  const message = isObject(body) ? reader.message(body, schema, '') : {}
  if (reader.violations.length > 0) throw badRequest(reader.violations)
  return message
}

class MessageReader {
  readonly violations: FieldViolation[] = []

  report(field: string, description: string): undefined {
    this.violations.push({ field, description })
  }

  message(value: JsonObject, schema: MessageSchema, path: string): JsonObject {
    const result: Record<string, unknown> = {}
    for (const [name, item] of Object.entries(value)) {
      const field = Object.keys(schema.fields).find((known) => name === known || name === snakeCase(known))
      const type = field === undefined ? undefined : schema.fields[field]
      if (field === undefined || type === undefined) this.unknownName(name, path, 'Cannot find field.')
      else if (item !== null) {
        this.checkOneof(field, Object.keys(result), schema, path)
        result[field] = this.field(item, type, name, path)
      }
    }
    return result
  }

  private field(value: unknown, type: FieldType, name: string, parent: string): unknown {
    const path = parent === '' ? snakeCase(name) : `${parent}.${snakeCase(name)}`
    if (Array.isArray(value) && type.kind !== 'list' && type.kind !== 'any') {
      return this.unknownName(name, parent, 'Proto field is not repeating, cannot start list.')
    }
    return this.value(value, type, path)
  }

  private value(value: unknown, type: FieldType, path: string): unknown {
    switch (type.kind) {
      case 'any':
        return value
      case 'scalar':
        return isScalar(value, type.type) ? value : this.invalid(path, type.type, value)
      case 'enum':
        return this.enumValue(value, type, path)
      case 'message': {
        const schema = type.schema()
        return isObject(value)
          ? this.message(value, schema, path)
          : this.invalid(path, typeUrl(schema.name), value)
      }
      case 'list':
        return this.list(value, type.item, path)
      case 'map':
        if (!isObject(value)) return this.invalid(path, 'Map', value)
        return mapValues(value, (item, key) => this.value(item, type.item, `${path}[${key}]`))
    }
  }

  private list(value: unknown, item: FieldType, path: string): unknown {
    if (Array.isArray(value)) return value.map((entry, index) => this.value(entry, item, `${path}[${index}]`))
    if (item.kind === 'message' && isObject(value)) return [this.value(value, item, path)]
    return this.invalid(path, 'repeated', value)
  }

  private enumValue(value: unknown, type: FieldType & { kind: 'enum' }, path: string): unknown {
    const name = typeof value === 'string' && type.anyCase ? value.toUpperCase() : value
    return type.values.some((known) => known === name) ? name : this.invalid(path, typeUrl(type.name), value)
  }

  private checkOneof(
    field: string,
    present: readonly string[],
    { oneof }: MessageSchema,
    path: string,
  ): void {
    if (!oneof?.fields.includes(field) || !oneof.fields.some((other) => present.includes(other))) return
    const cause = `oneof field '${oneof.name}' is already set. Cannot set '${field}'`
    this.report(path, `Invalid value at '${path}' (oneof), ${cause}`)
  }

  private unknownName(name: string, path: string, cause: string): undefined {
    const place = path === '' ? '' : ` at '${path}'`
    return this.report(path, `Invalid JSON payload received. Unknown name "${name}"${place}: ${cause}`)
  }

  private invalid(path: string, type: string, value: unknown): undefined {
    const shown = isObject(value) ? 'Starting an object on a scalar field' : JSON.stringify(value)
    return this.report(path, `Invalid value at '${path}' (${type}), ${shown}`)
  }
}

function isScalar(value: unknown, type: ScalarType): boolean {
  switch (type) {
    case 'TYPE_STRING':
      return typeof value === 'string' && !hasLoneSurrogate(value)
    case 'TYPE_BYTES':
      return typeof value === 'string' && /^[\w+/-]*={0,2}$/.test(value)
    case 'TYPE_BOOL':
      return typeof value === 'boolean'
    case 'TYPE_INT32':
      return isIntegerBelow(2 ** 31, value)
    case 'TYPE_INT64':
      return isIntegerBelow(2 ** 63, value)
    case 'TYPE_FLOAT':
    case 'TYPE_DOUBLE':
      return typeof value === 'number'
  }
}

function isIntegerBelow(limit: number, value: unknown): boolean {
  const number = typeof value === 'string' && /^-?\d+$/.test(value) ? Number(value) : value
  return Number.isInteger(number) && Number(number) >= -limit && Number(number) < limit
}

/** Half of a surrogate pair cannot be written in UTF-8, so the API refuses the text that holds it. */
function hasLoneSurrogate(text: string): boolean {
  return /\p{Surrogate}/u.test(text)
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function mapValues(value: JsonObject, convert: (item: unknown, key: string) => unknown): JsonObject {
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, convert(item, key)]))
}

function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
}

function typeUrl(name: string): string {
  return `${PACKAGE}.${name}`
}
