import { operations } from '../../api/operations.js'
import { GemdexError } from '../../errors.js'
import { estimateTokens } from '../../text/estimate-tokens.js'
import { completionOf, optionsOf, questionOf } from '../chat-completion.js'
import { type Context, type Route, route } from '../route.js'
import { streamCompletion } from '../stream-completion.js'

/** Stands for whatever model the service has. */
const ANY_MODEL = 'gemdex'

export const openAiRoutes: readonly Route[] = [
  route(operations.embed, async ({ body }, { engine, call: { signal } }) => {
    const { model, role = 'document', encoding_format: encoding = 'float', title } = body
    const { embedder } = await engine.modelsInUse()
    if (embedder !== null) requireModel(model, embedder.modelId)
    const texts = typeof body.input === 'string' ? [body.input] : body.input
    const titles = title === undefined || typeof title === 'string' ? texts.map(() => title) : title
    checkFit(body, { texts: texts.length, titles: titles.length, dimensions: embedder?.dimensions })
    const inputs = texts.map((text, i) => {
      const title = titles[i]
      return { text, ...(title === undefined ? {} : { title }) }
    })
    const { vectors, ...made } = await engine.embed({ inputs, role, signal })
    const tokens = texts.reduce((sum, text) => sum + estimateTokens(text), 0)
    return {
      object: 'list' as const,
      model: made.model,
      data: vectors.map((vector, index) => ({
        object: 'embedding' as const,
        index,
        embedding: encoding === 'float' ? [...vector] : toBase64(vector),
      })),
      usage: { prompt_tokens: tokens, total_tokens: tokens },
    }
  }),
  route(operations.complete, async ({ body }, context) => {
    const { engine, call, services } = context
    const { generator } = await engine.modelsInUse()
    requireModel(body.model, generator)
    const question = questionOf(body.messages)
    const options = { ...optionsOf(body), signal: call.signal }
    const frame = {
      id: `chatcmpl-${call.requestId}`,
      created: Math.floor(Date.now() / 1000),
      model: generator,
    }
    const urlOf = documentUrls(context)
    if (body.stream !== true) return completionOf(await engine.answer(question, options), frame, urlOf)
    await streamCompletion(engine.ask(question, options), call, {
      frame,
      urlOf,
      includeUsage: body.stream_options?.include_usage ?? false,
      onError: (thrown) => services.onError(thrown, call),
    })
    return undefined
  }),
]

function requireModel(wanted: string, offered: string): void {
  if (wanted === offered || wanted === ANY_MODEL) return
  throw new GemdexError('NOT_FOUND', `This service does not offer the model "${wanted}" here`, {
    hint: `It offers ${offered}, which "${ANY_MODEL}" stands for too.`,
    field: 'model',
  })
}

type Sizes = { readonly texts: number; readonly titles: number; readonly dimensions: number | undefined }

function checkFit(
  { role = 'document', title, dimensions }: { role?: string; title?: unknown; dimensions?: number },
  sizes: Sizes,
): void {
  const bad = (field: string, message: string) => new GemdexError('BAD_INPUT', message, { field })
  if (title !== undefined && role !== 'document') throw bad('title', 'title fits the role document only')
  if (sizes.titles !== sizes.texts) throw bad('title', `title names ${sizes.titles} of ${sizes.texts} texts`)
  if (dimensions !== undefined && sizes.dimensions !== undefined && dimensions !== sizes.dimensions)
    throw bad('dimensions', `dimensions must be ${sizes.dimensions}, as the index has them`)
}

/** Little-endian float32, as OpenAI's clients read it. */
function toBase64(vector: Float32Array): string {
  return Buffer.from(vector.buffer, vector.byteOffset, vector.byteLength).toString('base64')
}

/** Where documents are read, under the name that this service was addressed by. */
function documentUrls({ request }: Context): (documentId: string) => string {
  const base = `${request.protocol}://${request.headers.host ?? 'localhost'}`
  return (documentId) => `${base}/v1/documents/${encodeURIComponent(documentId)}/content`
}
