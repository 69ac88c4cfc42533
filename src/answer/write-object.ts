import { GemdexError } from '../errors.js'
import type { InlineData, Usage } from '../types.js'
import type { Generator, SafetySetting } from './generator.js'

export type ObjectRequest = {
  readonly system: string
  readonly text: string
  readonly images?: readonly InlineData[]
  /** JSON schema of the object. */
  readonly schema: object
  readonly safety: readonly SafetySetting[]
}

export type WrittenObject = {
  readonly object: Readonly<Record<string, unknown>>
  readonly usage?: Usage
}

/**
 * Has a generator write a JSON object in one call. Throws KEY_MISSING when it only quotes, REQUEST_REFUSED when it would not
 * (`safety` filters, recitation), BAD_RESPONSE for an answer that was cut short or is no object, and what the generator throws.
 */
export async function writeObject(
  writer: Generator,
  { system, text, images, schema, safety }: ObjectRequest,
  signal?: AbortSignal,
): Promise<WrittenObject> {
  if (writer.extractive)
    throw new GemdexError('KEY_MISSING', 'This needs a model that writes', { hint: 'Set GOOGLE_API_KEY.' })
  const request = {
    system,
    messages: [{ role: 'user', text, ...(images === undefined ? {} : { images }) }],
    grounding: { question: '', passages: [], termWeights: new Map() },
    settings: {},
    safety,
    responseSchema: schema,
  } as const
  let written = ''
  let usage: Usage | undefined
  for await (const part of writer.generate(request, signal === undefined ? {} : { signal })) {
    if (part.type === 'text') written += part.candidate === 0 ? part.text : ''
    else if (part.kind === 'blocked')
      throw new GemdexError('REQUEST_REFUSED', `The model would not write it: ${part.reason}`)
    else if (part.kind !== 'stop')
      throw new GemdexError('BAD_RESPONSE', `The model ended with ${part.reason}`)
    else usage = part.usage
  }
  return { object: parseObject(written), ...(usage === undefined ? {} : { usage }) }
}

/** The texts among the items of a list; none of what is no list. */
export function textsOf(value: unknown): string[] {
  const items: readonly unknown[] = Array.isArray(value) ? value : []
  return items.filter((item): item is string => typeof item === 'string')
}

/** Some models wrap JSON in a code fence, whatever they were asked. */
function parseObject(text: string): Record<string, unknown> {
  const json = text.trim().replace(/^```(?:json)?\s*|\s*```$/g, '')
  try {
    const value: unknown = JSON.parse(json)
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value }
  } catch (error) {
    throw new GemdexError('BAD_RESPONSE', 'The model did not answer in JSON', { cause: error })
  }
  throw new GemdexError('BAD_RESPONSE', 'The model did not answer with a JSON object')
}
