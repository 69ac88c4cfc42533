import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { confirm } from '../confirm.js'
import type { Context } from '../context.js'
import { DONE, NOTHING } from '../exit-code.js'
import type { ExitCode } from '../io.js'
import { count, formatBytes, oneLine } from '../style.js'

/** `backup <file>` */
export async function backup(
  context: Context,
  file: string,
  { force = false, json = false }: { force?: boolean; json?: boolean },
): Promise<ExitCode> {
  const { config, installation, io } = context
  const report = await installation.upkeep.backup(config, resolve(io.cwd, file), {
    replace: force,
    signal: io.signal,
    ...progressOf(context, 'copied'),
  })
  if (json) context.json(report)
  else io.out.write(`${oneLine(report.file)}: ${summaryOf(report)}, checked\n`)
  return DONE
}

/** `restore <file>` */
export async function restore(
  context: Context,
  file: string,
  { yes = false, json = false }: { yes?: boolean; json?: boolean },
): Promise<ExitCode> {
  const { config, installation, io } = context
  if (!yes && io.isInteractive && existsSync(config.db)) {
    context.note(
      `${oneLine(config.db)} will be replaced by ${oneLine(file)}; what was indexed since is lost.`,
    )
    if (!(await confirm(io, 'Go on?'))) return NOTHING
  }
  const report = await installation.upkeep.restore(config, resolve(io.cwd, file), {
    signal: io.signal,
    ...progressOf(context, 'copied'),
  })
  if (json) context.json(report)
  else {
    const upgraded =
      report.fromSchema === report.schema
        ? ''
        : `, brought from schema ${report.fromSchema} to ${report.schema}`
    io.out.write(`${oneLine(config.db)}: ${summaryOf(report)}, as in ${oneLine(report.file)}${upgraded}\n`)
  }
  if (report.setAside !== undefined)
    context.note(`What was there could not be read; it is kept as ${oneLine(report.setAside)}.`)
  return DONE
}

function summaryOf({
  counts,
  sizeBytes,
}: {
  counts: { documents: number; passages: number }
  sizeBytes: number
}): string {
  return `${count(counts.documents, 'document')}, ${count(counts.passages, 'passage')} (${formatBytes(sizeBytes)})`
}

/** A line that changes, on a terminal. */
function progressOf({ io }: Context, done: string) {
  if (!io.err.isTerminal) return {}
  return {
    onProgress: ({ copied, total }: { copied: number; total: number }) =>
      io.err.write(
        `\r${Math.floor((100 * copied) / Math.max(1, total))} % ${done}${copied === total ? '\n' : ''}`,
      ),
  }
}
