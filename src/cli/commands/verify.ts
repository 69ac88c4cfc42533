import type { Finding, VerifyReport } from '../../engine.js'
import type { Context } from '../context.js'
import { DONE, FAILED } from '../exit-code.js'
import type { ExitCode } from '../io.js'
import { count, formatBytes, formatNumber, oneLine, type Style } from '../style.js'

const REREAD =
  '`gemdex index` of their folders reads these files again; pushed documents must be pushed again, or removed with `gemdex remove`.'

/** What to do about a finding. */
const ADVICE: Readonly<Record<Finding['mend'], string>> = {
  repair: '`gemdex verify --repair` makes it anew from what is sound.',
  index: `\`gemdex verify --repair\`, then ${REREAD}`,
  migrate: '`gemdex verify --repair`, then `gemdex migrate` embeds these passages again.',
  restore:
    '`gemdex restore` puts a backup in its place; without one index the folders into a new file with --db.',
}

/** The same once `--repair` has done its part. */
const ADVICE_AFTER_REPAIR: typeof ADVICE = { ...ADVICE, index: REREAD }

/** `verify` */
export async function verify(
  context: Context,
  { repair = false, json = false }: { repair?: boolean; json?: boolean },
): Promise<ExitCode> {
  const report = await context.installation.upkeep.verify(context.config, { repair })
  if (json) context.json(report)
  else context.io.out.write(formatReport(report, repair ? ADVICE_AFTER_REPAIR : ADVICE, context.style))
  return report.isSound ? DONE : FAILED
}

function formatReport(report: VerifyReport, advice: typeof ADVICE, style: Style): string {
  const { documents, passages, embedded, vectors } = report.counts
  const lines = [
    `${style.bold(oneLine(report.db))} (${formatBytes(report.sizeBytes)}, schema ${report.schema}): ` +
      `${count(documents, 'document')}, ${count(passages, 'passage')}, ${formatNumber(embedded)} embedded, ${count(vectors, 'vector')}`,
  ]
  for (const { check, message, count: rows, mend, documents: named = [] } of report.findings) {
    const where =
      named.length === 0 ? '' : `: ${named.map(oneLine).join(', ')}${named.length < rows ? ' …' : ''}`
    lines.push(
      `${style.warn('FAIL')}  ${check}: ${oneLine(message)} (${formatNumber(rows)})${where}`,
      `      ${advice[mend]}`,
    )
  }
  if (report.unsummed > 0) {
    lines.push(
      `${style.dim('note')}  ${count(report.unsummed, 'row')} of an older version without a checksum: \`gemdex compact\` adds them.`,
    )
  }
  if (report.isSound) lines.push(`${style.good('ok')}    everything that was checked is sound`)
  return `${lines.join('\n')}\n`
}
