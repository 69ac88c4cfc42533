import type { AnswerEvent } from '../engine.js'
import { GemdexError } from '../errors.js'
import type { Answer } from '../types.js'
import type { Call } from './call.js'
import { type ChatFrame, completionOf, contentOf } from './chat-completion.js'
import { type SentEvent, streamEvents } from './stream-events.js'

export type StreamCompletionOptions = {
  readonly frame: ChatFrame
  readonly urlOf: (documentId: string) => string
  /** Whether the tokens come in a chunk of their own. */
  readonly includeUsage: boolean
  readonly onError: (thrown: unknown) => void
}

/**
 * Sends an answer as chunks of the OpenAI protocol. What was written is taken back by none of its words: where the checked answer
 * differs from what was sent, it follows in a paragraph of its own.
 */
export async function streamCompletion(
  events: AsyncIterable<AnswerEvent>,
  call: Call,
  options: StreamCompletionOptions,
): Promise<void> {
  return streamEvents(chunksOf(events, options), call, options.onError)
}

async function* chunksOf(
  events: AsyncIterable<AnswerEvent>,
  { frame, urlOf, includeUsage }: StreamCompletionOptions,
): AsyncGenerator<SentEvent> {
  const chunk = (delta: object, more: object = {}): SentEvent => ({
    data: {
      ...frame,
      object: 'chat.completion.chunk',
      choices: [{ index: 0, delta, logprobs: null, finish_reason: null, ...more }],
    },
    isLast: false,
  })
  let sent = ''
  for await (const event of events) {
    if (event.type === 'sources') yield chunk({ role: 'assistant', content: '' })
    if (event.type === 'delta') {
      sent += event.text
      yield chunk({ content: event.text })
    }
    if (event.type !== 'done') continue
    const rest = remainderOf(event.answer, sent)
    if (rest !== '') yield chunk({ content: rest })
    const { choices, usage, gemdex } = completionOf(event.answer, frame, urlOf)
    const [choice] = choices
    const last = chunk(
      { annotations: choice?.message.annotations ?? [] },
      { finish_reason: choice?.finish_reason },
    )
    yield { ...last, data: { ...(last.data as object), gemdex } }
    if (includeUsage && usage !== undefined)
      yield { data: { ...frame, object: 'chat.completion.chunk', choices: [], usage }, isLast: false }
    yield { data: '[DONE]', isLast: true }
    return
  }
  throw new GemdexError('INCOMPLETE', 'The answer ended without a result', { retryable: true })
}

/** What is to follow what was sent, so that whoever reads all of it has the checked answer last. */
function remainderOf(answer: Answer, sent: string): string {
  const final = contentOf(answer)
  if (final === sent.trim()) return ''
  if (final.startsWith(sent)) return final.slice(sent.length)
  return final === '' ? '' : `\n\n${final}`
}
