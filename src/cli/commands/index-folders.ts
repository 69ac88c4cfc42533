import { failedFiles, type IndexProgress, type IndexReport } from '../../engine.js'
import type { Context } from '../context.js'
import { DONE, DONE_WITH_FAILURES } from '../exit-code.js'
import type { ExitCode } from '../io.js'
import { count, formatDuration, oneLine, type Style } from '../style.js'

export type IndexFlags = {
  readonly collection?: string
  readonly include?: readonly string[]
  readonly exclude?: readonly string[]
  readonly force?: boolean
  readonly json?: boolean
}

const PROGRESS_EVERY_MS = 5_000

/** `index <path...>` */
export async function indexFolders(
  context: Context,
  paths: readonly string[],
  flags: IndexFlags,
): Promise<ExitCode> {
  const { io, style } = context
  const { json, ...filters } = flags
  return context.withEngine({ ifMissing: 'create' }, async (engine) => {
    const { embedder } = await engine.status()
    const gemini =
      embedder === null
        ? context.config.embedder !== 'local' && context.config.apiKey !== undefined
        : embedder.provider === 'gemini'
    if (embedder === null && gemini) {
      context.note(`The texts are sent to Google to be embedded (${context.config.embeddingModel}).`)
    }
    const reports: IndexReport[] = []
    for (const path of paths) {
      const progress = createProgress(context)
      const report = await engine
        .index({ path, ...filters, signal: io.signal, onProgress: progress.show })
        .finally(progress.end)
      reports.push(report)
      if (!json) io.out.write(formatReport(report, style))
    }
    if (json) context.json(reports)
    const last = await engine.status()
    if (!json)
      io.out.write(
        `Index ${last.db}: ${count(last.documents, 'document')}, ${count(last.chunks, 'passage')}.\n`,
      )
    if (!gemini && embedder === null) {
      context.note(
        'Made without a key, by the built-in lexical provider: this index compares words, not meaning.',
      )
    }
    return reports.some((report) => failedFiles(report).length > 0) ? DONE_WITH_FAILURES : DONE
  })
}

/** What happened, then each file that is not in the index with its reason. */
export function formatReport(report: IndexReport, style: Style): string {
  const done = [
    `${report.indexed} indexed`,
    `${report.unchanged} unchanged`,
    `${report.removed} removed`,
    `${report.skipped} skipped`,
    ...(report.kept > 0 ? [`${report.kept} kept as they were`] : []),
    `${report.ignored} ignored`,
  ]
  const lines = [
    `${style.bold(oneLine(report.collection))}: ${done.join(', ')} in ${formatDuration(report.tookMs)}` +
      ` (${count(report.chunks, 'passage')} written, ${count(report.embedded, 'text')} embedded)`,
    ...report.skippedFiles.map(
      ({ uri, reason, message }) => `  skipped ${oneLine(uri)}: ${style.warn(reason)} (${oneLine(message)})`,
    ),
    ...report.notes,
  ]
  return `${lines.join('\n')}\n`
}

/** One line that is rewritten on a terminal; elsewhere a plain line every few seconds. */
function createProgress({ io }: Context): { show: (event: IndexProgress) => void; end: () => void } {
  const interval = io.err.isTerminal ? 100 : PROGRESS_EVERY_MS
  let files = 0
  let seen = 0
  let texts = 0
  let last = performance.now()
  const show = (event: IndexProgress) => {
    if (event.type === 'found') files = event.toRead
    else if (event.type === 'embedded') texts += event.texts
    else seen++
    if (performance.now() - last < interval) return
    last = performance.now()
    const line = `${Math.min(seen, files)} of ${count(files, 'file')}, ${count(texts, 'text')} embedded`
    io.err.write(io.err.isTerminal ? `\r\u001b[K${line}` : `${line}\n`)
  }
  return { show, end: () => io.err.isTerminal && io.err.write('\r\u001b[K') }
}
