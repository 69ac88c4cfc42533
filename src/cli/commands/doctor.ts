import type { Context } from '../context.js'
import { DONE, FAILED } from '../exit-code.js'
import type { ExitCode } from '../io.js'
import { oneLine } from '../style.js'

/** `doctor`: checks with advice. */
export async function doctor(context: Context, flags: { json?: boolean }): Promise<ExitCode> {
  const checks = await context.installation.diagnose(context.config, { signal: context.io.signal })
  if (flags.json) context.json(checks)
  else {
    const { style } = context
    const marks = { ok: style.good('ok  '), warning: style.warn('note'), failed: style.warn('FAIL') }
    for (const { name, state, message, advice } of checks) {
      context.io.out.write(`${marks[state]}  ${name}: ${oneLine(message)}\n`)
      if (advice !== undefined) context.io.out.write(`      ${oneLine(advice)}\n`)
    }
  }
  return checks.some(({ state }) => state === 'failed') ? FAILED : DONE
}
