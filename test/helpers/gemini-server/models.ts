import { ApiError, badRequest, modelNotFound } from './errors.js'

/** A model as `GET /v1beta/models/{id}` describes it. */
export interface ModelInfo {
  /** `models/{id}` */
  readonly name: string
  readonly version: string
  readonly displayName: string
  readonly description: string
  readonly inputTokenLimit: number
  readonly outputTokenLimit: number
  readonly supportedGenerationMethods: readonly string[]
  readonly temperature?: number
  readonly maxTemperature?: number
  readonly topP?: number
  readonly topK?: number
  readonly thinking?: boolean
}

/** The description of a text model, for `options.models`. */
export function textModel(id: string, fields: Partial<ModelInfo> = {}): ModelInfo {
  return {
    name: `models/${id}`,
    version: '001',
    displayName: displayName(id),
    description: `Stable version of ${displayName(id)}`,
    inputTokenLimit: 1_048_576,
    outputTokenLimit: 65_536,
    supportedGenerationMethods: [
      'generateContent',
      'countTokens',
      'createCachedContent',
      'batchGenerateContent',
    ],
    temperature: 1,
    topP: 0.95,
    topK: 64,
    maxTemperature: 2,
    thinking: true,
    ...fields,
  }
}

/** The description of an embedding model, for `options.models`. */
export function embeddingModel(id: string, fields: Partial<ModelInfo> = {}): ModelInfo {
  return {
    name: `models/${id}`,
    version: '001',
    displayName: displayName(id),
    description: 'Obtain a distributed representation of a text.',
    inputTokenLimit: 2048,
    outputTokenLimit: 1,
    supportedGenerationMethods: ['embedContent', 'countTextTokens', 'countTokens', 'asyncBatchEmbedContent'],
    ...fields,
  }
}

function displayName(id: string): string {
  return id.replaceAll('-', ' ').replace(/(^| )[a-z]/g, (start) => start.toUpperCase())
}

/** The models that the server offers unless told otherwise. */
export const defaultModels: readonly ModelInfo[] = [
  textModel('gemini-3.8-flash'),
  textModel('gemini-3.5-flash-lite'),
  embeddingModel('gemini-embedding-001'),
  embeddingModel('gemini-embedding-2', { version: '2', inputTokenLimit: 8192 }),
]

/** What the API says of models that it once had. */
const RETIRED: readonly { readonly ids: RegExp; readonly says: string }[] = [
  {
    ids: /^(embedding-001|text-embedding-004|embedding-gecko-001|gemini-embedding-(exp.*|2-preview))$/,
    says: 'is no longer available. Please update your code to use models/gemini-embedding-001.',
  },
  {
    ids: /^gemini-2\.0-/,
    says: 'is no longer available. Please update your code to use models/gemini-3.8-flash.',
  },
  {
    ids: /^gemini-2\.5-/,
    says:
      'is no longer available to new users. Please update your code to use a newer model for the latest ' +
      'features and improvements.',
  },
]

/** Methods that work wherever another one is listed, though they are not listed themselves. */
const IMPLIED_BY: Readonly<Record<string, string>> = {
  batchEmbedContents: 'embedContent',
  streamGenerateContent: 'generateContent',
}

/** The model that is to run `method`; refuses unknown and retired models and methods it does not have. */
export function modelFor(models: readonly ModelInfo[], id: string, method: string): ModelInfo {
  const model = models.find((candidate) => candidate.name === `models/${id}`)
  if (!model) {
    const retired = RETIRED.find((family) => family.ids.test(id))
    throw retired ? new ApiError(404, `This model models/${id} ${retired.says}`) : modelNotFound(id, method)
  }
  if (!model.supportedGenerationMethods.includes(IMPLIED_BY[method] ?? method))
    throw modelNotFound(id, method)
  return model
}

/** The answer to `GET /v1beta/models/{id}`. */
export function getModel(models: readonly ModelInfo[], id: string): ModelInfo {
  const model = models.find((candidate) => candidate.name === `models/${id}`)
  if (!model) throw new ApiError(404, `Model is not found: models/${id} for api version v1beta`)
  return model
}

/** One page of the list of models. */
export interface ModelPage {
  readonly models?: readonly ModelInfo[]
  readonly nextPageToken?: string
}

const MAX_PAGE_SIZE = 1000

/** The answer to `GET /v1beta/models?pageSize&pageToken`. */
export function listModels(
  models: readonly ModelInfo[],
  query: Readonly<Record<string, string>>,
  defaultPageSize: number,
): ModelPage {
  const size = readPageSize(query.pageSize ?? query.page_size) || defaultPageSize
  const start = readPageToken(query.pageToken ?? query.page_token)
  const end = start + Math.min(size, MAX_PAGE_SIZE)
  return {
    models: models.slice(start, end),
    ...(end < models.length && { nextPageToken: Buffer.from(`models:${end}`).toString('base64url') }),
  }
}

function readPageSize(value = '0'): number {
  if (!/^-?\d+$/.test(value)) {
    const description = `Invalid value at 'page_size' (TYPE_INT32), ${JSON.stringify(value)}`
    throw badRequest([{ field: 'page_size', description }])
  }
  const size = Number(value)
  if (size < 0) throw new ApiError(400, '* ListModelsRequest.page_size: page_size must not be negative\n')
  return size
}

function readPageToken(token = ''): number {
  if (token === '') return 0
  const offset = /^models:(\d+)$/.exec(Buffer.from(token, 'base64url').toString())?.[1]
  if (offset === undefined) throw new ApiError(400, 'Invalid page token.')
  return Number(offset)
}
