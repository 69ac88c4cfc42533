import { z } from 'zod'
import type { ErrorCode } from '../errors.js'
import { errorStatus } from './error-status.js'
import { examples } from './examples.js'
import type { Operation } from './operation.js'
import { operations } from './operations.js'
import { answer } from './schemas/ask.js'
import { documentContent } from './schemas/documents.js'
import { job } from './schemas/jobs.js'
import { citation, document, hit, location } from './schemas/nouns.js'
import { searchAnswer } from './schemas/search.js'
import { errorAnswer, modelList, status } from './schemas/service.js'

type Json = Record<string, unknown>
type Io = 'input' | 'output'

/** Schemas of answers that have a name in the description. */
const named = {
  Answer: answer,
  Citation: citation,
  Document: document,
  DocumentContent: documentContent,
  Error: errorAnswer,
  Hit: hit,
  Job: job,
  Location: location,
  Models: modelList,
  SearchResult: searchAnswer,
  Status: status,
} as const satisfies Record<string, z.ZodType>

/** What may go wrong with any request; with a key, or a body, only where there is one. */
const ANYWHERE: readonly ErrorCode[] = ['BAD_INPUT', 'FORBIDDEN', 'INTERNAL']
const WITH_KEY: readonly ErrorCode[] = ['UNAUTHORIZED', 'RATE_LIMITED', 'OVERLOADED', 'UNAVAILABLE']
const STORE: readonly ErrorCode[] = ['STORE_CORRUPT', 'STORE_TOO_NEW', 'STORE_FAILED']

const TAGS = {
  Search: 'Passages that match a query',
  Answers: 'Answers from the documents, with citations',
  Documents: 'What is in the index',
  Jobs: 'Indexing folders of the server',
  Service: 'State and description of the service',
  'OpenAI protocol': 'For clients of that protocol',
  MCP: 'The Model Context Protocol',
} as const

/** The description of the whole API, as OpenAPI 3.1 (https://spec.openapis.org/oas/v3.1.1). */
export function makeOpenApi(version: string): Json {
  const registry = z.registry<{ id: string }>()
  for (const [id, schema] of Object.entries(named)) registry.add(schema, { id })
  const schemas: Record<string, Json> = {}
  const convert = (schema: z.ZodType, io: Io): Json => {
    const {
      $schema: _,
      $defs,
      ...json
    } = z.toJSONSchema(schema, {
      io,
      metadata: registry,
      override: ({ zodSchema, jsonSchema }) => tidy(zodSchema, jsonSchema, io),
    })
    for (const [name, definition] of Object.entries($defs ?? {})) schemas[name] = pointed(definition) as Json
    return pointed(json) as Json
  }
  const paths: Record<string, Record<string, Json>> = {}
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

type Convert = (schema: z.ZodType, io: Io) => Json

function describe(operation: Operation, convert: Convert): Json {
  const { id, tag, summary, description, access, params, query, body, rawBody } = operation
  return {
    operationId: id,
    tags: [tag],
    summary,
    description: [description, access === 'open' ? undefined : `Needs the scope \`${access}\`.`]
      .filter((part) => part !== undefined)
      .join(' '),
    ...(access === 'open' ? { security: [{}] } : {}),
    parameters: [...parametersOf(params, 'path', convert), ...parametersOf(query, 'query', convert)],
    ...(body === undefined ? {} : { requestBody: requestBody(operation, convert) }),
    ...(rawBody === undefined
      ? {}
      : {
          requestBody: {
            required: true,
            description: rawBody,
            content: { 'application/octet-stream': { schema: {} } },
          },
        }),
    responses: { ...success(operation, convert), ...failures(operation) },
  }
}

function parametersOf(schema: z.ZodType | undefined, place: 'path' | 'query', convert: Convert): Json[] {
  if (schema === undefined) return []
  const { properties = {}, required = [] } = convert(schema, 'input') as {
    properties?: Record<string, Json>
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

function requestBody({ body, requestExamples }: Operation, convert: Convert): Json {
  return {
    required: true,
    content: {
      'application/json': {
        schema: body === undefined ? {} : convert(body, 'input'),
        ...(requestExamples === undefined ? {} : { examples: requestExamples }),
      },
    },
  }
}

function success(
  { answer, status = 200, otherAnswers = {}, answerExample }: Operation,
  convert: Convert,
): Json {
  const content: Json = {}
  for (const [type, description] of Object.entries(otherAnswers)) content[type] = { schema: { description } }
  if (answer !== undefined) {
    content['application/json'] = {
      schema: convert(answer, 'output'),
      ...(answerExample === undefined ? {} : { example: answerExample }),
    }
  }
  return {
    [status]: {
      description: 'Done',
      headers: { 'x-request-id': { $ref: '#/components/headers/RequestId' } },
      ...(Object.keys(content).length === 0 ? {} : { content }),
    },
  }
}

/** One answer for each status, naming the codes that come with it. */
function failures({ access, errors = [] }: Operation): Json {
  const codes = new Set([...ANYWHERE, ...(access === 'open' ? [] : [...WITH_KEY, ...STORE]), ...errors])
  const byStatus = new Map<number, ErrorCode[]>()
  for (const code of codes) {
    const status = errorStatus[code]
    byStatus.set(status, [...(byStatus.get(status) ?? []), code])
  }
  const answers = [...byStatus].map(([status, codes]): [string, Json] => {
    const example = status === 400 ? { example: examples.error } : {}
    return [String(status), failure(codes.map((code) => `\`${code}\``).join(', '), example)]
  })
  return { ...Object.fromEntries(answers), default: failure('Any other error', {}) }
}

function failure(description: string, example: Json): Json {
  const schema = { $ref: '#/components/schemas/Error' }
  return { description, content: { 'application/json': { schema, ...example } } }
}

/** Makes what zod writes of one schema fit the description. */
function tidy(schema: z.core.$ZodType, json: Json, io: Io): void {
  if (io === 'input' && schema instanceof z.ZodPipe && schema.def.out instanceof z.ZodNumber) {
    // A number in a query string: text that is read as one.
    const { $schema: _, ...number } = z.toJSONSchema(schema.def.out)
    delete json.pattern
    Object.assign(json, number)
  }
  const { description } = z.globalRegistry.get(schema) ?? {}
  if (description !== undefined) json.description = description
  if (json.minimum === Number.MIN_SAFE_INTEGER) delete json.minimum
  if (json.maximum === Number.MAX_SAFE_INTEGER) delete json.maximum
  // Answers may gain fields.
  if (io === 'output' && json.additionalProperties === false) delete json.additionalProperties
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
