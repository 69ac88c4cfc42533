import type { Context } from '../context.js'
import { DONE } from '../exit-code.js'
import type { ExitCode } from '../io.js'
import { formatBytes } from '../style.js'

/** `compact` */
export async function compact(context: Context, flags: { json?: boolean }): Promise<ExitCode> {
  return context.withEngine({ ifMissing: 'fail' }, async (engine) => {
    const { db, sizeBytes } = await engine.status()
    context.note(
      `Compacting ${db}. It needs up to ${formatBytes(sizeBytes)} free beside the index, and as much among temporary files.`,
    )
    const change = await engine.compact()
    if (flags.json) context.json(change)
    else {
      const [before, after] = [formatBytes(change.bytesBefore), formatBytes(change.bytesAfter)]
      context.io.out.write(`${db}: ${before} before, ${after} now\n`)
    }
    return DONE
  })
}
