import { type Operation, operation } from '../operation.js'
import { EVENTS } from './parts.js'

/** The Model Context Protocol over HTTP. */
export const mcpOperations = {
  mcpMessage: operation({
    id: 'mcpMessage',
    method: 'POST',
    path: '/mcp',
    tag: 'MCP',
    summary: 'A message of the Model Context Protocol',
    description: 'Streamable HTTP transport: https://modelcontextprotocol.io/specification',
    access: 'read',
    otherAnswers: { [EVENTS]: 'Messages of the protocol' },
    otherStatus: { 202: 'Taken; there is nothing to answer' },
  }),
  mcpStream: operation({
    id: 'mcpStream',
    method: 'GET',
    path: '/mcp',
    tag: 'MCP',
    summary: 'Messages of a session that are no answers',
    access: 'read',
    otherAnswers: { [EVENTS]: 'Messages of the protocol' },
  }),
  mcpEnd: operation({
    id: 'mcpEnd',
    method: 'DELETE',
    path: '/mcp',
    tag: 'MCP',
    summary: 'End a session',
    access: 'read',
  }),
} as const satisfies Record<string, Operation>
