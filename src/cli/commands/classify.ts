import { readFileSync } from 'node:fs'
import type { ClassifyReport, ClassifyRequest, Label } from '../../engine.js'
import { GemdexError } from '../../errors.js'
import type { Context } from '../context.js'
import { createCorpusProgress } from '../corpus-progress.js'
import { describeForecast, mayEmbed } from '../embedding-consent.js'
import { DONE, NOTHING } from '../exit-code.js'
import type { ExitCode } from '../io.js'
import { count, formatTable, oneLine, type Style } from '../style.js'
import { parseFilterFlag } from './search.js'

export type ClassifyFlags = {
  readonly label?: readonly string[]
  readonly labels?: string
  readonly collection?: string
  readonly filter?: string
  readonly by?: 'terms' | 'vectors'
  readonly minProbability?: number
  readonly save?: string
  readonly dryRun?: boolean
  readonly yes?: boolean
  readonly json?: boolean
}

/** `classify [text...]` */
export async function classify(
  context: Context,
  texts: readonly string[],
  flags: ClassifyFlags,
): Promise<ExitCode> {
  const { json, filter, label = [], labels, yes = false, ...options } = flags
  const { io, style, errStyle } = context
  const request: ClassifyRequest = {
    ...options,
    labels: [...(labels === undefined ? [] : readLabels(labels)), ...label.map(parseLabel)],
    ...(texts.length === 0 ? {} : { texts }),
    ...(filter === undefined ? {} : { filter: parseFilterFlag(filter) }),
    signal: io.signal,
  }
  return context.withEngine({ ifMissing: 'memory' }, async (engine) => {
    const { sent, by } = await engine.classify({ ...request, dryRun: true })
    if (by === 'vectors') context.note(errStyle.dim(`To be embedded: ${describeForecast(sent)}`))
    if (request.dryRun) {
      if (json) context.json({ by, sent })
      return DONE
    }
    if (!yes && !(await mayEmbed(context, sent))) return NOTHING
    const progress = createCorpusProgress(io)
    const report = await engine.classify({ ...request, onProgress: progress.show }).finally(progress.end)
    if (json) context.json(report)
    else io.out.write(formatItems(report, texts, style))
    if (!json) noteEvaluation(context, report)
    return report.items.some((item) => item.label !== null) ? DONE : NOTHING
  })
}

/** `name=description`, or `name:text of an example`; the first of both signs decides. */
function parseLabel(text: string): Label {
  const match = /^([^=:]+)([=:])(.+)$/s.exec(text)
  const [, name = '', sign, rest = ''] = match ?? []
  if (match === null)
    throw new GemdexError('BAD_INPUT', `--label must be NAME=DESCRIPTION, not ${text.slice(0, 80)}`, {
      field: 'label',
    })
  return sign === '=' ? { name: name.trim(), description: rest } : { name: name.trim(), examples: [rest] }
}

/** A file of JSON: a list of labels. What is in them is checked where they are used. */
function readLabels(path: string): Label[] {
  const bad = (what: string, cause?: unknown) =>
    new GemdexError('BAD_INPUT', `${path} ${what}`, {
      hint: 'It must hold [{"name": "...", "description": "...", "examples": ["..."]}, ...].',
      field: 'labels',
      cause,
    })
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (error) {
    throw bad('cannot be read', error)
  }
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    throw bad('is no JSON', error)
  }
  if (!Array.isArray(value) || !value.every(isLabel)) throw bad('is no list of labels')
  return value
}

function isLabel(value: unknown): value is Label {
  if (typeof value !== 'object' || value === null) return false
  const { name, description = '', examples = [] } = value as Readonly<Record<string, unknown>>
  return (
    typeof name === 'string' &&
    typeof description === 'string' &&
    Array.isArray(examples) &&
    examples.every((text) => typeof text === 'string')
  )
}

function formatItems({ items }: ClassifyReport, texts: readonly string[], style: Style): string {
  return formatTable(
    items.map(({ label, probability, collection, uri }, i) => [
      label === null ? style.dim('-') : oneLine(label),
      probability.toFixed(2),
      uri === undefined ? oneLine(texts[i] ?? '').slice(0, 80) : oneLine(`${collection}/${uri}`),
    ]),
  )
}

function noteEvaluation({ note, errStyle }: Context, report: ClassifyReport): void {
  const { evaluation, items, saved } = report
  const labelled = items.filter(({ label }) => label !== null).length
  note(
    errStyle.dim(`${labelled} of ${items.length} got a label${saved === undefined ? '' : `, ${saved} kept`}`),
  )
  if (evaluation === undefined)
    note(
      errStyle.dim('Two examples of each label or more would tell how far the probabilities can be trusted.'),
    )
  else
    note(
      errStyle.dim(
        `On ${count(evaluation.examples, 'example')}, each left out in turn: ${(100 * evaluation.accuracy).toFixed(0)} % right, ${(100 * evaluation.coverage).toFixed(0)} % labelled`,
      ),
    )
}
