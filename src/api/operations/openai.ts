import { examples } from '../examples.js'
import { type Operation, operation } from '../operation.js'
import { chatAnswer, chatRequest, embeddingsAnswer, embeddingsRequest } from '../schemas/openai.js'
import { EVENTS, MODEL_FAULTS } from './parts.js'

/** The protocol of OpenAI. */
export const openAiOperations = {
  embed: operation({
    id: 'embed',
    method: 'POST',
    path: '/v1/embeddings',
    tag: 'OpenAI protocol',
    summary: 'Embed texts by the embedder of the index',
    description:
      '`role` says what the vectors are for (default `document`), `title` names the document of each text.',
    access: 'read',
    body: embeddingsRequest,
    answer: embeddingsAnswer,
    errors: ['NOT_FOUND', 'INDEX_MISMATCH', ...MODEL_FAULTS],
    requestExamples: { query: { summary: 'A query', value: examples.embed } },
    answerExample: examples.embedAnswer,
    isOpenAi: true,
  }),
  complete: operation({
    id: 'complete',
    method: 'POST',
    path: '/v1/chat/completions',
    tag: 'OpenAI protocol',
    summary: 'Answer the last message from the documents',
    description:
      'Passages are found for the last user message and answered from; the citations are annotations of the message. With `stream` as chunks of the protocol. System messages are read by nobody: answers follow the rules of gemdex.',
    access: 'read',
    body: chatRequest,
    answer: chatAnswer,
    otherAnswers: { [EVENTS]: 'Chunks of the protocol, ending with `[DONE]`' },
    errors: ['NOT_FOUND', ...MODEL_FAULTS],
    requestExamples: { question: { summary: 'A question', value: examples.chat } },
    answerExample: examples.chatAnswer,
    isOpenAi: true,
  }),
} as const satisfies Record<string, Operation>
