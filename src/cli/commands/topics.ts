import type { Topic, TopicsReport, TopicsRequest } from '../../engine.js'
import type { Context } from '../context.js'
import { createCorpusProgress } from '../corpus-progress.js'
import { describeForecast, mayEmbed } from '../embedding-consent.js'
import { DONE, NOTHING } from '../exit-code.js'
import type { ExitCode } from '../io.js'
import { count, oneLine, type Style } from '../style.js'
import { parseFilterFlag } from './search.js'

export type TopicsFlags = {
  readonly collection?: string
  readonly filter?: string
  readonly seed?: number
  readonly role?: 'clustering'
  readonly dryRun?: boolean
  readonly yes?: boolean
  readonly json?: boolean
}

const SHOWN_OUTLIERS = 5

/** `topics` */
export async function topics(context: Context, flags: TopicsFlags): Promise<ExitCode> {
  const { json, filter, yes = false, ...options } = flags
  const { io, style, errStyle } = context
  const progress = createCorpusProgress(io)
  return context.withEngine({ ifMissing: 'fail' }, async (engine) => {
    const request: TopicsRequest = {
      ...options,
      ...(filter === undefined ? {} : { filter: parseFilterFlag(filter) }),
      signal: io.signal,
    }
    if (request.role !== undefined || request.dryRun) {
      const { sent } = await engine.topics({ ...request, dryRun: true })
      context.note(errStyle.dim(`To be embedded: ${describeForecast(sent)}`))
      if (json && request.dryRun) context.json({ sent })
      if (request.dryRun) return DONE
      if (!yes && !(await mayEmbed(context, sent))) return NOTHING
    }
    const report = await engine.topics({ ...request, onProgress: progress.show }).finally(progress.end)
    if (report.note !== undefined) context.note(errStyle.warn(report.note))
    if (json) context.json(report)
    else io.out.write(formatTopics(report, style))
    if (report.by === 'terms' && !json) context.note(errStyle.dim('Grouped by words, not by meaning.'))
    return report.topics.length === 0 ? NOTHING : DONE
  })
}

function formatTopics({ topics: all, outliers, outlierCount }: TopicsReport, style: Style): string {
  const lines = all.flatMap((topic) => [
    ...formatTopic(topic, '', style),
    ...topic.central.map(({ collection, uri }) => style.dim(`  ${oneLine(`${collection}/${uri}`)}`)),
    ...topic.subtopics.flatMap((subtopic) => formatTopic(subtopic, '    ', style)),
    '',
  ])
  if (outlierCount > 0) {
    lines.push(style.bold(`${count(outlierCount, 'document')} like no others`))
    for (const { collection, uri } of outliers.slice(0, SHOWN_OUTLIERS))
      lines.push(`  ${oneLine(`${collection}/${uri}`)}`)
  }
  return lines.map((line) => `${line}\n`).join('')
}

function formatTopic(
  { title, terms, size, fromMs, toMs }: Omit<Topic, 'subtopics'>,
  indent: string,
  style: Style,
): string[] {
  const [from, to] = [fromMs, toMs].map((ms) => new Date(ms).toISOString().slice(0, 10))
  const span = from === to ? from : `${from} to ${to}`
  return [
    `${indent}${style.bold(oneLine(title))} ${style.dim(`${count(size, 'document')}, ${span}`)}`,
    `${indent}  ${oneLine(terms.join(', '))}`,
  ]
}
