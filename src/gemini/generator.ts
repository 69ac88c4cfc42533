import type { Content, GenerateContentRequest } from '@google/generative-ai'
import type { GeneratePart, GenerateRequest, GenerationSettings, Generator } from '../answer/generator.js'
import { GemdexError, throwIfAborted } from '../errors.js'
import type { InlineData } from '../types.js'
import type { GeminiClient } from './client.js'
import { checkModelId, generationInputTokens } from './models.js'
import { throwNamingModels } from './name-models.js'
import { AnswerReader } from './read-answer.js'
import { wellFormed } from './role-wording.js'

export type GeminiGeneratorOptions = {
  readonly client: GeminiClient
  readonly modelId: string
  /** Until the first words of a streamed answer, or until the whole of one with several candidates. Default 30 s, 120 s. */
  readonly deadlineMs?: number
  /** Between two chunks of a streamed answer. Default 20 s. */
  readonly idleMs?: number
}

const FIRST_CHUNK_DEADLINE_MS = 30_000
const WHOLE_ANSWER_DEADLINE_MS = 120_000
const IDLE_MS = 20_000
/** Of every model in use (Google's model pages, November 2026); smaller ones refuse more, and say so. */
const MAX_OUTPUT_TOKENS = 65_536

/**
 * Writes answers with one of Google's text models, streamed. Throws BAD_CONFIG for a name that cannot be sent.
 *
 * Several candidates come unstreamed, each in one piece: nobody can watch them grow at once. The `finish` part tells of
 * the first one. INCOMPLETE is marked retryable, which is true as long as nothing of the answer has been shown.
 */
export function createGeminiGenerator(options: GeminiGeneratorOptions): Generator {
  const { client } = options
  const modelId = checkModelId(options.modelId)

  return {
    modelId,
    maxInputTokens: generationInputTokens(modelId),
    maxOutputTokens: MAX_OUTPUT_TOKENS,
    extractive: false,
    seesImages: true,
    async *generate(request, { signal }) {
      const body = toRequest(request)
      const whole = (request.settings.candidates ?? 1) > 1
      const method = whole ? 'generateContent' : 'streamGenerateContent'
      const answer = new AnswerReader(`${method} with ${modelId}`)
      const explain = (error: unknown) => throwNamingModels(error, client, 'generateContent')
      if (whole) {
        const deadlineMs = options.deadlineMs ?? WHOLE_ANSWER_DEADLINE_MS
        yield* answer.read(await client.generateContent(modelId, body, { signal, deadlineMs }).catch(explain))
      } else {
        const { deadlineMs = FIRST_CHUNK_DEADLINE_MS, idleMs = IDLE_MS } = options
        const chunks = client.streamGenerateContent(modelId, body, { signal, deadlineMs, idleMs })
        yield* readChunks(chunks, answer, explain)
      }
      throwIfAborted(signal)
      yield answer.finish()
    },
  }
}

/** Yields the texts of a stream; what goes wrong after the answer's end is no longer of interest. */
async function* readChunks(
  chunks: AsyncIterable<unknown>,
  answer: AnswerReader,
  explain: (error: unknown) => Promise<never>,
): AsyncGenerator<GeneratePart> {
  try {
    for await (const chunk of chunks) yield* answer.read(chunk)
  } catch (error) {
    const cancelled = error instanceof GemdexError && error.code === 'CANCELLED'
    if (cancelled) throw error
    if (!answer.finished) await explain(error)
  }
}

/** Only what is set is sent: newer models refuse settings such as the temperature. */
function toRequest({
  system,
  messages,
  settings,
  safety,
  responseSchema,
}: GenerateRequest): GenerateContentRequest {
  const request = {
    contents: messages.map(({ role, text, images }) => contentOf(role, text, images)),
    ...(system !== '' && { systemInstruction: contentOf('system', system) }),
    safetySettings: safety.map(({ category, threshold }) => ({ category, threshold })),
    generationConfig: {
      ...toGenerationConfig(settings),
      ...(responseSchema !== undefined && { responseMimeType: 'application/json', responseSchema }),
    },
  }
  // The SDK's types close the sets of categories and thresholds, which are open ones.
  return request as GenerateContentRequest
}

function contentOf(role: string, text: string, images: readonly InlineData[] = []): Content {
  return { role, parts: [...images.map((inlineData) => ({ inlineData })), { text: wellFormed(text) }] }
}

function toGenerationConfig(settings: GenerationSettings): object {
  const { maxOutputTokens, stopSequences, candidates, temperature, topP, topK } = settings
  return {
    ...(maxOutputTokens !== undefined && { maxOutputTokens }),
    ...(stopSequences !== undefined && stopSequences.length > 0 && { stopSequences: [...stopSequences] }),
    ...(candidates !== undefined && { candidateCount: candidates }),
    ...(temperature !== undefined && { temperature }),
    ...(topP !== undefined && { topP }),
    ...(topK !== undefined && { topK }),
  }
}
