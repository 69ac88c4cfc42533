import type { IncomingMessage, ServerResponse } from 'node:http'
import type { EngineView } from '../access/restrict-engine.js'
import type { Rights } from '../types.js'

/** What takes the requests to `/mcp`: a face of its own, which the program hands in. */
export type McpEndpoint = {
  /** Answers one request; `body` is that of a POST. Throws NOT_FOUND for a session that is not the sender's. */
  handle(
    request: IncomingMessage,
    response: ServerResponse,
    caller: { readonly engine: EngineView; readonly rights: Rights; readonly body?: unknown },
  ): Promise<void>
  /** Sessions that are open. */
  readonly sessions: number
  /** Ends all sessions. */
  close(): Promise<void>
}
