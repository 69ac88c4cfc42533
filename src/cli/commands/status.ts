import type { GapsReport, IndexStatus, LeftOut, SearchEngine } from '../../engine.js'
import type { Context, GlobalFlags } from '../context.js'
import { DONE, NOTHING } from '../exit-code.js'
import type { ExitCode } from '../io.js'
import { listAll } from '../list-all.js'
import {
  count,
  formatBytes,
  formatNumber,
  formatTable,
  formatTime,
  oneLine,
  type Style,
  shellWord,
} from '../style.js'
import { formatOther } from './migrate.js'

/** `status` */
export async function status(
  context: Context,
  flags: { json?: boolean; skipped?: boolean; forgetGaps?: string | true },
): Promise<ExitCode> {
  return context.withIndex(async (engine) => {
    if (flags.forgetGaps !== undefined) return forgetGaps(context, engine, flags.forgetGaps)
    if (flags.skipped) return showLeftOut(context, await engine.listLeftOut(), flags)
    const state = await engine.status()
    const files = (await listAll(engine)).map(({ collection, uri, embedded, expected }) => ({
      collection,
      uri,
      embedded,
      expected,
    }))
    const gaps = await engine.gaps({ signal: context.io.signal })
    const { style } = context
    if (flags.json) context.json({ ...state, gaps, files })
    else
      context.io.out.write(
        formatStatus(state, style) +
          formatUnfinished(state, context) +
          formatIncomplete(files, style) +
          formatGaps(gaps, style),
      )
    return DONE
  })
}

/** `status --skipped`: each file and part that is not in the index, and why. */
function showLeftOut(context: Context, leftOut: readonly LeftOut[], flags: { json?: boolean }): ExitCode {
  if (flags.json) context.json(leftOut)
  else {
    const rows = leftOut.map(({ collection, uri, part, code, message }) => [
      code,
      oneLine([collection, uri, ...(part === undefined ? [] : [part])].join('/')),
      oneLine(message),
    ])
    if (rows.length > 0) context.io.out.write(formatTable([['REASON', 'COLLECTION/PATH', ''], ...rows]))
    context.note(context.errStyle.dim(`${count(leftOut.length, 'file')} left out`))
  }
  return DONE
}

/** `status --forget-gaps [question]` */
async function forgetGaps(
  context: Context,
  engine: Pick<SearchEngine, 'forgetGaps'>,
  question: string | true,
): Promise<ExitCode> {
  const removed = await engine.forgetGaps(question === true ? undefined : question)
  context.note(`${count(removed, 'question')} forgotten`)
  return removed > 0 ? DONE : NOTHING
}

function formatStatus(state: IndexStatus, style: Style): string {
  const { embedder } = state
  const skipped = Object.entries(state.skipped).map(([reason, number]) => `${number} ${reason}`)
  const rows = [
    ['Index', `${state.db} (${formatBytes(state.sizeBytes)})`],
    ['Documents', formatNumber(state.documents)],
    [
      'Passages',
      `${formatNumber(state.chunks)}, ${formatNumber(state.embedded)} of ${formatNumber(state.expected)} embedded`,
    ],
    ['Skipped files', skipped.join(', ') || 'none'],
    [
      'Embedder',
      embedder === null
        ? 'none yet: nothing is indexed'
        : `${embedder.modelId}, ${embedder.dimensions} dimensions${embedder.provider === 'local' ? ' (built-in: words, not meaning)' : ''}`,
    ],
    ...state.otherVectors.map((other) => ['Beside', formatOther(other)]),
    ...(state.damage === undefined ? [] : [['Damaged', oneLine(state.damage)]]),
    ...(state.degraded === undefined ? [] : [['Degraded', `keyword search only: ${state.degraded}`]]),
    ['Answers by', state.generator],
    ...usageRows(state),
  ]
  const collections = state.collections.map(({ name, root, documents, chunks, run }) => [
    `  ${oneLine(name)}`,
    count(documents, 'document'),
    count(chunks, 'passage'),
    root === null ? 'pushed' : oneLine(root),
    run?.endedMs === undefined ? '' : `indexed ${formatTime(run.endedMs)}`,
  ])
  return `${formatTable(rows.map(([name = '', value = '']) => [style.bold(name.padEnd(13)), value]))}${style.bold('Collections')}\n${formatTable(collections)}`
}

/** Collections whose last run has not come to its end, and how it does; nothing when all have. */
function formatUnfinished({ collections }: IndexStatus, { flags, style }: Context): string {
  const rows = collections.flatMap(({ name, root, run }) => {
    if (run === undefined || run.state === 'done') return []
    const { state, beganMs, files, filesDone } = run
    const left =
      files === 0
        ? 'files are still to come'
        : `${formatNumber(Math.max(0, files - filesDone))} of ${count(files, 'file')} still to come`
    const began = beganMs === undefined ? '' : `, begun ${formatTime(beganMs)}`
    const next =
      state === 'running' ? 'a process is indexing it' : `stopped: \`${goOn(flags, name, root)}\` goes on`
    return [[`  ${oneLine(name)}`, `${left}${began}`, next]]
  })
  if (rows.length === 0) return ''
  const isStopped = collections.some(({ run }) => run?.state === 'stopped')
  const again = isStopped ? `  ${style.dim(GIVE_AGAIN)}\n` : ''
  return `${style.bold('Not finished')}\n${formatTable(rows)}${again}`
}

const GIVE_AGAIN = 'Flags that a run was begun with (--include, --exclude, --images) are to be given again.'

/**
 * The command that goes on with a run, in the index that was asked for. Several collections may have the same folder, so it names
 * this one.
 */
function goOn({ db, config }: GlobalFlags, name: string, root: string | null): string {
  const given = Object.entries({ config, db }).flatMap(([flag, value]) =>
    value === undefined ? [] : [`--${flag}`, value],
  )
  return ['gemdex', ...given, 'index', '-c', name, root ?? ''].map(shellWord).join(' ')
}

/** What was sent to each embedding model since the index was made. */
function usageRows({ usage }: IndexStatus): string[][] {
  const models = [...new Set(usage.map(({ model }) => model))].filter((model) => !model.startsWith('local-'))
  return models.map((model) => {
    const days = usage.filter((entry) => entry.model === model)
    const sum = (field: 'texts' | 'tokens' | 'priceUsd') => days.reduce((total, day) => total + day[field], 0)
    const price = sum('priceUsd') > 0 ? `, $${sum('priceUsd').toFixed(4)} by list price` : ''
    return [
      'Sent',
      `${count(sum('texts'), 'text')}, ${formatNumber(sum('tokens'))} tokens to ${oneLine(model)}${price}`,
    ]
  })
}

type FileState = {
  readonly collection: string
  readonly uri: string
  readonly embedded: number
  readonly expected: number
}

/** The files that have passages without a vector; nothing when all are complete. */
function formatIncomplete(files: readonly FileState[], style: Style): string {
  const incomplete = files.filter(({ embedded, expected }) => embedded < expected)
  if (incomplete.length === 0) return ''
  const rows = incomplete.map(({ collection, uri, embedded, expected }) => [
    `  ${oneLine(collection)}/${oneLine(uri)}`,
    `${embedded} of ${expected} passages embedded`,
  ])
  return `${style.bold('Incomplete')}\n${formatTable(rows)}`
}

const SHOWN_QUESTIONS = 3

/** What people asked and the documents did not answer; nothing where that is not kept. */
function formatGaps({ keeping, questions, topics }: GapsReport, style: Style): string {
  if (questions === 0)
    return keeping ? `${style.bold('Not answered')}\n  ${style.dim('no question so far')}\n` : ''
  const lines = topics.flatMap(({ title, asked, questions: own }) => [
    ...(title === null
      ? []
      : [`  ${style.bold(oneLine(title))} ${style.dim(`asked ${count(asked, 'time')}`)}`]),
    ...own
      .slice(0, title === null ? own.length : SHOWN_QUESTIONS)
      .map(({ question, asked: times, toDay, outcome }) => {
        const how = `${outcome === 'refused' ? 'refused' : 'found nothing'}, ${count(times, 'time')}, last on ${toDay}`
        return `  ${title === null ? '' : '  '}${oneLine(question)} ${style.dim(`(${how})`)}`
      }),
  ])
  return `${style.bold('Not answered')} ${style.dim(count(questions, 'question'))}\n${lines.map((line) => `${line}\n`).join('')}`
}
