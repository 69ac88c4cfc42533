import {
  addForecasts,
  type Forecast,
  failedFiles,
  type IndexReport,
  type SearchEngine,
  type SkippedFile,
} from '../../engine.js'
import { GemdexError } from '../../errors.js'
import { confirm } from '../confirm.js'
import type { Context } from '../context.js'
import { DONE, DONE_WITH_FAILURES, NOTHING } from '../exit-code.js'
import { createProgressDisplay } from '../index-progress.js'
import type { ExitCode } from '../io.js'
import { count, formatDuration, formatNumber, oneLine, printableJson, type Style } from '../style.js'

/** Up to so many files that are skipped for good reason are listed one by one. */
const MAX_LISTED = 30
const MAX_EXAMPLES = 3

export type IndexFlags = {
  readonly collection?: string
  readonly include?: readonly string[]
  readonly exclude?: readonly string[]
  readonly force?: boolean
  readonly images?: boolean
  readonly dryRun?: boolean
  readonly watch?: boolean
  readonly yes?: boolean
  readonly json?: boolean
}

/** `index <path...>` */
export async function indexFolders(
  context: Context,
  paths: readonly string[],
  flags: IndexFlags,
): Promise<ExitCode> {
  const [path, ...others] = paths
  if (flags.watch && (path === undefined || others.length > 0)) {
    throw new GemdexError('BAD_INPUT', '--watch takes one folder', {
      field: 'watch',
      hint: 'Start one process for each.',
    })
  }
  return context.withEngine({ ifMissing: flags.dryRun ? 'memory' : 'create' }, async (engine) => {
    if (flags.dryRun) return showForecasts(context, engine, paths, flags)
    const { embedder, provider } = await engine.modelsInUse()
    await announceProvider(context, engine)
    if (flags.images) announcePictures(context)
    if (!(await consents(context, engine, paths, flags))) {
      context.note('Nothing was sent or indexed.')
      return NOTHING
    }
    if (flags.watch && path !== undefined) return watch(context, engine, path, flags)
    const reports: IndexReport[] = []
    for (const each of paths) reports.push(await indexOne(context, engine, each, flags))
    if (flags.json) context.json(reports)
    const { db, documents, chunks } = await engine.status()
    if (!flags.json)
      context.io.out.write(`Index ${db}: ${count(documents, 'document')}, ${count(chunks, 'passage')}.\n`)
    if (embedder === null && provider === 'local') {
      context.note(
        'Made without a key, by the built-in lexical provider: this index compares words, not meaning.',
      )
    }
    return reports.some((report) => failedFiles(report).length > 0) ? DONE_WITH_FAILURES : DONE
  })
}

function requestOf(
  { io }: Context,
  path: string,
  { collection, include, exclude, force, images }: IndexFlags,
) {
  return {
    path,
    signal: io.signal,
    ...(collection === undefined ? {} : { collection }),
    ...(include === undefined ? {} : { include }),
    ...(exclude === undefined ? {} : { exclude }),
    ...(force === undefined ? {} : { force }),
    ...(images === undefined ? {} : { images }),
  }
}

export async function indexOne(
  context: Context,
  engine: SearchEngine,
  path: string,
  flags: IndexFlags,
): Promise<IndexReport> {
  const display = createProgressDisplay(context.io, flags.json ?? false)
  const request = { ...requestOf(context, path, flags), onProgress: display.show }
  const report = await engine.index(request).finally(display.end)
  if (!flags.json) context.io.out.write(formatReport(report, context.style))
  return report
}

async function watch(
  context: Context,
  engine: SearchEngine,
  path: string,
  flags: IndexFlags,
): Promise<ExitCode> {
  const { io, style } = context
  context.note('Watching; Ctrl-C ends it.')
  const display = createProgressDisplay(io, flags.json ?? false)
  await engine.watch(
    { ...requestOf(context, path, flags), onProgress: display.show },
    {
      onReport: (report) => {
        display.end()
        io.out.write(flags.json ? `${printableJson(report, 0)}\n` : formatReport(report, style))
      },
      onNotice: (notice) => context.note(context.errStyle.warn(oneLine(notice))),
    },
  )
  throw new GemdexError('CANCELLED', 'The watch has ended')
}

/** Says once that the texts of a new index go to Google. */
export async function announceProvider(context: Context, engine: SearchEngine): Promise<void> {
  const { embedder, provider } = await engine.modelsInUse()
  if (embedder === null && provider === 'gemini') {
    context.note(`The texts are sent to Google to be embedded (${context.config.embeddingModel}).`)
  }
}

function announcePictures({ config, note }: Context): void {
  if (config.apiKey !== undefined && config.generator !== 'local')
    note(`Pictures are sent to Google to be described (${config.model}).`)
}

/** On a terminal, asks before a run that costs more than $1 or takes more than the day's quota, all paths together. */
export async function consents(
  context: Context,
  engine: SearchEngine,
  paths: readonly string[],
  flags: IndexFlags,
): Promise<boolean> {
  const { io } = context
  if (flags.yes || !io.isInteractive) return true
  if ((await engine.modelsInUse()).provider === 'local' && !flags.images) return true
  const forecasts: Forecast[] = []
  for (const path of paths) forecasts.push(await engine.forecast(requestOf(context, path, flags)))
  const all = addForecasts(forecasts)
  if (!all.needsConsent) return true
  context.note(formatForecast(paths.join(', '), all))
  return confirm(io, 'Go on?')
}

async function showForecasts(
  context: Context,
  engine: SearchEngine,
  paths: readonly string[],
  flags: IndexFlags,
): Promise<ExitCode> {
  const forecasts: (Forecast & { path: string })[] = []
  for (const path of paths)
    forecasts.push({ path, ...(await engine.forecast(requestOf(context, path, flags))) })
  if (flags.json) context.json(forecasts)
  else for (const forecast of forecasts) context.io.out.write(`${formatForecast(forecast.path, forecast)}\n`)
  return DONE
}

/** `docs: 12 files to index, 340 passages; 340 texts (120,000 tokens) to embed, $0.018, about 4 min`. */
function formatForecast(path: string, forecast: Forecast): string {
  return `${oneLine(path)}: ${count(forecast.files, 'file')} to index, ${count(forecast.chunks, 'passage')}; ${formatCost(forecast)}`
}

/** What is sent, what it costs and how long its quota makes it take; without a quota nothing is said of time. */
export function formatCost({ texts, tokens, pictures, priceUsd, minutes, days }: Forecast): string {
  const price =
    priceUsd === undefined
      ? 'price unknown'
      : priceUsd === 0
        ? 'free'
        : `$${priceUsd.toFixed(priceUsd < 1 ? 4 : 2)}`
  const quota = minutes === 0 ? '' : `, about ${formatDuration(minutes * 60_000)} at the quota in force`
  const time = texts + pictures === 0 ? ', nothing to send' : quota
  const described = pictures === 0 ? '' : `, ${count(pictures, 'picture')} to describe`
  const runs = days > 1 ? `, on ${days} days: run the command again each day` : ''
  return `${count(texts, 'text')} (${formatNumber(tokens)} tokens) to embed${described}, ${price}${time}${runs}`
}

/** What happened, then what is not in the index with its reason. */
export function formatReport(report: IndexReport, style: Style): string {
  const done = [
    `${report.indexed} indexed`,
    `${report.unchanged} unchanged`,
    `${report.removed} removed`,
    `${report.skipped} skipped${byReason(report)}`,
    ...(report.kept > 0 ? [`${report.kept} kept as they were`] : []),
    `${report.ignored} ignored`,
  ]
  const described = report.pictures === 0 ? '' : `, ${count(report.pictures, 'picture')} described`
  const lines = [
    `${style.bold(oneLine(report.collection))}: ${done.join(', ')} in ${formatDuration(report.tookMs)}` +
      ` (${count(report.chunks, 'passage')} written, ${count(report.embedded, 'text')} embedded${described})`,
    ...skippedLines(report, style),
    ...report.refused.map(
      ({ uri, message }) =>
        `  not embedded, a passage of ${oneLine(uri)}: ${oneLine(message)} (found by keywords only)`,
    ),
    ...report.notes,
  ]
  return `${lines.join('\n')}\n`
}

/**
 * Files that should have been readable and parts that are missing one by one; where there are many of the others, such as
 * pictures, only their number and the first ones.
 */
function skippedLines(report: IndexReport, style: Style): string[] {
  const failed = new Set(failedFiles(report))
  const others = report.skippedFiles.filter((file) => !failed.has(file))
  const isShort = others.length <= MAX_LISTED
  const listed = isShort ? report.skippedFiles : [...failed]
  return [
    ...listed.map(
      ({ uri, reason, message }) => `  skipped ${oneLine(uri)}: ${style.warn(reason)} (${oneLine(message)})`,
    ),
    ...(isShort ? [] : groupLines(others, style)),
    ...report.notices.map(({ uri, part, code, message }) => {
      const name = part === undefined ? oneLine(uri) : `${oneLine(uri)}/${oneLine(part)}`
      return code === 'TRUNCATED'
        ? `  ${style.warn('cut')} ${name}: ${oneLine(message)}`
        : `  left out ${name}: ${style.warn(code)} (${oneLine(message)})`
    }),
  ]
}

function groupLines(files: readonly SkippedFile[], style: Style): string[] {
  const groups = new Map<string, string[]>()
  for (const { uri, reason } of files) groups.set(reason, [...(groups.get(reason) ?? []), oneLine(uri)])
  return [...groups].map(([reason, uris]) => {
    const more = uris.length > MAX_EXAMPLES ? ' and more: `gemdex status --skipped` lists them' : ''
    return `  skipped ${count(uris.length, 'file')}: ${style.warn(reason)} (${uris.slice(0, MAX_EXAMPLES).join(', ')}${more})`
  })
}

function byReason({ skippedFiles }: IndexReport): string {
  const counts = new Map<string, number>()
  for (const { reason } of skippedFiles) counts.set(reason, (counts.get(reason) ?? 0) + 1)
  return counts.size === 0
    ? ''
    : ` (${[...counts].map(([reason, number]) => `${number} ${reason}`).join(', ')})`
}
