import { operations } from '../../api/operations.js'
import { summaryOf } from '../../engine.js'
import type { Metadata } from '../../types.js'
import { readRawBody } from '../read-body.js'
import { type Route, route } from '../route.js'

export const documentRoutes: readonly Route[] = [
  route(operations.listDocuments, async ({ query }, { engine }) => {
    const { items, total, next } = await engine.listDocuments(query)
    return { documents: items, total, ...(next === undefined ? {} : { next }) }
  }),
  route(operations.pushDocument, ({ body: { text, metadata, ...rest } }, { engine, call: { signal } }) =>
    engine.push({ ...rest, ...metadataOf(metadata), bytes: new TextEncoder().encode(text), signal }),
  ),
  route(operations.putDocument, async ({ query: { metadata, ...rest } }, context) => {
    const { request, engine, services, call } = context
    // Bytes that wait here are the greatest that the service holds, so few requests at once may bring some.
    const leave = await services.uploads.enter(call.signal)
    try {
      call.mayTakeLonger()
      const bytes = await readRawBody(request)
      return await engine.push({ ...rest, ...metadataOf(metadata), bytes, signal: call.signal })
    } finally {
      leave()
    }
  }),
  route(operations.getDocument, async ({ params: { id } }, { engine }) =>
    summaryOf(await engine.getDocument(id)),
  ),
  route(operations.removeDocument, async ({ params }, { engine }) => ({
    removed: await engine.removeDocument(params.id),
  })),
  route(operations.getDocumentContent, async ({ params }, { engine }) => {
    const { id, uri, title, text, blocks, passages } = await engine.getDocument(params.id)
    return { id, uri, title, text, blocks, passages }
  }),
  route(operations.similarDocuments, ({ params, query }, { engine }) => engine.similar(params.id, query)),
]

function metadataOf(metadata: Metadata | undefined): { metadata?: Metadata } {
  return metadata === undefined ? {} : { metadata }
}
