import type { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js'
import { promptInput } from '../api/schemas/mcp.js'

/** How a model is to answer from the documents itself. */
export function addPrompt(server: McpServer): void {
  server.registerPrompt(
    'answer_from_documents',
    {
      title: 'Answer from the documents',
      description: 'Research a question in the indexed documents and answer with citations',
      argsSchema: promptInput,
    },
    ({ question, collection }) => {
      const where = collection === undefined ? '' : ` Search in the collection "${collection}" only.`
      const text = `Answer this question from the indexed documents: ${question}

Find passages with the tool "search", with several wordings when the first finds little; read on with "fetch" where a passage
is not enough.${where} State nothing that the documents do not say. After each statement name the document and the place it
comes from. When the documents do not hold the answer, say so.`
      return { messages: [{ role: 'user', content: { type: 'text', text } }] }
    },
  )
}
