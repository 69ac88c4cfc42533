import type { Context } from '../context.js'
import { DONE, NOTHING } from '../exit-code.js'
import { formatHit } from '../format-hit.js'
import type { ExitCode } from '../io.js'
import { oneLine } from '../style.js'
import { locate } from './documents.js'
import { parseFilterFlag } from './search.js'

export type SimilarFlags = {
  readonly limit?: number
  readonly collection?: string
  readonly filter?: string
  readonly collapse?: boolean
  readonly json?: boolean
}

/** `similar <path or id>` */
export async function similar(context: Context, reference: string, flags: SimilarFlags): Promise<ExitCode> {
  const { json, filter, ...options } = flags
  const request = { ...options, ...(filter === undefined ? {} : { filter: parseFilterFlag(filter) }) }
  return context.withIndex(async (engine) => {
    const result = await locate(context, reference, (each) => engine.similar(each, request))
    if (json) context.json(result)
    else {
      context.note(context.errStyle.dim(`Nearest to ${oneLine(result.title)}:`))
      for (const [i, hit] of result.hits.entries())
        context.io.out.write(`${formatHit(hit, i + 1, context.style)}\n`)
    }
    return result.hits.length === 0 ? NOTHING : DONE
  })
}
