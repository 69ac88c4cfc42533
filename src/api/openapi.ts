import { z } from 'zod'
import type { ErrorCode } from '../errors.js'
import { errorStatus } from './error-status.js'
import { examples } from './examples.js'
import { type Direction, type JsonSchema, type NamedSchemas, toJsonSchema } from './json-schema.js'
import type { Operation } from './operation.js'
import { operations } from './operations.js'
import { answer } from './schemas/ask.js'
import { documentContent } from './schemas/documents.js'
import { job } from './schemas/jobs.js'
import { citation, document, hit, location } from './schemas/nouns.js'
import { searchAnswer } from './schemas/search.js'
import { errorAnswer, mcpError, modelList, status } from './schemas/service.js'

type Convert = (schema: z.ZodType, io: Direction) => JsonSchema

/** Schemas of answers that have a name in the description. */
const named: NamedSchemas = {
  Answer: answer,
  Citation: citation,
  Document: document,
  DocumentContent: documentContent,
  Error: errorAnswer,
  Hit: hit,
  Job: job,
  Location: location,
  McpError: mcpError,
  Models: modelList,
  SearchResult: searchAnswer,
  Status: status,
}

/** What may go wrong with any request; with a key, or the index, only where one is needed. */
const ANYWHERE: readonly ErrorCode[] = ['BAD_INPUT', 'FORBIDDEN', 'INTERNAL']
const WITH_KEY: readonly ErrorCode[] = ['UNAUTHORIZED', 'RATE_LIMITED', 'OVERLOADED', 'UNAVAILABLE']
const STORE: readonly ErrorCode[] = ['STORE_CORRUPT', 'STORE_TOO_NEW', 'STORE_FAILED']

const TAGS = {
  Search: 'Passages that match a query',
  Answers: 'Answers from the documents, with citations',
  Corpus: 'What is in the index as a whole',
  Documents: 'What is in the index',
  Jobs: 'Indexing folders of the server',
  Service: 'State and description of the service',
  'OpenAI protocol': 'For clients of that protocol',
  MCP: 'The Model Context Protocol',
} as const

/** The description of the whole API, as OpenAPI 3.1 (https://spec.openapis.org/oas/v3.1.1). */
export function makeOpenApi(version: string): JsonSchema {
  const schemas: Record<string, unknown> = {}
  const convert: Convert = (schema, io) => {
    const { $defs, ...json } = toJsonSchema(schema, io, named)
    for (const [name, definition] of Object.entries($defs ?? {})) schemas[name] = pointed(definition)
    return pointed(json) as JsonSchema
  }
  const paths: Record<string, JsonSchema> = {}
  for (const operation of Object.values(operations) as Operation[]) {
    const path = operation.path.replace(/:(\w+)/g, '{$1}')
    paths[path] = { ...paths[path], [operation.method.toLowerCase()]: describe(operation, convert) }
  }
  convert(z.object(named), 'output')
  return {
    openapi: '3.1.1',
    info: {
      title: 'gemdex',
      version,
      description:
        'Semantic search over folders of documents, and answers whose citations were checked. Answers may gain fields; requests with fields that are not known here are refused.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/' }],
    tags: Object.entries(TAGS).map(([name, description]) => ({ name, description })),
    security: [{ bearer: [] }, { apiKey: [] }, {}],
    paths,
    components: {
      schemas,
      headers: {
        RequestId: {
          description: 'Id of the request, which the log of the service has too',
          schema: { type: 'string' },
        },
      },
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer' },
        apiKey: { type: 'apiKey', in: 'header', name: 'x-api-key' },
      },
    },
  }
}

function describe(operation: Operation, convert: Convert): JsonSchema {
  const { id, tag, summary, description, access, params, query } = operation
  const needs = access === 'open' ? [] : [`Needs the scope \`${access}\`.`]
  return {
    operationId: id,
    tags: [tag],
    summary,
    description: [...(description === undefined ? [] : [description]), ...needs].join(' '),
    ...(access === 'open' ? { security: [{}] } : {}),
    parameters: [...parametersOf(params, 'path', convert), ...parametersOf(query, 'query', convert)],
    ...requestOf(operation, convert),
    responses: { ...successes(operation, convert), ...failures(operation) },
  }
}

function parametersOf(
  schema: z.ZodType | undefined,
  place: 'path' | 'query',
  convert: Convert,
): JsonSchema[] {
  if (schema === undefined) return []
  const { properties = {}, required = [] } = convert(schema, 'input') as {
    properties?: Record<string, JsonSchema>
    required?: string[]
  }
  return Object.entries(properties).map(([name, { description, ...property }]) => ({
    name,
    in: place,
    required: required.includes(name),
    ...(description === undefined ? {} : { description }),
    schema: property,
  }))
}

function requestOf({ body, rawBody, requestExamples }: Operation, convert: Convert): JsonSchema {
  if (rawBody !== undefined) {
    const content = { 'application/octet-stream': { schema: {} } }
    return { requestBody: { required: true, description: rawBody, content } }
  }
  if (body === undefined) return {}
  const examples = requestExamples === undefined ? {} : { examples: requestExamples }
  const content = { 'application/json': { schema: convert(body, 'input'), ...examples } }
  return { requestBody: { required: true, content } }
}

function successes(operation: Operation, convert: Convert): JsonSchema {
  const { answer, answerExample, status = 200, otherAnswers = {}, otherStatus = {} } = operation
  const content: JsonSchema = {}
  for (const [type, description] of Object.entries(otherAnswers)) content[type] = { schema: { description } }
  if (answer !== undefined) {
    const example = answerExample === undefined ? {} : { example: answerExample }
    content['application/json'] = { schema: convert(answer, 'output'), ...example }
  }
  const headers = { 'x-request-id': { $ref: '#/components/headers/RequestId' } }
  return {
    [status]: { description: 'Done', headers, ...(Object.keys(content).length === 0 ? {} : { content }) },
    ...Object.fromEntries(
      Object.entries(otherStatus).map(([other, description]) => [other, { description, headers }]),
    ),
  }
}

/** One answer for each status, naming the codes that come with it. */
function failures({ access, tag, errors = [] }: Operation): JsonSchema {
  const names = tag === 'MCP' ? ['Error', 'McpError'] : ['Error']
  const codes = new Set([...ANYWHERE, ...(access === 'open' ? [] : [...WITH_KEY, ...STORE]), ...errors])
  const byStatus = new Map<number, ErrorCode[]>()
  for (const code of codes)
    byStatus.set(errorStatus[code], [...(byStatus.get(errorStatus[code]) ?? []), code])
  const answers = [...byStatus].map(([status, codes]): [string, JsonSchema] => {
    const example = status === 400 ? { example: examples.error } : {}
    return [String(status), failure(codes.map((code) => `\`${code}\``).join(', '), names, example)]
  })
  return { ...Object.fromEntries(answers), default: failure('Any other error', names) }
}

function failure(description: string, names: readonly string[], example: JsonSchema = {}): JsonSchema {
  const references = names.map((name) => ({ $ref: `#/components/schemas/${name}` }))
  const schema = references.length === 1 ? references[0] : { anyOf: references }
  return { description, content: { 'application/json': { schema, ...example } } }
}

/** References of a schema on its own, as references within the description. */
function pointed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(pointed)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      key,
      key === '$ref' && typeof item === 'string'
        ? item.replace('#/$defs/', '#/components/schemas/')
        : pointed(item),
    ]),
  )
}
