import type { z } from 'zod'
import type { DeepReadonly } from './operation.js'
import {
  askInput,
  askOutput,
  collectionsOutput,
  fetchInput,
  fetchOutput,
  noInput,
  searchInput,
  searchOutput,
  similarInput,
  similarOutput,
  statusOutput,
} from './schemas/mcp.js'

/** One thing that a model can do with the index, as it is told to the model. None of them changes anything. */
export type ToolFacts = {
  readonly name: string
  readonly title: string
  readonly description: string
  readonly input: z.ZodType
  readonly output: z.ZodType
  /** Whether it gives the same for the same input while the documents stay the same. */
  readonly isIdempotent: boolean
}

export type ToolInput<Facts extends ToolFacts> = z.output<Facts['input']>
export type ToolOutput<Facts extends ToolFacts> = DeepReadonly<z.output<Facts['output']>>

/** The tools of the MCP server, in the order they are listed. */
export const tools = {
  search: {
    name: 'search',
    title: 'Search documents',
    description:
      'Find passages in the indexed documents by meaning and by words. Gives the best passage of each document, best first, with its place and a snippet. Read more of one with "fetch".',
    input: searchInput,
    output: searchOutput,
    isIdempotent: true,
  },
  fetch: {
    name: 'fetch',
    title: 'Read a document',
    description:
      'Read the text of a document, by the id of a search result or document, or by its path. With the id of a result it begins at the passage that was found. Long texts come in parts: go on at "nextOffset".',
    input: fetchInput,
    output: fetchOutput,
    isIdempotent: true,
  },
  ask: {
    name: 'ask',
    title: 'Ask the documents',
    description:
      'Answer a question from the indexed documents. The answer carries citations that were checked against the documents; when they do not hold the answer it is refused, and the nearest passages are listed.',
    input: askInput,
    output: askOutput,
    isIdempotent: false,
  },
  similar: {
    name: 'similar',
    title: 'Find similar documents',
    description:
      'Find the documents nearest in meaning to a document, or to the passage of a search result, by what is stored: nothing is sent to a model.',
    input: similarInput,
    output: similarOutput,
    isIdempotent: true,
  },
  listCollections: {
    name: 'list_collections',
    title: 'List collections',
    description: 'The collections that documents are kept in, with the number of documents of each.',
    input: noInput,
    output: collectionsOutput,
    isIdempotent: true,
  },
  status: {
    name: 'status',
    title: 'State of the index',
    description:
      'How many documents and passages are indexed, by which models, and whether search is degraded.',
    input: noInput,
    output: statusOutput,
    isIdempotent: true,
  },
} as const satisfies Record<string, ToolFacts>
