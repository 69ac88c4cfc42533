import type { Context } from '../context.js'
import { DONE, NOTHING } from '../exit-code.js'
import type { ExitCode } from '../io.js'
import { formatNumber, formatTable, oneLine } from '../style.js'

/** `models` */
export async function models(
  context: Context,
  flags: { method?: string; json?: boolean },
): Promise<ExitCode> {
  return context.withEngine({ ifMissing: 'memory' }, async (engine) => {
    const all = await engine.models({ signal: context.io.signal })
    const chosen = all.filter(({ methods }) => flags.method === undefined || methods.includes(flags.method))
    if (flags.json) context.json(chosen)
    else if (chosen.length > 0) {
      const rows = chosen.map(({ id, inputTokenLimit, outputTokenLimit, methods }) => [
        oneLine(id),
        inputTokenLimit === undefined ? '?' : formatNumber(inputTokenLimit),
        outputTokenLimit === undefined ? '?' : formatNumber(outputTokenLimit),
        methods.map(oneLine).join(', '),
      ])
      context.io.out.write(formatTable([['MODEL', 'TOKENS IN', 'TOKENS OUT', 'METHODS'], ...rows]))
    }
    if (chosen.length > 0) return DONE
    const methods = [...new Set(all.flatMap((model) => model.methods))].sort()
    context.note(`No model offers ${flags.method ?? 'anything'}. Methods: ${methods.join(', ') || 'none'}.`)
    return NOTHING
  })
}
