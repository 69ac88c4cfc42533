import { GemdexError } from '../../errors.js'
import type { SearchMode } from '../../types.js'
import { type Context, noteIfLexical } from '../context.js'
import { DONE, NOTHING } from '../exit-code.js'
import { formatFacets, formatQueryExplanation } from '../format-explanation.js'
import { formatHit } from '../format-hit.js'
import type { ExitCode } from '../io.js'
import { count, formatDuration, oneLine } from '../style.js'

export type SearchFlags = {
  readonly limit?: number
  readonly mode?: SearchMode
  readonly exact?: boolean
  readonly collection?: string
  readonly filter?: string
  readonly since?: string
  readonly before?: string
  readonly facets?: string
  readonly minScore?: number
  readonly task?: 'query' | 'question' | 'fact' | 'code'
  readonly collapse?: boolean
  readonly diversity?: number
  readonly halfLife?: number
  readonly dates?: boolean
  readonly rerank?: boolean
  readonly expand?: boolean
  readonly hyde?: boolean
  readonly explain?: boolean
  readonly full?: boolean
  readonly json?: boolean
}

/** `search <query>` */
export async function search(context: Context, query: string, flags: SearchFlags): Promise<ExitCode> {
  const { io, style, errStyle } = context
  const { json, filter, since, before, facets, halfLife, ...options } = flags
  const restricted = restrictionOf(filter, since, before)
  if (query.trim() === '')
    throw new GemdexError('BAD_INPUT', 'The query is empty', {
      hint: 'Say what to look for: `gemdex search "how do we back up"`. `gemdex list` shows all documents.',
      field: 'query',
    })
  return context.withIndex(async (engine) => {
    const result = await engine.search({
      query,
      ...options,
      ...(restricted === undefined ? {} : { filter: restricted }),
      ...(facets === undefined ? {} : { facets: facets.split(',').map((name) => name.trim()) }),
      ...(halfLife === undefined ? {} : { halfLifeDays: halfLife }),
      signal: io.signal,
    })
    if (result.degraded !== undefined) context.note(errStyle.warn(result.degraded))
    for (const note of result.notes ?? []) context.note(errStyle.warn(note))
    for (const { from, to } of result.corrections ?? [])
      context.note(`Nothing has "${oneLine(from)}": searched for "${oneLine(to)}" instead.`)
    if (json) context.json(result)
    else {
      for (const [i, hit] of result.hits.entries()) io.out.write(`${formatHit(hit, i + 1, style)}\n`)
      if (result.facets !== undefined) io.out.write(formatFacets(result.facets, style))
      if (result.explain !== undefined) io.out.write(formatQueryExplanation(result.explain, style))
    }
    if (result.hits.length === 0)
      context.note('Nothing found. Try other words, or `gemdex list` to see what is indexed.')
    else if (!json)
      context.note(
        errStyle.dim(
          `${count(result.hits.length, 'hit')} in ${formatDuration(result.tookMs)}, ${result.mode} search`,
        ),
      )
    if (result.mode !== 'keyword') noteIfLexical(context, (await engine.modelsInUse()).embedder?.provider)
    return result.hits.length === 0 ? NOTHING : DONE
  })
}

/** The filter of the flags, all of them together. */
function restrictionOf(
  filter: string | undefined,
  since: string | undefined,
  before: string | undefined,
): unknown {
  const parts: unknown[] = []
  if (filter !== undefined) parts.push(parseFilterFlag(filter))
  if (since !== undefined) parts.push({ time: { $gte: since } })
  if (before !== undefined) parts.push({ time: { $lt: before } })
  return parts.length < 2 ? parts[0] : { $and: parts }
}

/** Throws BAD_INPUT for what is no JSON. */
export function parseFilterFlag(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new GemdexError('BAD_INPUT', `--filter must be JSON, not ${text.slice(0, 80)}`, {
      hint: `Put it in single quotes: --filter '{"author": "Ada"}'.`,
      field: 'filter',
      cause: error,
    })
  }
}
