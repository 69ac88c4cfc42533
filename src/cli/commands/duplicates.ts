import type { DuplicateGroup, DuplicatesReport } from '../../engine.js'
import type { Context } from '../context.js'
import { createCorpusProgress } from '../corpus-progress.js'
import { DONE, NOTHING } from '../exit-code.js'
import { formatLocation } from '../format-hit.js'
import type { ExitCode } from '../io.js'
import { count, oneLine, printable, type Style } from '../style.js'
import { parseFilterFlag } from './search.js'

export type DuplicatesFlags = {
  readonly limit?: number
  readonly collection?: string
  readonly filter?: string
  readonly level?: 'document' | 'passage'
  readonly similarity?: number
  readonly changes?: boolean
  readonly json?: boolean
}

type Member = DuplicateGroup['members'][number]

/** Words around a change that are shown with it. */
const CONTEXT_CHARS = 40

/** `duplicates` */
export async function duplicates(context: Context, flags: DuplicatesFlags): Promise<ExitCode> {
  const { json, filter, ...options } = flags
  const { io, style, errStyle } = context
  const progress = createCorpusProgress(io)
  return context.withEngine({ ifMissing: 'fail' }, async (engine) => {
    const report = await engine
      .duplicates({
        ...options,
        ...(filter === undefined ? {} : { filter: parseFilterFlag(filter) }),
        signal: io.signal,
        onProgress: progress.show,
      })
      .finally(progress.end)
    if (json) context.json(report)
    else for (const group of report.groups) io.out.write(formatGroup(group, style))
    if (!json) context.note(errStyle.dim(summaryOf(report)))
    return report.groups.length === 0 ? NOTHING : DONE
  })
}

function summaryOf({ documents, passages, total, groups }: DuplicatesReport): string {
  const shown = groups.length < total ? `, ${groups.length} of them shown (--limit)` : ''
  return `${count(total, 'group')} among ${count(documents, 'document')} and ${count(passages, 'passage')}${shown}`
}

function formatGroup({ kind, level, members }: DuplicateGroup, style: Style): string {
  const [first, ...others] = members
  if (first === undefined) return ''
  const heading = {
    equal: `${members.length} equal ${level}s`,
    near: `${members.length} nearly equal ${level}s`,
    contained: `${level} that holds ${count(others.length, 'other')}`,
  }[kind]
  const role = kind === 'contained' ? 'whole' : 'newest'
  return [
    style.bold(heading),
    `  ${formatMember(first, style)} ${style.dim(`(${role})`)}`,
    ...others.flatMap((member) => [
      `  ${formatMember(member, style)} ${style.dim(kind === 'equal' ? '' : member.similarity.toFixed(2))}`.trimEnd(),
      ...formatChanges(member, style),
    ]),
    '',
    '',
  ].join('\n')
}

function formatMember({ collection, uri, location, timeMs }: Member, style: Style): string {
  const place = location === undefined ? '' : `, ${formatLocation(location)}`
  const date = new Date(timeMs).toISOString().slice(0, 10)
  return `${oneLine(`${collection}/${uri}`)}${place} ${style.dim(date)}`
}

/** What was removed and added, each with a little of what stands before it. */
function formatChanges({ changes = [] }: Member, style: Style): string[] {
  const lines: string[] = []
  for (const [i, { kind, text }] of changes.entries()) {
    if (kind === 'same' || text.trim() === '') continue
    const before = changes[i - 1]
    const context = before?.kind === 'same' ? before.text.slice(-CONTEXT_CHARS) : ''
    const changed = printable(text).replace(/\s+/g, ' ')
    const shown = kind === 'added' ? style.good(`+${changed}`) : style.warn(`-${changed}`)
    lines.push(`      ${style.dim(oneLine(context))} ${shown}`.trimEnd())
  }
  return lines
}
