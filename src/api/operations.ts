import type { Operation } from './operation.js'
import { answerOperations } from './operations/answers.js'
import { conversationOperations } from './operations/conversations.js'
import { corpusOperations } from './operations/corpus.js'
import { documentOperations } from './operations/documents.js'
import { jobOperations } from './operations/jobs.js'
import { mcpOperations } from './operations/mcp.js'
import { openAiOperations } from './operations/openai.js'
import { searchOperations } from './operations/search.js'
import { serviceOperations } from './operations/service.js'
import { stateOperations } from './operations/state.js'

/** Everything that can be asked over HTTP, in the order of the description. */
export const operations = {
  ...searchOperations,
  ...answerOperations,
  ...conversationOperations,
  ...documentOperations,
  ...corpusOperations,
  ...jobOperations,
  ...stateOperations,
  ...openAiOperations,
  ...mcpOperations,
  ...serviceOperations,
} as const satisfies Record<string, Operation>

export type OperationName = keyof typeof operations
