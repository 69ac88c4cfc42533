import type { EmbedInput } from '../embed/embedder.js'
import type { EmbedRole } from '../types.js'
import type { RoleConvention } from './models.js'

/** One entry of a batch, as gemini-api's EmbedContentRequest has it; the SDK adds the model. */
export type EmbedEntry = {
  readonly content: { readonly role: 'user'; readonly parts: readonly { readonly text: string }[] }
  readonly taskType?: string
  readonly title?: string
  readonly outputDimensionality?: number
}

const TASK_TYPES: Readonly<Record<EmbedRole, string>> = {
  document: 'RETRIEVAL_DOCUMENT',
  query: 'RETRIEVAL_QUERY',
  question: 'QUESTION_ANSWERING',
  fact: 'FACT_VERIFICATION',
  code: 'CODE_RETRIEVAL_QUERY',
  similarity: 'SEMANTIC_SIMILARITY',
  classification: 'CLASSIFICATION',
  clustering: 'CLUSTERING',
}

/** The task's name in the prefix that Google's guide for gemini-embedding-2 gives. */
const PREFIX_TASKS: Readonly<Record<Exclude<EmbedRole, 'document'>, string>> = {
  query: 'search result',
  question: 'question answering',
  fact: 'fact checking',
  code: 'code retrieval',
  similarity: 'sentence similarity',
  classification: 'classification',
  clustering: 'clustering',
}

/**
 * Says one text in its role, in the words of the model's generation: as `taskType` and `title`, or as a prefix of the
 * text. A title counts for documents only, and only when it says something. One entry gives one vector: several texts
 * are several entries, never several parts.
 */
export function wordRole(input: EmbedInput, role: EmbedRole, convention: RoleConvention): EmbedEntry {
  const text = wellFormed(input.text)
  const title =
    role === 'document'
      ? wellFormed(input.title ?? '')
          .replace(/\s+/g, ' ')
          .trim()
      : ''
  if (convention === 'text-prefix/1') return { content: contentOf(withPrefix(text, title, role)) }
  return { content: contentOf(text), taskType: TASK_TYPES[role], ...(title !== '' && { title }) }
}

function withPrefix(text: string, title: string, role: EmbedRole): string {
  if (role === 'document') return `title: ${title === '' ? 'none' : title} | text: ${text}`
  return `task: ${PREFIX_TASKS[role]} | query: ${text}`
}

function contentOf(text: string): EmbedEntry['content'] {
  return { role: 'user', parts: [{ text }] }
}

/** Replaces lone surrogates (half characters), which a JSON parser may refuse together with the whole batch. */
export function wellFormed(text: string): string {
  return text.replace(/\p{Surrogate}/gu, '\ufffd')
}
