import type { RawAnswer } from './send-raw.js'

/** Statuses above 499 that a service gives by design. */
const BY_DESIGN = [503, 507]
const LEAKS = /\bat .+:\d+:\d+|node_modules|\/home\/|\/root\/|\/tmp\/|\.ts:\d+|SQLITE_|gemdex_[0-9a-f]{12}_/

/** What is wrong with the answer to a request that may be wrong itself, or undefined. Documents may hold anything. */
export function judgeAnswer({ status, head, body, isHung }: RawAnswer, isHead: boolean): string | undefined {
  if (isHung) return 'hangs'
  if (status >= 500 && !BY_DESIGN.includes(status)) return `status ${status}`
  if (status < 400 || isHead) return undefined
  if (LEAKS.test(body)) return 'shows a stack or a path'
  if (!/\r\ncontent-type: application\/json/i.test(head)) return 'an error that is no JSON'
  const { error, jsonrpc } = JSON.parse(body) as { error?: Record<string, unknown>; jsonrpc?: string }
  // What MCP refuses it refuses in its own form; the request id is in the header.
  if (jsonrpc === '2.0' && typeof error?.code === 'number')
    return /\r\nx-request-id: \S/i.test(head) ? undefined : 'an error without a request id'
  if (typeof error?.code !== 'string' || typeof error.message !== 'string')
    return 'an error without code or message'
  if (!head.toLowerCase().includes(`x-request-id: ${String(error.requestId).toLowerCase()}`))
    return 'an error without the request id of its header'
  return undefined
}
