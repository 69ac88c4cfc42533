import type { MigrationForecast, MigrationReport, OtherVectors, SearchEngine } from '../../engine.js'
import { confirm } from '../confirm.js'
import type { Context } from '../context.js'
import { DONE, NOTHING } from '../exit-code.js'
import { createProgressDisplay } from '../index-progress.js'
import type { ExitCode } from '../io.js'
import { count, formatBytes, formatDuration, oneLine } from '../style.js'
import { formatCost } from './index-folders.js'

export type MigrateFlags = {
  readonly dropOld?: boolean
  readonly dryRun?: boolean
  readonly yes?: boolean
  readonly json?: boolean
}

/** `migrate` */
export async function migrate(context: Context, flags: MigrateFlags): Promise<ExitCode> {
  const { io } = context
  return context.withEngine({ ifMissing: 'fail' }, async (engine) => {
    if (flags.dropOld) return dropOld(context, engine, flags)
    const forecast = await engine.forecastMigration({ signal: io.signal })
    if (!flags.json && (await isDone(forecast, engine))) {
      io.out.write(`Nothing to do: the index has ${nameOf(forecast.to)} already, for every passage.\n`)
      context.note('`gemdex migrate --embedding-model M` brings it to another model.')
      return DONE
    }
    if (flags.dryRun) {
      if (flags.json) context.json(forecast)
      else io.out.write(`${formatForecast(forecast)}\n`)
      return DONE
    }
    context.note(formatForecast(forecast))
    if (forecast.to.provider === 'gemini' && forecast.from.provider === 'local')
      context.note(`The texts are sent to Google to be embedded (${oneLine(forecast.to.modelId)}).`)
    if (forecast.needsConsent && !flags.yes && io.isInteractive && !(await confirm(io, 'Go on?'))) {
      context.note('Nothing was sent or changed.')
      return NOTHING
    }
    const display = createProgressDisplay(io, flags.json ?? false)
    const report = await engine.migrate({ signal: io.signal, onProgress: display.show }).finally(display.end)
    if (flags.json) context.json(report)
    else io.out.write(formatReport(report))
    return DONE
  })
}

/** Whether the index has everything that a migration would bring it to, and nothing of another one. */
async function isDone(forecast: MigrationForecast, engine: SearchEngine): Promise<boolean> {
  const { from, to, renews, texts } = forecast
  const isSame = from.provider === to.provider && from.roles === to.roles && nameOf(from) === nameOf(to)
  if (!isSame || renews || texts > 0) return false
  const { embedded, expected, otherVectors } = await engine.status()
  return embedded === expected && otherVectors.every(({ state }) => state !== 'building')
}

/** `migrate --drop-old` */
async function dropOld(context: Context, engine: SearchEngine, { json }: MigrateFlags): Promise<ExitCode> {
  const dropped = await engine.dropOtherVectors()
  if (json) context.json(dropped)
  else if (dropped.length === 0) context.io.out.write('There are no vectors of another model.\n')
  else context.io.out.write(dropped.map((each) => `dropped ${formatOther(each)}\n`).join(''))
  if (dropped.length > 0) context.note('`gemdex compact` gives the space back to the system.')
  return DONE
}

/** `gemini-embedding-001, 768 dimensions, retired: 1,200 vectors (3.7 MB)`. */
export function formatOther({ embedder, state, vectors, sizeBytes }: OtherVectors): string {
  return `${nameOf(embedder)}, ${state}: ${count(vectors, 'vector')} (${formatBytes(sizeBytes)})`
}

function nameOf({ modelId, dimensions }: MigrationReport['to']): string {
  return `${oneLine(modelId)}, ${dimensions} dimensions`
}

function formatForecast(forecast: MigrationForecast): string {
  const { from, to, files, chunks, renews } = forecast
  const rules = renews ? '; passages are cut and analysed anew' : ''
  return `From ${nameOf(from)} to ${nameOf(to)}${rules}: ${count(files, 'document')}, ${count(chunks, 'passage')}; ${formatCost(forecast)}`
}

function formatReport({
  from,
  to,
  documents,
  embedded,
  renewed,
  kept,
  refused,
  tookMs,
}: MigrationReport): string {
  const lines = [
    `The index has ${nameOf(to)} now: ${count(documents, 'document')}, ${count(embedded, 'text')} embedded${
      renewed > 0 ? `, ${count(renewed, 'document')} cut anew` : ''
    } in ${formatDuration(tookMs)}.`,
    ...refused.map(
      ({ uri, message }) =>
        `  not embedded, a passage of ${oneLine(uri)}: ${oneLine(message)} (found by keywords only)`,
    ),
  ]
  if (kept > 0)
    lines.push(
      `  ${count(kept, 'document')} of an older version kept their passages; \`gemdex index --force\` renews them.`,
    )
  if (nameOf(from) !== nameOf(to))
    lines.push(
      `The vectors of ${nameOf(from)} stay until \`gemdex migrate --drop-old\`; \`gemdex eval --compare\` asks both.`,
    )
  return `${lines.join('\n')}\n`
}
