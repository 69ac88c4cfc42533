import { readdirSync } from 'node:fs'
import type { Operation } from '../../src/api/operation.js'
import { type OperationName, operations } from '../../src/api/operations.js'

/** What makes a good request of each operation that needs more than its path. */
const parts: Partial<Record<OperationName, { readonly query?: string; readonly body?: unknown }>> = {
  search: { body: { query: 'laptop' } },
  searchByQuery: { query: 'q=laptop' },
  ask: { body: { question: 'When is the laptop ordered?' } },
  suggest: { query: 'q=lap' },
  createSession: { body: {} },
  searchSessions: { query: 'q=laptop' },
  renameSession: { body: { title: 'Laptops' } },
  pushDocument: { body: { uri: 'notes/a.md', text: 'A note.' } },
  putDocument: { query: 'uri=notes/a.md', body: 'A note.' },
  classify: {
    body: {
      labels: [
        { name: 'a', description: 'x' },
        { name: 'b', description: 'y' },
      ],
      texts: ['x'],
    },
  },
  similarity: { body: { texts: ['a', 'b'] } },
  startIndexing: { body: { path: '/srv/docs' } },
  embed: { body: { model: 'gemdex', input: 'a text' } },
  complete: { body: { model: 'gemdex', messages: [{ role: 'user', content: 'When?' }] } },
  mcpMessage: {
    body: {
      jsonrpc: '2.0',
      id: 1,
      method: 'initialize',
      params: {
        protocolVersion: '2025-06-18',
        capabilities: {},
        clientInfo: { name: 'test', version: '1' },
      },
    },
  },
}

export type RouteRequest = {
  readonly name: OperationName
  readonly operation: Operation
  /** Path and query. */
  readonly target: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | undefined
}

/** One of the files of the web page, whose names hold a hash. */
const [pageFile = ''] = readdirSync(new URL('../../dist/web/assets', import.meta.url))

/** One good request for every operation there is. */
export const everyRoute: readonly RouteRequest[] = (Object.keys(operations) as OperationName[]).map(
  (name) => {
    const operation: Operation = operations[name]
    const { query, body } = parts[name] ?? {}
    const file = name === 'pageFile' ? pageFile : 'start.js'
    const path = operation.path
      .replace(':id', '0123456789abcdef')
      .replace(':name', 'handbook')
      .replace(':file', file)
    const accept = operation.tag === 'MCP' ? 'application/json, text/event-stream' : '*/*'
    return {
      name,
      operation,
      target: query === undefined ? path : `${path}?${query}`,
      headers: { accept, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      body: typeof body === 'string' || body === undefined ? body : JSON.stringify(body),
    }
  },
)

/** The request as bytes, with more headers (`Name: value`), and without a Host of its own. */
export function rawRequest(
  { operation, target, headers, body }: RouteRequest,
  more: readonly string[],
): string {
  const own = Object.entries(headers).map(([name, value]) => `${name}: ${value}`)
  const length = body === undefined ? [] : [`Content-Length: ${Buffer.byteLength(body)}`]
  const lines = [`${operation.method} ${target} HTTP/1.1`, 'Connection: close', ...own, ...length, ...more]
  return `${lines.join('\r\n')}\r\n\r\n${body ?? ''}`
}
