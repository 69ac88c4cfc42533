import type { SearchMode } from '../../types.js'
import { type Context, noteIfLexical } from '../context.js'
import { DONE, NOTHING } from '../exit-code.js'
import { formatHit } from '../format-hit.js'
import type { ExitCode } from '../io.js'
import { count, formatDuration } from '../style.js'

export type SearchFlags = {
  readonly limit?: number
  readonly mode?: SearchMode
  readonly collection?: string
  readonly minScore?: number
  readonly task?: 'query' | 'question' | 'fact' | 'code'
  readonly explain?: boolean
  readonly full?: boolean
  readonly json?: boolean
}

/** `search <query>` */
export async function search(context: Context, query: string, flags: SearchFlags): Promise<ExitCode> {
  const { io, style } = context
  const { json, ...options } = flags
  return context.withEngine({ ifMissing: 'fail' }, async (engine) => {
    const result = await engine.search({ query, ...options, signal: io.signal })
    if (result.degraded !== undefined) context.note(context.errStyle.warn(result.degraded))
    if (json) context.json(result)
    else for (const [i, hit] of result.hits.entries()) io.out.write(`${formatHit(hit, i + 1, style)}\n`)
    if (result.hits.length === 0)
      context.note('Nothing found. Try other words, or `gemdex list` to see what is indexed.')
    else if (!json)
      context.note(
        context.errStyle.dim(
          `${count(result.hits.length, 'hit')} in ${formatDuration(result.tookMs)}, ${result.mode} search`,
        ),
      )
    if (result.mode !== 'keyword') noteIfLexical(context, (await engine.status()).embedder?.provider)
    return result.hits.length === 0 ? NOTHING : DONE
  })
}
