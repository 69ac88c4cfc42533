import type { Turn } from '../types.js'
import type { Context } from './context.js'
import { formatSource } from './format-hit.js'
import { renderMarkdown } from './markdown/render-markdown.js'
import { oneLine, printable } from './style.js'

const USUAL_COLUMNS = 80

/** Turns of a conversation on standard output: question, answer and what it cites. */
export function printTurns(context: Context, turns: readonly Turn[]): void {
  for (const turn of turns) context.io.out.write(`${formatTurn(context, turn)}\n`)
}

function formatTurn({ io, style }: Context, turn: Turn): string {
  const asked =
    turn.standaloneQuestion === turn.question
      ? ''
      : `   ${style.dim(`asked as: ${oneLine(turn.standaloneQuestion)}`)}\n`
  const answer = io.out.isTerminal
    ? renderMarkdown(turn.answer, io.out.columns ?? USUAL_COLUMNS, style)
    : `${printable(turn.answer).trimEnd()}\n`
  const markers = [...new Set(turn.citations.map(({ marker }) => marker))].sort((a, b) => a - b)
  const sources = markers.flatMap((marker) => {
    const cited = turn.citations.find((citation) => citation.marker === marker)
    return cited === undefined ? [] : [`  [${marker}] ${formatSource(cited)}\n`]
  })
  return [
    `${style.bold(`${turn.ordinal}. ${oneLine(turn.question)}`)}\n`,
    asked,
    turn.answer === '' ? '' : answer,
    turn.status === 'answered' ? '' : `${style.warn(describe(turn))}\n`,
    ...sources,
  ].join('')
}

function describe({ status, reason, errorCode }: Turn): string {
  if (status === 'failed')
    return errorCode === 'CANCELLED' ? '(stopped, incomplete)' : `(failed: ${errorCode}, incomplete)`
  return `(${status})${reason === undefined ? '' : ` ${oneLine(reason)}`}`
}
