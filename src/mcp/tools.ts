import type { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js'
import {
  CallToolRequestSchema,
  type CallToolResult,
  ErrorCode,
  ListToolsRequestSchema,
  McpError,
  type Tool,
} from '@modelcontextprotocol/sdk/types.js'
import type { ClientStatus, EngineView } from '../access/restrict-engine.js'
import { clientError } from '../api/client-error.js'
import { toJsonSchema } from '../api/json-schema.js'
import { parseRequest } from '../api/parse-request.js'
import { type ToolFacts, type ToolInput, type ToolOutput, tools } from '../api/tools.js'
import { toGemdexError } from '../errors.js'
import type { Hit } from '../types.js'
import { resourceUri } from './resources.js'

const DEFAULT_MAX_CHARS = 50_000

type Context = { readonly engine: EngineView; readonly signal: AbortSignal }
type Handler = {
  readonly facts: ToolFacts
  readonly run: (input: unknown, context: Context) => Promise<object>
}

/** How a tool is carried out; `run` gets what the schema of its input lets through. */
function handler<Facts extends ToolFacts>(
  facts: Facts,
  run: (input: ToolInput<Facts>, context: Context) => Promise<ToolOutput<Facts> & object>,
): Handler {
  return { facts, run: (input, context) => run(input as ToolInput<Facts>, context) }
}

const handlers: readonly Handler[] = [
  handler(tools.search, async (input, { engine, signal }) => {
    const { hits, degraded } = await engine.search({ ...input, signal })
    return { results: hits.map(shownHit), ...(degraded === undefined ? {} : { degraded }) }
  }),
  handler(tools.fetch, async ({ id, offset, maxChars = DEFAULT_MAX_CHARS }, { engine }) => {
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
  handler(tools.ask, async ({ question, ...options }, { engine, signal }) => {
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
  handler(tools.similar, async ({ id, ...options }, { engine }) => {
    const { documentId, title, hits } = await engine.similar(id, options)
    return { documentId, title, results: hits.map(shownHit) }
  }),
  handler(tools.listCollections, async (_, { engine }) => ({
    collections: (await engine.status()).collections.map(({ name, documents, chunks }) => ({
      name,
      documents,
      passages: chunks,
    })),
  })),
  handler(tools.status, async (_, { engine }) => {
    const { documents, chunks, embedded, embedder, generator, degraded, damage, collections } =
      await engine.status()
    const unfinished = collections.flatMap(shownUnfinished)
    return {
      documents,
      passages: chunks,
      embedded,
      ...(unfinished.length === 0 ? {} : { unfinished }),
      embedder: embedder?.modelId ?? null,
      generator,
      ...(degraded === undefined ? {} : { degraded }),
      ...(damage === undefined ? {} : { damage }),
    }
  }),
]

/**
 * Lists the tools and carries them out. The handlers are set directly: what the SDK's own say of an input that does not fit names
 * no field, and they hand on the words of every error.
 */
export function addTools({ server }: McpServer, engine: EngineView): void {
  server.setRequestHandler(ListToolsRequestSchema, async () => ({ tools: handlers.map(listed) }))
  server.setRequestHandler(CallToolRequestSchema, async ({ params }, { signal }) => {
    const called = handlers.find(({ facts }) => facts.name === params.name)
    if (called === undefined) throw new McpError(ErrorCode.InvalidParams, `There is no tool ${params.name}`)
    return result(async () => {
      const input = parseRequest(called.facts.input, params.arguments ?? {}, 'arguments')
      return called.run(input, { engine, signal })
    })
  })
}

function shownUnfinished({ name: collection, run }: ClientStatus['collections'][number]) {
  if (run === undefined || run.state === 'done') return []
  const { state, files, filesDone } = run
  return [{ collection, state, ...(files === 0 ? {} : { filesLeft: Math.max(0, files - filesDone) }) }]
}

function listed({ facts: { name, title, description, input, output, isIdempotent } }: Handler): Tool {
  return {
    name,
    title,
    description,
    inputSchema: { ...toJsonSchema(input, 'input'), type: 'object' },
    outputSchema: { ...toJsonSchema(output, 'output'), type: 'object' },
    annotations: { readOnlyHint: true, idempotentHint: isIdempotent, openWorldHint: false },
  }
}

/** What a tool gives, as data and as text for clients that know no data; errors in words that are for clients. */
async function result(work: () => Promise<object>): Promise<CallToolResult> {
  try {
    const data = await work()
    return { structuredContent: { ...data }, content: [{ type: 'text', text: JSON.stringify(data) }] }
  } catch (thrown) {
    const { code, message, hint } = clientError(thrown)
    const text = `${code}: ${message}${hint === undefined ? '' : `. ${hint}`}`
    return { isError: true, content: [{ type: 'text', text }] }
  }
}

function shownHit({
  id,
  documentId,
  title,
  uri,
  collection,
  relevance,
  location,
  snippet,
}: Omit<Hit, 'explain'>) {
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
