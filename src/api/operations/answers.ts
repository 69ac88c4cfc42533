import { examples } from '../examples.js'
import { type Operation, operation } from '../operation.js'
import { answer, askRequest, MAX_ASK_BODY_BYTES } from '../schemas/ask.js'
import { EVENTS, MODEL_FAULTS, WRITING_FAULTS } from './parts.js'

/** Questions that are answered. */
export const answerOperations = {
  ask: operation({
    id: 'ask',
    method: 'POST',
    path: '/v1/ask',
    tag: 'Answers',
    summary: 'Answer a question from the documents, with citations that were checked',
    description:
      'With `Accept: text/event-stream` as events: `sources`, `delta`, `citation`, then `done` or `error`. A `delta` is provisional: `done` carries the final text and status.',
    access: 'read',
    body: askRequest,
    maxBodyBytes: MAX_ASK_BODY_BYTES,
    answer,
    otherAnswers: { [EVENTS]: 'The same as it is made' },
    errors: ['NOT_FOUND', 'NO_INDEX', 'SESSION_BUSY', ...WRITING_FAULTS, ...MODEL_FAULTS],
    requestExamples: {
      plain: { summary: 'A question', value: examples.ask },
      settings: { summary: 'With settings of the model', value: examples.askWithSettings },
    },
    answerExample: examples.answer,
  }),
} as const satisfies Record<string, Operation>
