import { GemdexError } from '../../errors.js'
import { type Context, noteIfLexical } from '../context.js'
import { DONE, NOTHING } from '../exit-code.js'
import { formatHit } from '../format-hit.js'
import type { ExitCode } from '../io.js'
import { suggestingPaths } from '../nearest-paths.js'
import { oneLine } from '../style.js'
import { locate } from './documents.js'
import { parseFilterFlag } from './search.js'

export type SimilarFlags = {
  readonly limit?: number
  readonly collection?: string
  readonly filter?: string
  readonly collapse?: boolean
  readonly text?: readonly string[]
  readonly json?: boolean
}

/** `similar <path or id>` */
export async function similar(
  context: Context,
  reference: string | undefined,
  flags: SimilarFlags,
): Promise<ExitCode> {
  if (reference === undefined)
    throw new GemdexError('BAD_INPUT', 'similar needs a document', {
      hint: 'Name one by its path or id, or give two texts: --text A --text B.',
    })
  const { json, filter, ...options } = flags
  const request = { ...options, ...(filter === undefined ? {} : { filter: parseFilterFlag(filter) }) }
  return context.withIndex(async (engine) => {
    const result = await locate(context, reference, (each) => engine.similar(each, request)).catch(
      suggestingPaths(engine, reference),
    )
    if (json) context.json(result)
    else {
      context.note(context.errStyle.dim(`Nearest to ${oneLine(result.title)}:`))
      for (const [i, hit] of result.hits.entries())
        context.io.out.write(`${formatHit(hit, i + 1, context.style)}\n`)
    }
    return result.hits.length === 0 ? NOTHING : DONE
  })
}

/** `similar --text A --text B` */
export async function compareTexts(
  context: Context,
  reference: string | undefined,
  { text = [], json }: SimilarFlags,
): Promise<ExitCode> {
  if (reference !== undefined || text.length !== 2)
    throw new GemdexError('BAD_INPUT', `similar compares two texts, not ${text.length}`, {
      hint: 'Give two, and no document: --text A --text B.',
      field: 'text',
    })
  return context.withEngine({ ifMissing: 'memory' }, async (engine) => {
    const report = await engine.similarity({ texts: text, signal: context.io.signal })
    if (json) context.json(report)
    else context.io.out.write(`${report.similarity.toFixed(4)}\n`)
    noteIfLexical(context, (await engine.status()).provider)
    return DONE
  })
}
