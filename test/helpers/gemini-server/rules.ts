import { ApiError, semanticError } from './errors.js'
import type { ModelInfo } from './models.js'
import {
  batchEmbedContentsRequest,
  countTokensRequest,
  embedContentRequest,
  generateContentRequest,
  HARM_CATEGORIES,
  PART_DATA,
} from './schema.js'
import { readMessage } from './validate.js'

/** A part of a content, as far as the server looks into it; other fields are passed on. */
export interface Part {
  readonly text?: string
  readonly thought?: boolean
  readonly inlineData?: { readonly mimeType?: string; readonly data?: string }
  readonly [field: string]: unknown
}

/** One turn of a conversation. */
export interface Content {
  readonly role?: string
  readonly parts?: readonly Part[]
}

/** The body of a generation request after validation: camelCase names, wherever the client wrote snake_case. */
export interface GenerateContentRequest {
  readonly model?: string
  readonly contents: readonly Content[]
  readonly systemInstruction?: Content
  readonly tools?: readonly Readonly<Record<string, unknown>>[]
  readonly toolConfig?: Readonly<Record<string, unknown>>
  readonly safetySettings?: readonly { readonly category?: string; readonly threshold?: string }[]
  readonly generationConfig?: GenerationConfig
  readonly cachedContent?: string
  readonly serviceTier?: string
}

/** The generation settings that have rules; other fields are passed on. */
export interface GenerationConfig {
  readonly candidateCount?: number
  readonly stopSequences?: readonly string[]
  readonly maxOutputTokens?: number
  readonly temperature?: number
  readonly topP?: number
  readonly topK?: number
  readonly logprobs?: number
  readonly responseMimeType?: string
  readonly responseSchema?: unknown
  readonly responseJsonSchema?: unknown
  readonly thinkingConfig?: { readonly thinkingBudget?: number; readonly thinkingLevel?: string }
  readonly [field: string]: unknown
}

/** One text that the server was asked to embed. */
export interface EmbedText {
  /** Bare id, without `models/`. */
  readonly model: string
  /** As sent: parts joined by a newline, nothing cut off. */
  readonly text: string
  readonly title?: string
  readonly taskType?: string
  readonly outputDimensionality?: number
  /** Set when the model would have cut the text silently at its input limit. */
  readonly overlong?: true
}

interface EmbedSettings {
  readonly taskType?: string
  readonly title?: string
  readonly outputDimensionality?: number
}

interface EmbedRequest extends EmbedSettings {
  readonly model?: string
  readonly content?: Content
  readonly embedContentConfig?: EmbedSettings
}

const MAX_BATCH = 100
const CHARACTERS_PER_TOKEN = 4

/** The number of tokens in a text, roughly. */
export function estimateTokens(text: string): number {
  return Math.ceil(text.length / CHARACTERS_PER_TOKEN)
}

/** What of a text the model reads: the part up to its input limit. */
export function readablePart(text: string, model: ModelInfo): string {
  return text.slice(0, model.inputTokenLimit * CHARACTERS_PER_TOKEN)
}

/** The text of an `embedContent` body; throws what the API answers to a bad one. */
export function readEmbed(body: unknown, model: ModelInfo): EmbedText {
  const request = readMessage(body, embedContentRequest) as EmbedRequest
  const path = 'EmbedContentRequest'
  if (request.model !== undefined && request.model !== model.name)
    throw otherModel(path, request.model, model)
  return readEmbedRequest(request, model, path)
}

/** The texts of a `batchEmbedContents` body, in order; throws what the API answers to a bad one. */
export function readEmbedBatch(body: unknown, model: ModelInfo): EmbedText[] {
  const { requests = [] } = readMessage(body, batchEmbedContentsRequest) as { requests?: EmbedRequest[] }
  const path = 'BatchEmbedContentsRequest.requests'
  if (requests.length === 0) throw semanticError(path, 'requests must not be empty')
  if (requests.length > MAX_BATCH)
    throw semanticError(path, `at most ${MAX_BATCH} requests can be in one batch`)
  return requests.map((request, index) => {
    const place = `${path}[${index}]`
    if (!request.model) throw semanticError(`${place}.model`, 'model is required, as models/{model}')
    if (request.model !== model.name) throw otherModel(place, request.model, model)
    return readEmbedRequest(request, model, place)
  })
}

function otherModel(path: string, asked: string, model: ModelInfo): ApiError {
  return semanticError(`${path}.model`, `model ${asked} must be the same as in the URL, ${model.name}`)
}

function readEmbedRequest(request: EmbedRequest, model: ModelInfo, path: string): EmbedText {
  const { taskType, title, outputDimensionality } = { ...request, ...request.embedContentConfig }
  const id = model.name.replace('models/', '')
  checkRole(id, { ...(taskType && { taskType }), ...(title !== undefined && { title }) }, path)
  checkDimensions(id, outputDimensionality, path)
  const text = embeddedText(request.content, id, path)
  return {
    model: id,
    text,
    ...(title !== undefined && { title }),
    ...(taskType !== undefined && { taskType }),
    ...(outputDimensionality !== undefined && { outputDimensionality }),
    ...(readablePart(text, model) !== text && { overlong: true as const }),
  }
}

/** gemini-embedding-2 ignores both fields, or so it is reported; a client that sends them is wrong, so we refuse. */
function checkRole(id: string, { taskType, title }: EmbedSettings, path: string): void {
  if (id === 'gemini-embedding-2') {
    if (taskType !== undefined)
      throw semanticError(`${path}.task_type`, `task_type is not supported by models/${id}`)
    if (title !== undefined) throw semanticError(`${path}.title`, `title is not supported by models/${id}`)
  }
  if (title !== undefined && taskType !== 'RETRIEVAL_DOCUMENT') {
    throw semanticError(`${path}.title`, 'title is only applicable when task_type is RETRIEVAL_DOCUMENT')
  }
}

function checkDimensions(id: string, dimensions: number | undefined, path: string): void {
  const [least, most] = dimensionRange(id)
  if (dimensions !== undefined && !(dimensions >= least && dimensions <= most)) {
    throw semanticError(
      `${path}.output_dimensionality`,
      `output_dimensionality must be in [${least}, ${most}]`,
    )
  }
}

/** The least and the most dimensions of a model's vectors; the most is the default. */
export function dimensionRange(id: string): readonly [least: number, most: number] {
  return id.startsWith('gemini-embedding-') ? [128, 3072] : [1, 768]
}

function embeddedText(content: Content | undefined, id: string, path: string): string {
  const parts = content?.parts ?? []
  const readable = parts.filter((part) => part.text !== undefined || id === 'gemini-embedding-2')
  if (readable.length === 0 || readable.some((part) => !part.text && !part.inlineData && !part.fileData)) {
    throw semanticError(`${path}.content`, 'content contains an empty Part.')
  }
  return readable.flatMap((part) => part.text ?? []).join('\n')
}

/** The body of a generation request; throws what the API answers to a bad one. */
export function readGenerate(body: unknown, model: ModelInfo): GenerateContentRequest {
  const request = readMessage(body, generateContentRequest) as Partial<GenerateContentRequest>
  return checkGenerate(request, model)
}

/** The generation request whose tokens a `countTokens` body asks for; throws what the API answers to a bad one. */
export function readCountTokens(body: unknown, model: ModelInfo): GenerateContentRequest {
  const { contents, generateContentRequest: request } = readMessage(body, countTokensRequest) as {
    contents?: Content[]
    generateContentRequest?: Partial<GenerateContentRequest>
  }
  const path = 'CountTokensRequest'
  if (contents && request) {
    throw semanticError(path, 'only one of contents and generate_content_request may be set')
  }
  if (!request) return checkGenerate({ contents: contents ?? [] }, model, path)
  if (!request.model) throw semanticError(`${path}.generate_content_request.model`, 'model is required')
  return checkGenerate(request, model, `${path}.generate_content_request`)
}

function checkGenerate(
  request: Partial<GenerateContentRequest>,
  model: ModelInfo,
  path = 'GenerateContentRequest',
): GenerateContentRequest {
  const { contents = [], systemInstruction, safetySettings = [], generationConfig = {} } = request
  if (request.model !== undefined && request.model !== model.name)
    throw otherModel(path, request.model, model)
  if (contents.length === 0) throw semanticError(`${path}.contents`, 'contents is not specified')
  contents.forEach((content, index) => {
    checkParts(content, `${path}.contents[${index}]`)
  })
  if (systemInstruction) checkParts(systemInstruction, `${path}.system_instruction`)
  checkTurns(contents)
  checkSafety(safetySettings, `${path}.safety_settings`)
  checkSettings(generationConfig, `${path}.generation_config`)
  checkThinking(generationConfig, model)
  if (request.cachedContent) {
    throw new ApiError(403, 'CachedContent not found (or permission denied)')
  }
  return { ...request, contents }
}

const MIME_TYPES = /^(image\/(png|jpeg|webp|heic|heif)|application\/(pdf|json)|(audio|video|text)\/.+)$/

function checkParts({ parts = [] }: Content, path: string): void {
  if (parts.length === 0) throw semanticError(`${path}.parts`, 'contents.parts must not be empty.')
  parts.forEach((part, index) => {
    const place = `${path}.parts[${index}]`
    const initialized = PART_DATA.some((kind) => part[kind] !== undefined && part[kind] !== '')
    if (!initialized && part.thoughtSignature === undefined) {
      throw semanticError(`${place}.data`, "required oneof field 'data' must have one initialized field")
    }
    const { mimeType = '', data } = part.inlineData ?? { mimeType: 'text/plain', data: 'unused' }
    if (!MIME_TYPES.test(mimeType)) throw new ApiError(400, `Unsupported MIME type: ${mimeType}`)
    if (!data) throw semanticError(`${place}.inline_data.data`, 'data must not be empty')
  })
}

/** A lone turn may leave out its role; the last turn must be the user's or a function's. */
function checkTurns(contents: readonly Content[]): void {
  const roles = contents.map(({ role }) => (contents.length === 1 ? role || 'user' : role))
  if (roles.includes('system')) throw new ApiError(400, 'Content with system role is not supported.')
  if (roles.some((role) => !['user', 'model', 'function'].includes(role ?? ''))) {
    throw new ApiError(400, 'Please use a valid role: user, model.')
  }
  if (roles.at(-1) === 'model') {
    throw new ApiError(
      400,
      'Please ensure that multiturn requests end with a user role or a function response.',
    )
  }
}

function checkSafety(settings: NonNullable<GenerateContentRequest['safetySettings']>, path: string): void {
  const seen = new Set<string>()
  settings.forEach(({ category = '', threshold }, index) => {
    if (!HARM_CATEGORIES.some((known) => known === category)) {
      const explanation = `element predicate failed: $.category in (HarmCategory.${HARM_CATEGORIES.join(', HarmCategory.')})`
      throw semanticError(path, explanation)
    }
    if (threshold === undefined) throw semanticError(`${path}[${index}].threshold`, 'threshold is required')
    if (seen.has(category))
      throw semanticError(path, `there is more than one setting for category ${category}`)
    seen.add(category)
  })
}

const RANGES: Readonly<Record<string, readonly [least: number, most: number]>> = {
  candidateCount: [1, 8],
  maxOutputTokens: [1, Number.POSITIVE_INFINITY],
  temperature: [0, 2],
  topP: [0, 1],
  topK: [1, Number.POSITIVE_INFINITY],
  logprobs: [0, 20],
}

const RESPONSE_TYPES = ['text/plain', 'application/json', 'text/x.enum']

function checkSettings(config: GenerationConfig, path: string): void {
  for (const [field, [least, most]] of Object.entries(RANGES)) {
    const value = config[field]
    if (value !== undefined && !(Number(value) >= least && Number(value) <= most)) {
      const name = field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
      throw semanticError(
        `${path}.${name}`,
        `${name} must be in the range [${least}, ${most}], but got ${value}`,
      )
    }
  }
  const {
    stopSequences = [],
    responseMimeType: type = 'text/plain',
    responseSchema,
    responseJsonSchema,
  } = config
  if (stopSequences.length > 5)
    throw semanticError(`${path}.stop_sequences`, 'at most 5 stop sequences are allowed')
  if (stopSequences.includes(''))
    throw semanticError(`${path}.stop_sequences`, 'a stop sequence must not be empty')
  if (!RESPONSE_TYPES.includes(type)) {
    const allowed = RESPONSE_TYPES.map((known) => `\`${known}\``).join(', ')
    throw semanticError(`${path}.response_mime_type`, `allowed mimetypes are ${allowed}`)
  }
  if ((responseSchema || responseJsonSchema) && type === 'text/plain') {
    throw new ApiError(400, 'A response schema is only supported with response_mime_type `application/json`.')
  }
}

function checkThinking({ thinkingConfig }: GenerationConfig, model: ModelInfo): void {
  const { thinkingLevel, thinkingBudget } = thinkingConfig ?? {}
  if (thinkingLevel !== undefined && thinkingBudget !== undefined) {
    throw new ApiError(400, 'You can only set one of thinking budget and thinking level.')
  }
  if (thinkingLevel === 'MINIMAL' && /gemini-3\.[78]-flash$/.test(model.name)) {
    throw new ApiError(
      400,
      'Thinking level MINIMAL is not supported for this model. Please retry with other thinking level.',
    )
  }
}
