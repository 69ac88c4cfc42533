import type { BodyOf, GivenAnswerOf, RequestOf } from '../api/operation.js'
import type { operations } from '../api/operations.js'
import type { AskOptions } from '../engine.js'
import { GemdexError } from '../errors.js'
import type { Answer } from '../types.js'

type ChatRequest = RequestOf<typeof operations.complete>['body']
type Message = BodyOf<typeof operations.complete>['messages'][number]
export type ChatAnswer = GivenAnswerOf<typeof operations.complete>
type Choice = ChatAnswer['choices'][number]

const MAX_QUESTION_CHARS = 8_000
/** Said where the protocol has no word for it. */
const REFUSED = 'The documents do not answer this.'

/** What identifies one completion in all its parts. */
export type ChatFrame = { readonly id: string; readonly created: number; readonly model: string }

/** The last message, which must be the user's. Throws BAD_INPUT. */
export function questionOf(messages: readonly Message[]): string {
  const last = messages.at(-1)
  const question = last?.role === 'user' ? textOf(last).trim() : ''
  if (question === '' || question.length > MAX_QUESTION_CHARS) {
    throw new GemdexError(
      'BAD_INPUT',
      `messages must end with a user's message of 1 to ${MAX_QUESTION_CHARS} characters`,
      { field: 'messages' },
    )
  }
  return question
}

function textOf({ content }: Message): string {
  if (content === null) return ''
  return typeof content === 'string' ? content : content.map(({ text }) => text).join('\n')
}

/** How the answer is to be made, as `ask` takes it. */
export function optionsOf(body: ChatRequest): AskOptions {
  const { collection, temperature, top_p: topP, stop } = body
  const maxOutputTokens = body.max_completion_tokens ?? body.max_tokens
  const stopSequences = typeof stop === 'string' ? [stop] : stop
  const settings = {
    ...(maxOutputTokens == null ? {} : { maxOutputTokens }),
    ...(temperature == null ? {} : { temperature }),
    ...(topP == null ? {} : { topP }),
    ...(stopSequences == null ? {} : { stopSequences }),
  }
  return { settings, ...(collection === undefined ? {} : { collection }) }
}

/** A whole answer. `urlOf` gives where a document is read. */
export function completionOf(
  answer: Answer,
  frame: ChatFrame,
  urlOf: (documentId: string) => string,
): ChatAnswer {
  const { promptTokens = 0, totalTokens = 0 } = answer.usage ?? {}
  return {
    ...frame,
    object: 'chat.completion',
    choices: [
      {
        index: 0,
        finish_reason: finishReasonOf(answer),
        logprobs: null,
        message: {
          role: 'assistant',
          content: contentOf(answer),
          refusal: null,
          annotations: annotationsOf(answer, urlOf),
        },
      },
    ],
    ...(answer.usage === undefined
      ? {}
      : {
          usage: {
            prompt_tokens: promptTokens,
            completion_tokens: totalTokens - promptTokens,
            total_tokens: totalTokens,
          },
        }),
    gemdex: {
      status: answer.status,
      ...(answer.reason === undefined ? {} : { reason: answer.reason }),
      citations: answer.citations,
      sources: answer.sources,
    },
  }
}

export function contentOf({ status, answer, reason = '' }: Answer): string {
  return status === 'refused' ? `${REFUSED} ${reason}`.trim() : answer
}

function finishReasonOf({ status }: Answer): Choice['finish_reason'] {
  if (status === 'truncated') return 'length'
  return status === 'blocked' ? 'content_filter' : 'stop'
}

/** Each place where the text cites something. Offsets count UTF-16 units, the end excluded. */
function annotationsOf(
  { answer, citations, status }: Answer,
  urlOf: (documentId: string) => string,
): Choice['message']['annotations'] {
  if (status === 'refused') return []
  return [...answer.matchAll(/\[(\d+)\]/g)].flatMap((match) => {
    const citation = citations.find(({ marker }) => marker === Number(match[1]))
    if (citation === undefined) return []
    return [
      {
        type: 'url_citation' as const,
        url_citation: {
          start_index: match.index,
          end_index: match.index + match[0].length,
          title: citation.title,
          url: urlOf(citation.documentId),
        },
      },
    ]
  })
}
