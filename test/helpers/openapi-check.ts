import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'
import { makeOpenApi } from '../../src/api/openapi.js'

type Json = Record<string, unknown>
type Content = Record<
  string,
  { schema: object; example?: unknown; examples?: Record<string, { value: unknown }> }
>
type Described = {
  operationId: string
  requestBody?: { content: Content }
  responses: Record<string, { content?: Content }>
}

export type SeenResponse = {
  readonly method: string
  /** Without the query string. */
  readonly path: string
  readonly status: number
  readonly contentType: string
  readonly body: unknown
}

export type OpenApiCheck = {
  readonly document: Json
  /** Every operation by method and path, as `GET /v1/status`. */
  readonly operations: ReadonlyMap<string, Described>
  /** What is wrong with a response, or undefined. Fields that the description does not have are wrong too. */
  faultOf(response: SeenResponse): string | undefined
  /** What is wrong with a value by a schema of the description, or undefined. */
  faultBy(schema: object, value: unknown): string | undefined
}

const METHODS = ['get', 'post', 'put', 'patch', 'delete']

/** Holds responses against the API's description. */
export function createOpenApiCheck(): OpenApiCheck {
  const document = makeOpenApi('1.2.3')
  // Answers may gain fields, so the description leaves objects open; what is given now has to be described.
  const closed = close(structuredClone(document)) as Json
  const ajv = new Ajv2020({ strict: false, allErrors: false })
  ajv.addSchema({ ...closed, $id: 'openapi.json' })
  const compiled = new Map<string, ValidateFunction>()
  const operations = new Map<string, Described>()
  for (const [path, item] of Object.entries(document.paths as Record<string, Record<string, Described>>))
    for (const [method, described] of Object.entries(item))
      if (METHODS.includes(method)) operations.set(`${method.toUpperCase()} ${path}`, described)

  const faultBy = (schema: object, value: unknown) => {
    const key = JSON.stringify(schema)
    const validate = compiled.get(key) ?? ajv.compile(absolute(close(structuredClone(schema))) as object)
    compiled.set(key, validate)
    return validate(value) ? undefined : ajv.errorsText(validate.errors)
  }
  const find = (method: string, path: string) => {
    const wanted = `${method === 'HEAD' ? 'GET' : method} `
    for (const [name, described] of operations) {
      const pattern = name.slice(name.indexOf(' ') + 1).replace(/\{\w+\}/g, '[^/]+')
      if (name.startsWith(wanted) && new RegExp(`^${pattern}/?$`).test(path)) return described
    }
    return undefined
  }

  return {
    document,
    operations,
    faultBy,
    faultOf({ method, path, status, contentType, body }) {
      const error = { $ref: '#/components/schemas/Error' }
      const described = find(method, path)
      // What no operation takes is answered with an error like all others.
      const answers = described?.responses ?? {
        default: { content: { 'application/json': { schema: error } } },
      }
      const answer = answers[String(status)] ?? (status >= 400 ? answers.default : undefined)
      if (answer === undefined) return `status ${status} is not described`
      const type = contentType.split(';')[0] ?? ''
      if (type === '' && answer.content === undefined) return undefined
      const content = answer.content?.[type]
      if (content === undefined) return `${type} is not described`
      return type === 'application/json' ? faultBy(content.schema, body) : undefined
    },
  }
}

function close(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(close)
  if (typeof value !== 'object' || value === null) return value
  const node = Object.fromEntries(Object.entries(value).map(([key, item]) => [key, close(item)])) as Json
  const isObject = node.type === 'object' && typeof node.properties === 'object'
  return isObject && node.additionalProperties === undefined ? { ...node, additionalProperties: false } : node
}

/** References within the description, from outside of it. */
function absolute(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(absolute)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      key,
      key === '$ref' && typeof item === 'string' ? `openapi.json${item}` : absolute(item),
    ]),
  )
}
