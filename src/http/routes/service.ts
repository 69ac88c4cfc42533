import type { EngineView } from '../../access/restrict-engine.js'
import { makeOpenApi } from '../../api/openapi.js'
import { operations } from '../../api/operations.js'
import { GemdexError, toGemdexError } from '../../errors.js'
import type { ModelInfo } from '../../types.js'
import { DOCS_FILES, type DocsFile, sendDocsFile, sendDocsPage } from '../docs-page.js'
import { type Context, type Route, route } from '../route.js'
import { openWebPage, type WebPage } from '../web-page.js'

/** Needs to know what else there is. */
export function serviceRoutes(names: () => readonly string[]): readonly Route[] {
  /** Written once: it takes some milliseconds and a megabyte of memory to make. */
  let description: string | undefined
  let page: WebPage | undefined
  const webPage = () => (page ??= openWebPage())
  return [
    route(operations.listCollections, async (_, { engine }) => ({
      collections: (await engine.status()).collections,
    })),
    route(operations.removeCollection, async ({ params, query }, { engine, call: { signal } }) => ({
      removed: await engine.removePart({ collection: params.name, ...query, signal }),
    })),
    route(operations.getStatus, (_, { engine }) => engine.status()),
    route(operations.listModels, async ({ query: { method } }, { engine, call: { signal } }) => {
      const { generator, embedder } = await engine.modelsInUse()
      const own = [
        { id: generator, methods: ['generateContent'] },
        ...(embedder === null ? [] : [{ id: embedder.modelId, methods: ['embedContent'] }]),
      ]
      const models = await modelsOf(engine, own, signal)
      return {
        models: models.filter(({ methods }) => method === undefined || methods.includes(method)),
        object: 'list' as const,
        data: own.map(({ id }) => ({ id, object: 'model' as const, created: 0, owned_by: 'gemdex' })),
      }
    }),
    route(operations.live, async () => ({ status: 'ok' as const })),
    route(operations.ready, (_, context) => checkReady(context)),
    route(operations.metrics, async (_, { rights, call: { response }, services: { metrics } }) => {
      if (rights.collections !== undefined)
        throw new GemdexError(
          'FORBIDDEN',
          'Metrics are of the whole index: this key reaches parts of it only',
        )
      const text = await metrics.text()
      response.setHeader('content-type', metrics.contentType)
      response.end(text)
      return undefined
    }),
    route(operations.describe, async (_, { call: { response }, services: { version = '0.0.0' } }) => {
      response.setHeader('content-type', 'application/json; charset=utf-8')
      description ??= JSON.stringify(makeOpenApi(version))
      response.end(description)
      return undefined
    }),
    route(operations.docs, (_, { call, request }) => sendDocsPage(call, request.path)),
    route(operations.docsFile, async ({ params: { file } }, { call }) => {
      if (!Object.hasOwn(DOCS_FILES, file)) throw noSuchFile()
      return sendDocsFile(call, file as DocsFile)
    }),
    route(operations.home, async (_, { request, call, services: { version } }) => {
      call.response.setHeader('vary', 'Accept')
      // Whoever takes anything, as curl does, is a program.
      if (request.accepts(['json', 'html']) === 'html') return webPage().send(call)
      return {
        name: 'gemdex' as const,
        ...(version === undefined ? {} : { version }),
        routes: [...names()],
      }
    }),
    route(operations.pageFile, async ({ params: { file } }, { call }) => {
      if (!(await webPage().sendFile(call, file))) throw noSuchFile()
      return undefined
    }),
  ]
}

function noSuchFile(): GemdexError {
  return new GemdexError('NOT_FOUND', 'There is no such file')
}

/** Those that the key can use; without a key the service's own. */
async function modelsOf(
  engine: EngineView,
  own: readonly ModelInfo[],
  signal: AbortSignal,
): Promise<readonly ModelInfo[]> {
  return engine.models({ signal }).catch((error: unknown) => {
    if (toGemdexError(error).code !== 'KEY_MISSING') throw error
    return own
  })
}

async function checkReady({ services, call }: Context): Promise<{ readonly status: 'ready' }> {
  const refuseWhenClosing = () => {
    if (services.isClosing()) throw new GemdexError('UNAVAILABLE', 'The service is closing')
  }
  refuseWhenClosing()
  try {
    await services.engine.listDocuments({ limit: 1 })
  } catch (error) {
    services.onError(error, call)
    throw new GemdexError('UNAVAILABLE', 'The index cannot be read', { cause: error })
  }
  refuseWhenClosing()
  return { status: 'ready' }
}
