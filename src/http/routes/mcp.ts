import { operations } from '../../api/operations.js'
import { GemdexError } from '../../errors.js'
import { readJsonBody } from '../read-body.js'
import { type Context, type Route, route } from '../route.js'

export const mcpRoutes: readonly Route[] = [
  route(operations.mcpMessage, async (_, context) =>
    pass(context, { body: await readJsonBody(context.request) }),
  ),
  route(operations.mcpStream, (_, context) => pass(context, {})),
  route(operations.mcpEnd, (_, context) => pass(context, {})),
]

async function pass(
  { request, call, engine, rights, services: { mcp } }: Context,
  message: { readonly body?: unknown },
): Promise<undefined> {
  if (mcp === undefined) throw new GemdexError('NOT_FOUND', 'This service does not speak MCP')
  // A closing service ends what is open at its streams.
  call.streaming = request.method === 'GET'
  await mcp.handle(request, call.response, { engine, rights, ...message })
  return undefined
}
