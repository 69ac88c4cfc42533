import type { SessionSummary } from '../../types.js'
import type { Context } from '../context.js'
import { DONE, NOTHING } from '../exit-code.js'
import { printTurns } from '../format-turn.js'
import type { ExitCode } from '../io.js'
import { formatUsage } from '../print-answer.js'
import { count, formatTable, formatTime, oneLine, shorten } from '../style.js'

type JsonFlag = { readonly json?: boolean }

const PAGE = 500
const MAX_SHOWN_CHARS = 200

/** `sessions list` */
export async function listSessions(context: Context, flags: JsonFlag): Promise<ExitCode> {
  return context.withIndex(async ({ sessions }) => {
    const all: SessionSummary[] = []
    let after: string | undefined
    do {
      const page = await sessions.list({ limit: PAGE, ...(after === undefined ? {} : { after }) })
      all.push(...page.items)
      after = page.next
    } while (after !== undefined)
    if (flags.json) context.json(all)
    else {
      const rows = all.map(({ id, title, turns, updatedMs }) => [
        id,
        String(turns),
        formatTime(updatedMs),
        oneLine(title) || 'Untitled',
      ])
      if (rows.length > 0) context.io.out.write(formatTable([['ID', 'TURNS', 'LAST', 'TITLE'], ...rows]))
      context.note(context.errStyle.dim(count(all.length, 'conversation')))
    }
    return all.length === 0 ? NOTHING : DONE
  })
}

/** `sessions show <id>` */
export async function showSession(context: Context, id: string, flags: JsonFlag): Promise<ExitCode> {
  return context.withIndex(async ({ sessions }) => {
    const session = await sessions.get(id)
    if (flags.json) context.json(session)
    else {
      context.note(context.errStyle.bold(oneLine(session.title) || 'Untitled'))
      context.note(
        `${formatTime(session.createdMs)} · ${count(session.turns.length, 'turn')} · id ${session.id}`,
      )
      if (session.usage !== undefined) context.note(formatUsage(session.usage))
      context.note('')
      printTurns(context, session.turns)
    }
    return DONE
  })
}

/** `sessions search <query>`: turns of past conversations. */
export async function searchSessions(
  context: Context,
  query: string,
  flags: JsonFlag & { readonly limit: number },
): Promise<ExitCode> {
  const { io, style } = context
  return context.withIndex(async ({ sessions }) => {
    const found = await sessions.search({ query, limit: flags.limit, signal: io.signal })
    if (flags.json) context.json(found)
    else {
      if (found.degraded !== undefined) context.note(context.errStyle.warn(oneLine(found.degraded)))
      for (const { sessionId, title, ordinal, question, answer } of found.turns) {
        io.out.write(`${style.bold(oneLine(question))}\n`)
        io.out.write(`    ${style.dim(`${oneLine(title)}, turn ${ordinal} · id ${sessionId}`)}\n`)
        const shown = shorten(oneLine(answer), MAX_SHOWN_CHARS)
        io.out.write(shown === '' ? '\n' : `    ${shown}\n\n`)
      }
      context.note(context.errStyle.dim(count(found.turns.length, 'turn')))
    }
    return found.turns.length === 0 ? NOTHING : DONE
  })
}

/** `sessions rename <id> <title>` */
export async function renameSession(context: Context, id: string, title: string): Promise<ExitCode> {
  return context.withIndex(async ({ sessions }) => {
    await sessions.rename(id, title)
    context.io.out.write(`Renamed ${id} to ${oneLine(title)}.\n`)
    return DONE
  })
}

/** `sessions remove <id...>` */
export async function removeSessions(context: Context, ids: readonly string[]): Promise<ExitCode> {
  return context.withIndex(async ({ sessions }) => {
    for (const id of ids) {
      await sessions.remove(id)
      context.io.out.write(`Removed ${id}.\n`)
    }
    return DONE
  })
}
