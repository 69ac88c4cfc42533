import { randomUUID } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js'
import { isInitializeRequest } from '@modelcontextprotocol/sdk/types.js'
import type { EngineView } from '../access/restrict-engine.js'
import { GemdexError } from '../errors.js'
import type { Rights } from '../types.js'
import { createMcpServer } from './create-mcp-server.js'

/** A session that nobody has used for so long is ended. */
const IDLE_MS = 30 * 60_000
const SWEEP_MS = 60_000
const MAX_SESSIONS = 1_000

export type McpCaller = {
  readonly engine: EngineView
  readonly rights: Rights
  readonly body?: unknown
}

export type McpEndpointOptions = {
  readonly version: string
  readonly maxSessions?: number
  readonly idleMs?: number
}

type Session = {
  /** Id of the key that began it; nobody else may use it. */
  readonly owner: string | null
  readonly transport: StreamableHTTPServerTransport
  readonly close: () => Promise<void>
  /** Requests under way, streams included. */
  active: number
  usedMs: number
}

/**
 * The streamable HTTP transport of MCP: each session has a server and a transport of its own, and belongs to the key that began
 * it. Who may come in at all, from where, and with how much, is decided before.
 */
export function createMcpEndpoint(options: McpEndpointOptions) {
  const { version, maxSessions = MAX_SESSIONS, idleMs = IDLE_MS } = options
  const sessions = new Map<string, Session>()
  const sweep = setInterval(() => {
    const before = performance.now() - idleMs
    for (const session of sessions.values())
      if (session.active === 0 && session.usedMs < before) void session.close()
  }, SWEEP_MS)
  sweep.unref()

  async function begin({ engine, rights }: McpCaller): Promise<Session> {
    if (sessions.size >= maxSessions) await makeRoom()
    const server = createMcpServer({ engine, version })
    const transport = new StreamableHTTPServerTransport({
      sessionIdGenerator: randomUUID,
      onsessioninitialized: (id) => void sessions.set(id, session),
    })
    const session: Session = {
      owner: rights.owner,
      transport,
      close: () => server.close(),
      active: 0,
      usedMs: performance.now(),
    }
    transport.onclose = () => {
      if (transport.sessionId !== undefined) sessions.delete(transport.sessionId)
    }
    await server.connect(transport)
    return session
  }

  /** Ends the session that has been idle for the longest time. */
  async function makeRoom(): Promise<void> {
    const idle = [...sessions.values()].filter(({ active }) => active === 0)
    const oldest = idle.sort((a, b) => a.usedMs - b.usedMs)[0]
    if (oldest === undefined) {
      throw new GemdexError('OVERLOADED', `${maxSessions} MCP sessions are in use`, {
        hint: 'Try again in a moment.',
        retryable: true,
        retryAfterMs: 10_000,
      })
    }
    await oldest.close()
  }

  function find(id: string, rights: Rights): Session {
    const session = sessions.get(id)
    if (session === undefined || session.owner !== rights.owner) {
      throw new GemdexError('NOT_FOUND', 'There is no such MCP session', {
        hint: 'Begin a new one by an initialize request without a session id.',
        field: 'mcp-session-id',
      })
    }
    return session
  }

  return {
    get sessions() {
      return sessions.size
    },

    async handle(request: IncomingMessage, response: ServerResponse, caller: McpCaller): Promise<void> {
      const id = request.headers['mcp-session-id']
      if (id === undefined && !isInitializeRequest(caller.body)) {
        throw new GemdexError('BAD_INPUT', 'A session begins with an initialize request', {
          hint: 'Clients send its id in the header mcp-session-id afterwards.',
          field: 'mcp-session-id',
        })
      }
      const session = id === undefined ? await begin(caller) : find(String(id), caller.rights)
      session.active++
      response.on('close', () => {
        session.active--
        session.usedMs = performance.now()
      })
      await session.transport.handleRequest(request, response, caller.body)
    },

    async close(): Promise<void> {
      clearInterval(sweep)
      await Promise.all([...sessions.values()].map((session) => session.close()))
    },
  }
}
