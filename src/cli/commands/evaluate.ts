import { writeFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { EvaluationReport } from '../../engine.js'
import { GemdexError } from '../../errors.js'
import type { Context } from '../context.js'
import { DONE, NOTHING } from '../exit-code.js'
import type { ExitCode } from '../io.js'
import { count, formatTable } from '../style.js'

export type EvalFlags = {
  readonly fromIndex?: number
  readonly compare?: string
  readonly split?: string
  readonly setting?: readonly string[]
  readonly gate?: readonly string[]
  readonly run?: string
  readonly json?: boolean
}

type Setting = EvaluationReport['settings'][number]
type Measure = keyof Setting['measures']
type Gate = { readonly measure: Measure; readonly name: string; readonly least: number }

const NAMES: Readonly<Record<string, Measure>> = {
  'ndcg@10': 'ndcg10',
  'recall@10': 'recall10',
  'recall@100': 'recall100',
  'mrr@10': 'mrr10',
  map: 'map',
}

/** `eval [folder]` */
export async function evaluate(
  context: Context,
  folder: string | undefined,
  flags: EvalFlags,
): Promise<ExitCode> {
  const { io } = context
  const gates = (flags.gate ?? []).map(parseGate)
  // A folder is indexed in memory: the index on disk is neither needed nor touched.
  const ifMissing = folder === undefined ? 'fail' : 'memory'
  return context.withEngine({ ifMissing }, async (engine) => {
    const report = await engine.evaluate({
      ...(folder === undefined ? {} : { folder: resolve(io.cwd, folder) }),
      ...(flags.fromIndex === undefined ? {} : { fromIndex: flags.fromIndex }),
      ...(flags.compare === undefined ? {} : { compare: flags.compare }),
      ...(flags.split === undefined ? {} : { split: flags.split }),
      ...(flags.setting === undefined ? {} : { settings: flags.setting }),
      signal: io.signal,
    })
    const last = report.settings.at(-1)
    if (flags.json)
      context.json({ ...report, settings: report.settings.map(({ runs: _, ...setting }) => setting) })
    else io.out.write(formatReport(report))
    if (flags.run !== undefined && last !== undefined)
      await writeFile(resolve(io.cwd, flags.run), formatRun(last))
    const missed = gates.filter(({ measure, least }) => (last?.measures[measure].mean ?? 0) < least)
    for (const { measure, name, least } of missed)
      context.note(
        context.errStyle.warn(
          `${last?.setting}: ${name} is ${last?.measures[measure].mean.toFixed(4)}, below the gate of ${least}`,
        ),
      )
    return missed.length > 0 || report.queries === 0 ? NOTHING : DONE
  })
}

function formatReport(report: EvaluationReport): string {
  const documents = report.documents === undefined ? '' : `${count(report.documents, 'document')}, `
  const header = ['SETTING', ...Object.keys(NAMES).map((name) => name.toUpperCase()), 'MS/QUERY']
  const rows = report.settings.map(({ setting, measures, msPerQuery }) => [
    setting,
    ...Object.values(NAMES).map((measure) => {
      const { mean, low, high } = measures[measure]
      return `${mean.toFixed(4)} [${low.toFixed(3)}, ${high.toFixed(3)}]`
    }),
    msPerQuery.toFixed(1),
  ])
  const tests = report.comparisons.map(({ first, second, measures }) => [
    `${second} - ${first}`,
    ...Object.values(NAMES).map((measure) => {
      const { difference, p } = measures[measure]
      return `${difference < 0 ? '' : '+'}${difference.toFixed(4)} p=${p.toFixed(4)}`
    }),
    '',
  ])
  return `${documents}${report.queries} judged queries; means with 95 % bootstrap intervals\n\n${formatTable([header, ...rows, ...tests])}`
}

/** `query Q0 document rank score tag`, as trec_eval reads it. */
function formatRun({ setting, runs }: Setting): string {
  const lines = [...runs].flatMap(([query, run]) =>
    [...run].map(([id, score], i) => `${query} Q0 ${id} ${i + 1} ${score} gemdex-${setting}`),
  )
  return `${lines.join('\n')}\n`
}

/** `ndcg@10=0.70`. Throws BAD_INPUT. */
function parseGate(text: string): Gate {
  const [name = '', value = ''] = text.split('=')
  const measure = NAMES[name.trim().toLowerCase()]
  const least = Number(value)
  if (measure === undefined || value.trim() === '' || !(least >= 0 && least <= 1))
    throw new GemdexError('BAD_INPUT', `--gate must be a measure and a number from 0 to 1, not ${text}`, {
      hint: `Such as ndcg@10=0.70; there are ${Object.keys(NAMES).join(', ')}.`,
      field: 'gate',
    })
  return { measure, name, least }
}
