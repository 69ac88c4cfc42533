import { afterAll, afterEach, expect } from 'vitest'
import type { OpenApiCheck } from './openapi-check.js'

/**
 * Set up for every test file: each response of gemdex that a test gets by `fetch` is held against the API's description.
 */
let check: OpenApiCheck | undefined
const pending: Promise<string | undefined>[] = []
const fetchPlainly = globalThis.fetch

globalThis.fetch = async (...args) => {
  const response = await fetchPlainly(...args)
  // Both headers are on every answer of gemdex, and on none of the servers that stand in for others.
  const isOurs = response.headers.has('x-request-id') && response.headers.has('content-security-policy')
  if (isOurs) pending.push(faultIn(methodOf(...args), response))
  return response
}

afterEach(async () => {
  const faults = await Promise.all(pending.splice(0))
  expect(faults.filter((fault) => fault !== undefined)).toEqual([])
})

// The next test file in this process sets it up anew.
afterAll(() => {
  globalThis.fetch = fetchPlainly
})

function methodOf(...[input, init]: Parameters<typeof fetch>): string {
  return (init?.method ?? (input instanceof Request ? input.method : 'GET')).toUpperCase()
}

async function faultIn(method: string, response: Response): Promise<string | undefined> {
  const contentType = response.headers.get('content-type') ?? ''
  const { pathname } = new URL(response.url)
  if (method === 'HEAD' || method === 'OPTIONS') return undefined
  let body: unknown
  if (contentType.startsWith('application/json')) {
    // A client that goes away has nothing to check.
    const text = await response
      .clone()
      .text()
      .catch(() => undefined)
    if (text === undefined) return undefined
    body = JSON.parse(text)
  }
  const { status } = response
  // Loaded by those who get a response: most test files do not.
  check ??= (await import('./openapi-check.js')).createOpenApiCheck()
  const fault = check.faultOf({ method, path: pathname, status, contentType, body })
  return fault === undefined ? undefined : `${method} ${pathname} ${status}: ${fault}`
}
