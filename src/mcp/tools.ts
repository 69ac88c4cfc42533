import type { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js'
import type { CallToolResult, ToolAnnotations } from '@modelcontextprotocol/sdk/types.js'
import type { EngineView } from '../access/restrict-engine.js'
import { clientError } from '../api/client-error.js'
import {
  askInput,
  askOutput,
  collectionsOutput,
  fetchInput,
  fetchOutput,
  noInput,
  searchInput,
  searchOutput,
  statusOutput,
} from '../api/schemas/mcp.js'
import { toGemdexError } from '../errors.js'
import type { Hit } from '../types.js'
import { resourceUri } from './resources.js'

const DEFAULT_MAX_CHARS = 50_000
/** They look, and change nothing; `ask` sends passages to the model that answers. */
const LOOKS: ToolAnnotations = { readOnlyHint: true, idempotentHint: true, openWorldHint: false }

/** What clients can do, each tool with the schemas of what it takes and gives. */
export function addTools(server: McpServer, engine: EngineView): void {
  server.registerTool(
    'search',
    {
      title: 'Search documents',
      description:
        'Find passages in the indexed documents by meaning and by words. Gives the best passage of each document, best first, with its place and a snippet. Read more of one with "fetch".',
      inputSchema: searchInput,
      outputSchema: searchOutput,
      annotations: LOOKS,
    },
    ({ query, ...options }, { signal }) =>
      result(async () => {
        const { hits, degraded } = await engine.search({ query, ...options, signal })
        return { results: hits.map(shownHit), ...(degraded === undefined ? {} : { degraded }) }
      }),
  )
  server.registerTool(
    'fetch',
    {
      title: 'Read a document',
      description:
        'Read the text of a document, by the id of a search result or document, or by its path. With the id of a result it begins at the passage that was found. Long texts come in parts: go on at "nextOffset".',
      inputSchema: fetchInput,
      outputSchema: fetchOutput,
      annotations: LOOKS,
    },
    ({ id, offset, maxChars = DEFAULT_MAX_CHARS }) =>
      result(async () => {
        const { document, start } = await locate(engine, id)
        const from = Math.min(offset ?? start, document.text.length)
        const text = document.text.slice(from, from + maxChars)
        const end = from + text.length
        return {
          id: document.id,
          title: document.title,
          text,
          url: resourceUri(document.id),
          uri: document.uri,
          collection: document.collection,
          metadata: document.metadata,
          totalChars: document.text.length,
          ...(end < document.text.length ? { nextOffset: end } : {}),
        }
      }),
  )
  server.registerTool(
    'ask',
    {
      title: 'Ask the documents',
      description:
        'Answer a question from the indexed documents. The answer carries citations that were checked against the documents; when they do not hold the answer it is refused, and the nearest passages are listed.',
      inputSchema: askInput,
      outputSchema: askOutput,
      annotations: { ...LOOKS, idempotentHint: false },
    },
    ({ question, ...options }, { signal }) =>
      result(async () => {
        const answer = await engine.answer(question, { ...options, signal })
        const { status, reason, citations, sources, degraded } = answer
        return {
          status,
          answer: answer.answer,
          citations,
          sources: sources.map(shownHit),
          ...(reason === undefined ? {} : { reason }),
          ...(degraded === undefined ? {} : { degraded }),
        }
      }),
  )
  server.registerTool(
    'list_collections',
    {
      title: 'List collections',
      description: 'The collections that documents are kept in, with the number of documents of each.',
      inputSchema: noInput,
      outputSchema: collectionsOutput,
      annotations: LOOKS,
    },
    () =>
      result(async () => ({
        collections: (await engine.status()).collections.map(({ name, documents, chunks }) => ({
          name,
          documents,
          passages: chunks,
        })),
      })),
  )
  server.registerTool(
    'status',
    {
      title: 'State of the index',
      description:
        'How many documents and passages are indexed, by which models, and whether search is degraded.',
      inputSchema: noInput,
      outputSchema: statusOutput,
      annotations: LOOKS,
    },
    () =>
      result(async () => {
        const { documents, chunks, embedded, embedder, generator, degraded } = await engine.status()
        return {
          documents,
          passages: chunks,
          embedded,
          embedder: embedder?.modelId ?? null,
          generator,
          ...(degraded === undefined ? {} : { degraded }),
        }
      }),
  )
}

/** What a tool gives, as data and as text for clients that know no data; errors in words that are for clients. */
async function result(work: () => Promise<object>): Promise<CallToolResult> {
  try {
    const data = await work()
    return { structuredContent: { ...data }, content: [{ type: 'text', text: JSON.stringify(data) }] }
  } catch (thrown) {
    const { code, message, hint } = clientError(thrown)
    const text = `${code}: ${message}${hint === undefined ? '' : ` ${hint}`}`
    return { isError: true, content: [{ type: 'text', text }] }
  }
}

function shownHit({ id, documentId, title, uri, collection, relevance, location, snippet }: Hit) {
  const url = resourceUri(documentId)
  return { id, documentId, title, url, uri, collection, relevance, location, snippet }
}

/** A document by any reference, and where in its text the reference points. */
async function locate(engine: EngineView, id: string) {
  try {
    return { document: await engine.getDocument(id), start: 0 }
  } catch (thrown) {
    if (toGemdexError(thrown).code !== 'NOT_FOUND') throw thrown
    // The error of the first look names what was asked for; that of a passage would not.
    const passage = await engine.getPassage(id).catch(() => Promise.reject(thrown))
    const document = await engine.getDocument(passage.document.id)
    return { document, start: document.passages.find((each) => each.id === id)?.start ?? 0 }
  }
}
