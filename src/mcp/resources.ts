import type { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js'
import {
  ErrorCode,
  ListResourcesRequestSchema,
  ListResourceTemplatesRequestSchema,
  McpError,
  ReadResourceRequestSchema,
} from '@modelcontextprotocol/sdk/types.js'
import type { EngineView } from '../access/restrict-engine.js'
import { clientError } from '../api/client-error.js'

const PREFIX = 'gemdex://documents/'
const PAGE = 100
const RESOURCE_NOT_FOUND = -32_002

/** The resource that holds a document. */
export function resourceUri(documentId: string): string {
  return `${PREFIX}${encodeURIComponent(documentId)}`
}

/**
 * Documents as resources, listed by pages. The handlers are set directly: the SDK's own know no pages, and match URIs by regular
 * expressions made of templates.
 */
export function addResources({ server }: McpServer, engine: EngineView): void {
  server.setRequestHandler(ListResourcesRequestSchema, ({ params }) =>
    converting(async () => {
      const after = params?.cursor
      const page = await engine.listDocuments({ limit: PAGE, ...(after === undefined ? {} : { after }) })
      return {
        resources: page.items.map(({ id, title, uri, collection, type, sizeBytes }) => ({
          uri: resourceUri(id),
          name: `${collection}/${uri}`,
          title,
          mimeType: 'text/plain',
          description: `Text of ${type}, ${sizeBytes} bytes`,
        })),
        ...(page.next === undefined ? {} : { nextCursor: page.next }),
      }
    }),
  )
  server.setRequestHandler(ListResourceTemplatesRequestSchema, async () => ({
    resourceTemplates: [
      {
        uriTemplate: `${PREFIX}{id}`,
        name: 'document',
        title: 'Document',
        description: 'The text of a document by its id',
        mimeType: 'text/plain',
      },
    ],
  }))
  server.setRequestHandler(ReadResourceRequestSchema, ({ params: { uri } }) =>
    converting(async () => {
      const { text } = await engine.getDocument(idOf(uri))
      return { contents: [{ uri, mimeType: 'text/plain', text }] }
    }),
  )
}

function idOf(uri: string): string {
  const encoded = uri.startsWith(PREFIX) ? uri.slice(PREFIX.length) : ''
  // Ids are hexadecimal; what else stands there is no document's.
  if (!/^[0-9a-f]{1,64}$/.test(encoded)) throw new McpError(RESOURCE_NOT_FOUND, `There is no resource ${uri}`)
  return encoded
}

/** What clients are told of errors, in the protocol's form. */
async function converting<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (thrown) {
    if (thrown instanceof McpError) throw thrown
    const { code, message } = clientError(thrown)
    throw new McpError(code === 'NOT_FOUND' ? RESOURCE_NOT_FOUND : ErrorCode.InternalError, message)
  }
}
