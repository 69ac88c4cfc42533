import { Validator } from '@seriousme/openapi-schema-validator'
import { describe, expect, test } from 'vitest'
import type { Operation } from '../../src/api/operation.js'
import { operations } from '../../src/api/operations.js'
import { parseRequest } from '../../src/api/parse-request.js'
import { createOpenApiCheck } from '../helpers/openapi-check.js'

const check = createOpenApiCheck()
const all: readonly Operation[] = Object.values(operations)

describe('the description', () => {
  test('is valid OpenAPI 3.1', async () => {
    const validator = new Validator()
    const { valid, errors } = await validator.validate(structuredClone(check.document))
    expect(errors ?? []).toEqual([])
    expect(valid).toBe(true)
    expect(validator.version).toBe('3.1')
  })

  test('has every operation, each under a name of its own', () => {
    expect([...check.operations.keys()].toSorted()).toEqual(
      all.map(({ method, path }) => `${method} ${path.replace(/:(\w+)/g, '{$1}')}`).toSorted(),
    )
    const ids = [...check.operations.values()].map(({ operationId }) => operationId)
    expect(new Set(ids).size).toBe(ids.length)
    expect(Object.entries(operations).map(([name, { id }]) => [name, id])).toEqual(
      Object.keys(operations).map((name) => [name, name]),
    )
  })

  test('points at nothing that is not there', () => {
    const { schemas, headers } = check.document.components as Record<string, Record<string, unknown>>
    const known = [
      ...Object.keys(schemas ?? {}).map((name) => `#/components/schemas/${name}`),
      ...Object.keys(headers ?? {}).map((name) => `#/components/headers/${name}`),
    ]
    const named = [...JSON.stringify(check.document).matchAll(/"\$ref":"([^"]+)"/g)].map((match) => match[1])
    expect(named.length).toBeGreaterThan(50)
    expect(named.filter((reference) => !known.includes(reference ?? ''))).toEqual([])
  })

  test('says of numbers in query strings what numbers they are', () => {
    const search = check.operations.get('GET /v1/search') as unknown as { parameters: unknown[] }
    expect(search.parameters).toContainEqual({
      name: 'limit',
      in: 'query',
      required: false,
      schema: { type: 'integer', minimum: 1, maximum: 100 },
    })
  })

  test('is the same each time', () => {
    expect(createOpenApiCheck().document).toEqual(check.document)
  })

  test('describes an error for everything that is not open', () => {
    for (const [name, { responses }] of check.operations) {
      expect([name, responses.default]).toEqual([name, expect.anything()])
      const isOpen = all.some(
        ({ access, method, path }) =>
          access === 'open' && name === `${method} ${path.replace(/:(\w+)/g, '{$1}')}`,
      )
      expect([name, '401' in responses]).toEqual([name, !isOpen])
    }
  })
})

describe('the examples', () => {
  test.each(all.filter(({ answerExample }) => answerExample !== undefined))('answer of $id', (operation) => {
    const { answer, answerExample } = operation
    expect(answer?.safeParse(answerExample).error).toBeUndefined()
    const name = `${operation.method} ${operation.path.replace(/:(\w+)/g, '{$1}')}`
    const schema = check.operations.get(name)?.responses[String(operation.status ?? 200)]?.content
    expect(check.faultBy(schema?.['application/json']?.schema ?? {}, answerExample)).toBeUndefined()
  })

  test.each(all.filter(({ body }) => body !== undefined))('request of $id', ({ body, requestExamples }) => {
    const values = Object.values(requestExamples ?? {}).map(({ value }) => value)
    expect(values.length).toBeGreaterThan(0)
    for (const value of values) if (body !== undefined) parseRequest(body, value, 'body')
  })
})

describe('the check of responses', () => {
  const seen = { method: 'GET', path: '/healthz', status: 200, contentType: 'application/json' }

  test.each([
    [{ ...seen, body: { status: 'ok' } }, undefined],
    [{ ...seen, body: { status: 'bad' } }, /must be equal to constant/],
    [{ ...seen, body: {} }, /required property 'status'/],
    [{ ...seen, body: { status: 'ok', more: 1 } }, /additional properties/],
    [{ ...seen, status: 201, body: { status: 'ok' } }, /status 201 is not described/],
    [{ ...seen, contentType: 'text/html', body: undefined }, /text\/html is not described/],
    [{ ...seen, path: '/nowhere', status: 404, body: { error: {} } }, /required property 'code'/],
    [{ ...seen, path: '/v1/documents/x', body: { id: 'x' } }, /required property/],
  ])('%j', (response, fault) => {
    const found = check.faultOf(response)
    if (fault === undefined) expect(found).toBeUndefined()
    else expect(found).toMatch(fault)
  })
})
