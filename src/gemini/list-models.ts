import { GemdexError } from '../errors.js'
import type { ModelInfo } from '../types.js'
import type { GeminiClient } from './client.js'
import { asList, asNumber, asText, isRecord } from './is-record.js'

export type ListModelsOptions = {
  readonly signal?: AbortSignal
  /** For each page. Default 10 s. */
  readonly deadlineMs?: number
}

const DEADLINE_MS = 10_000

/** The API's own maximum: more is cut to it. */
const PAGE_SIZE = 1000

/** More models than Google will ever have; ends a list whose pages go round in a circle. */
const MAX_PAGES = 50

/**
 * The models that the key can use, in the API's order, all pages. Reads `GET /v1beta/models` itself, since the SDK has no
 * call for it. `methods` is as listed: `batchEmbedContents` works wherever `embedContent` is listed, though it is not.
 * Throws what the client throws.
 */
export async function listModels(
  client: GeminiClient,
  options: ListModelsOptions = {},
): Promise<ModelInfo[]> {
  const { signal, deadlineMs = DEADLINE_MS } = options
  const models: ModelInfo[] = []
  let pageToken: string | undefined
  for (let page = 0; page < MAX_PAGES; page++) {
    const query = { pageSize: String(PAGE_SIZE), ...(pageToken !== undefined && { pageToken }) }
    const answer = await client.get('models', query, { method: 'listModels', signal, deadlineMs })
    const fields = isRecord(answer) ? answer : {}
    models.push(...asList(fields.models).flatMap(readModel))
    pageToken = asText(fields.nextPageToken)
    if (pageToken === undefined) return models
  }
  throw new GemdexError('BAD_RESPONSE', `The list of models did not end after ${MAX_PAGES} pages`, {
    retryable: true,
  })
}

function readModel(entry: unknown): ModelInfo | [] {
  if (!isRecord(entry)) return []
  const id = asText(entry.name)?.replace(/^models\//, '')
  if (id === undefined) return []
  const displayName = asText(entry.displayName)
  const inputTokenLimit = asNumber(entry.inputTokenLimit)
  const outputTokenLimit = asNumber(entry.outputTokenLimit)
  return {
    id,
    ...(displayName !== undefined && { displayName }),
    ...(inputTokenLimit !== undefined && { inputTokenLimit }),
    ...(outputTokenLimit !== undefined && { outputTokenLimit }),
    methods: asList(entry.supportedGenerationMethods).flatMap((method) => asText(method) ?? []),
  }
}
